// A dialog over the page: the browser keeps the focus in it, and Escape closes it.

import { html, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import { appeared } from './appeared.ts'
import type { Language } from './language.ts'
import { commonTexts } from './texts/everywhere.ts'

function show(element: HTMLElement): void {
  if (element instanceof HTMLDialogElement && !element.open) element.showModal()
}

/** Drawn while it is open; whoever draws it stops doing so when it was closed. */
export const modalIn = (
  language: Language,
  title: string,
  body: TemplateResult,
  close: () => void,
  kind = 'dialog',
): TemplateResult => html`
  <dialog class=${kind} aria-label=${title} ${appeared(show)} @close=${close} @click=${closeOutside}>
    <div class="dialog-inside">
      <div class="dialog-head">
        <h2>${title}</h2>
        <button
          class="icon-button"
          type="button"
          aria-label=${commonTexts[language].action.close}
          @click=${close}
        >
          ${icon('close')}
        </button>
      </div>
      ${body}
    </div>
  </dialog>
`

function closeOutside(event: Event): void {
  if (event.target instanceof HTMLDialogElement) event.target.close()
}
