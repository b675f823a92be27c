// Where a message is written, with files if need be. Enter sends it; what is not sent yet stays through a reload in the console,
// in a widget for as long as the page does.

import { html, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import { Part } from './part.ts'
import type { Place } from './place.ts'
import { chatTexts } from './texts/chat.ts'

/** Milliseconds after which one says again that one is typing. */
const SAY_AGAIN = 3000
/** Files that the server takes with a message. */
const MOST_FILES = 10

class Composer extends Part {
  static override properties = { place: { attribute: false }, roomId: {} }
  declare place: Place
  declare roomId: string
  #saidAt = 0

  /** Whoever signs in next at the same desk finds nothing of it. */
  get #key(): string {
    return `bellhop.draft.${this.place.userId}.${this.roomId}`
  }

  get #files(): readonly File[] {
    return this.place.chosen.get(this.#key) ?? []
  }

  override render(): TemplateResult {
    const text = chatTexts[this.place.language]
    return html`
      ${this.#drawFiles()}
      <form class="composer" @submit=${this.#send} @dragover=${allowDrop} @drop=${this.#dropped}>
        <button
          type="button"
          class="icon-button"
          aria-label=${text.attach}
          @click=${() => this.querySelector<HTMLInputElement>('input[type=file]')?.click()}
        >
          ${icon('attach')}
        </button>
        <input type="file" multiple hidden @change=${this.#chosen} />
        <textarea
          rows="1"
          maxlength="5000"
          aria-label=${text.write}
          placeholder=${text.write}
          .value=${this.place.drafts.getItem(this.#key) ?? ''}
          @input=${this.#typed}
          @keydown=${this.#pressed}
          @paste=${this.#pasted}
        ></textarea>
        <button class="primary" aria-label=${text.send}>${icon('send')}</button>
      </form>
    `
  }

  #drawFiles(): TemplateResult {
    const text = chatTexts[this.place.language]
    return html`<div role="status" class="composer-files">
      ${this.#files.map(
        (file) =>
          html`<span class="file">
            ${icon('file')}<span class="clip">${file.name}</span>
            <button
              type="button"
              class="icon-button"
              aria-label=${text.detach(file.name)}
              @click=${() => this.#choose(this.#files.filter((each) => each !== file))}
            >
              ${icon('close')}
            </button>
          </span>`,
      )}
    </div>`
  }

  #typed = ({ target }: Event): void => {
    if (!(target instanceof HTMLTextAreaElement)) return
    this.place.drafts.setItem(this.#key, target.value)
    const now = Date.now()
    if (now - this.#saidAt < SAY_AGAIN) return
    this.#saidAt = now
    this.#sayTyping(true)
  }

  #pressed = (event: KeyboardEvent): void => {
    // What a Vietnamese keyboard is still composing is no message yet.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event)
  }

  #chosen = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return
    this.#add(target.files)
    target.value = ''
  }

  #pasted = (event: ClipboardEvent): void => {
    const files = event.clipboardData?.files
    if (!files?.length) return
    event.preventDefault()
    this.#add(files)
  }

  #dropped = (event: DragEvent): void => {
    event.preventDefault()
    this.#add(event.dataTransfer?.files)
  }

  #add(files: Iterable<File> | null | undefined): void {
    const all = [...this.#files, ...(files ?? [])]
    if (all.length > MOST_FILES) this.place.say(chatTexts[this.place.language].tooMany)
    else this.#choose(all)
  }

  #choose(files: readonly File[]): void {
    this.place.chosen.set(this.#key, files)
    this.requestUpdate()
  }

  #send = (event: Event): void => {
    event.preventDefault()
    const field = this.querySelector('textarea')
    const words = field?.value.trim() || this.#files.map(({ name }) => name).join(', ')
    if (!field || !words) return
    this.place.client.send.message(this.roomId, words, this.#files)
    field.value = ''
    field.focus()
    this.place.drafts.removeItem(this.#key)
    this.#choose([])
    if (this.#saidAt > 0) this.#sayTyping(false)
    this.#saidAt = 0
  }

  /** Nobody misses it. */
  #sayTyping(isTyping: boolean): void {
    const { client } = this.place
    void client.command('typing', { roomId: this.roomId, isTyping }).catch(() => undefined)
  }
}
customElements.define('bellhop-composer', Composer)

const allowDrop = (event: DragEvent): void => event.preventDefault()
