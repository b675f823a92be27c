// What is said in passing, at the foot of the page, also to screen readers; with a way back where there is one.

import { html, nothing, type TemplateResult } from 'lit'
import { Shared } from '../client.ts'
import { Part, Watched } from '../page.ts'
import { t } from '../texts/console.ts'

interface Said {
  text: string
  undo?: () => void
}

const SHOWN_FOR = 6000
const said = new Shared<Said | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

/** @param undo takes back what was done */
export function say(text: string, undo?: () => void): void {
  clearTimeout(timer)
  said.set({ text, undo })
  timer = setTimeout(() => said.set(undefined), SHOWN_FOR)
}

class Toasts extends Part {
  protected readonly watched = new Watched(this, said)

  override render(): TemplateResult {
    const now = said.get()
    return html`<div role="status" aria-live="polite">
      ${
        now
          ? html`<div class="toast">
              <span>${now.text}</span>
              ${
                now.undo
                  ? html`<button class="link" @click=${() => this.#undo(now)}>${t.action.undo}</button>`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>`
  }

  #undo(now: Said): void {
    said.set(undefined)
    now.undo?.()
  }
}
customElements.define('bellhop-toasts', Toasts)
