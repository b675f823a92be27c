// A dialog over the page: the browser keeps the focus in it, and Escape closes it.

import { html, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import { t } from '../texts/console.ts'
import { icon } from './icon.ts'

/** Shown as soon as it stands in the document. */
function show(element: Element | undefined): void {
  if (!(element instanceof HTMLDialogElement)) return
  queueMicrotask(() => {
    if (element.isConnected && !element.open) element.showModal()
  })
}

/** Drawn while it is open; whoever draws it stops doing so when it was closed. */
export const modal = (
  title: string,
  body: TemplateResult,
  close: () => void,
  kind = 'dialog',
): TemplateResult => html`
  <dialog class=${kind} aria-label=${title} ${ref(show)} @close=${close} @click=${closeOutside}>
    <div class="dialog-inside">
      <header class="dialog-head">
        <h2>${title}</h2>
        <button class="icon-button" type="button" aria-label=${t.action.close} @click=${close}>
          ${icon('close')}
        </button>
      </header>
      ${body}
    </div>
  </dialog>
`

function closeOutside(event: Event): void {
  if (event.target instanceof HTMLDialogElement) event.target.close()
}
