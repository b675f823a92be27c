// Where a message is written, with files if need be. Enter sends it; what is not sent yet stays through a reload.

import { html, nothing, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import type { Attachment } from './file.ts'
import { sayProblemIn } from './drawings.ts'
import { Part } from './part.ts'
import type { Place } from './place.ts'
import { chatTexts } from './texts/chat.ts'

/** Milliseconds after which one says again that one is typing. */
const SAY_AGAIN = 3000

class Composer extends Part {
  static override properties = { place: { attribute: false }, roomId: {} }
  declare place: Place
  declare roomId: string
  #saidAt = 0
  #files: readonly Attachment[] = []
  #uploading = 0

  get #key(): string {
    return `bellhop.draft.room.${this.roomId}`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#files = JSON.parse(this.place.drafts.getItem(`${this.#key}.files`) ?? '[]')
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
          ?disabled=${this.#uploading > 0}
          @click=${() => this.querySelector<HTMLInputElement>('input[type=file]')?.click()}
        >
          ${icon('attach')}
        </button>
        <input type="file" multiple hidden @change=${this.#chosen} aria-label=${text.attach} />
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
        <button class="primary" aria-label=${text.send} ?disabled=${this.#uploading > 0}>
          ${icon('send')}
        </button>
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
              @click=${() => this.#keep(this.#files.filter((each) => each !== file))}
            >
              ${icon('close')}
            </button>
          </span>`,
      )}
      ${this.#uploading > 0 ? html`<span class="quiet">${text.uploading}</span>` : nothing}
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
    void this.#upload([...(target.files ?? [])])
    target.value = ''
  }

  #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void this.#upload(files)
  }

  #dropped = (event: DragEvent): void => {
    event.preventDefault()
    void this.#upload([...(event.dataTransfer?.files ?? [])])
  }

  /** At once, so that sending waits for nothing; one after the other, so that they keep their order. */
  async #upload(files: readonly File[]): Promise<void> {
    const { client, language, say } = this.place
    this.#uploading += files.length
    this.requestUpdate()
    for (const file of files) {
      const body = new FormData()
      body.append('file', file, file.name)
      await client.api.postChatAttachments({ body }).then(
        (uploaded) => this.#keep([...this.#files, uploaded]),
        (error: unknown) => say(sayProblemIn(language, error)),
      )
      this.#uploading -= 1
      this.requestUpdate()
    }
  }

  #keep(files: readonly Attachment[]): void {
    this.#files = files
    const key = `${this.#key}.files`
    if (files.length === 0) this.place.drafts.removeItem(key)
    else this.place.drafts.setItem(key, JSON.stringify(files))
    this.requestUpdate()
  }

  #send = (event: Event): void => {
    event.preventDefault()
    const field = this.querySelector('textarea')
    const words = field?.value.trim() || this.#files.map(({ name }) => name).join(', ')
    if (!field || !words || this.#uploading > 0) return
    const attachments = this.#files.map(({ id }) => id)
    this.place.client.send.message(this.roomId, {
      content: words,
      ...(attachments.length > 0 && { attachments }),
    })
    field.value = ''
    field.focus()
    this.place.drafts.removeItem(this.#key)
    this.#keep([])
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
