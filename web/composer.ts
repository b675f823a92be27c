// Where a message is written. Enter sends it; what is not sent yet stays through a reload.

import { html, type TemplateResult } from 'lit'
import { client } from './client.ts'
import { icon } from './elements/icon.ts'
import { Part } from './page.ts'
import { chatText } from './texts/chat.ts'

/** Milliseconds after which one says again that one is typing. */
const SAY_AGAIN = 3000

class Composer extends Part {
  static override properties = { roomId: {} }
  declare roomId: string
  #saidAt = 0

  get #key(): string {
    return `bellhop.draft.room.${this.roomId}`
  }

  override render(): TemplateResult {
    return html`<form class="composer" @submit=${this.#send}>
      <textarea
        rows="1"
        maxlength="5000"
        aria-label=${chatText.write}
        placeholder=${chatText.write}
        .value=${sessionStorage.getItem(this.#key) ?? ''}
        @input=${this.#typed}
        @keydown=${this.#pressed}
      ></textarea>
      <button class="primary" aria-label=${chatText.send}>${icon('send')}</button>
    </form>`
  }

  #typed = ({ target }: Event): void => {
    if (!(target instanceof HTMLTextAreaElement)) return
    sessionStorage.setItem(this.#key, target.value)
    const now = Date.now()
    if (now - this.#saidAt < SAY_AGAIN) return
    this.#saidAt = now
    this.#sayTyping(true)
  }

  #pressed = (event: KeyboardEvent): void => {
    // What a Vietnamese keyboard is still composing is no message yet.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event)
  }

  #send = (event: Event): void => {
    event.preventDefault()
    const field = this.querySelector('textarea')
    const words = field?.value.trim()
    if (!field || !words) return
    client.send.message(this.roomId, words)
    field.value = ''
    field.focus()
    sessionStorage.removeItem(this.#key)
    if (this.#saidAt > 0) this.#sayTyping(false)
    this.#saidAt = 0
  }

  /** Nobody misses it. */
  #sayTyping(isTyping: boolean): void {
    void client.command('typing', { roomId: this.roomId, isTyping }).catch(() => undefined)
  }
}
customElements.define('bellhop-composer', Composer)
