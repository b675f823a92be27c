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

/**
 * Does it when the time to take it back is over, or whoever waits for it looks away; a page that is closed earlier has it done, too.
 * @param work shows by itself what is refused @param over hears that it is done, or was taken back
 */
export function sayBefore(text: string, work: () => Promise<unknown>, over: () => void): void {
  let isOver = false
  const end = (isWanted: boolean): void => {
    if (isOver) return
    isOver = true
    document.removeEventListener('visibilitychange', leave)
    void (isWanted ? work() : Promise.resolve()).finally(over)
  }
  const leave = (): void => {
    if (document.visibilityState === 'hidden') end(true)
  }
  document.addEventListener('visibilitychange', leave)
  setTimeout(() => end(true), SHOWN_FOR)
  say(text, () => end(false))
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
