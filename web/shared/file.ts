// A file of a message: a picture where the page lets it in, else its name. It opens in its own tab, at an address that ends soon.

import { html, nothing, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import { sayProblemIn } from './drawings.ts'
import type { Language } from './language.ts'
import { Part } from './part.ts'
import type { Message, Place } from './place.ts'
import { sizeIn } from './sizes.ts'

export type Attachment = Message['attachments'][number]

class FilePart extends Part {
  static override properties = { place: { attribute: false }, file: { attribute: false } }
  declare place: Place
  declare file: Attachment
  #picture: string | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.file.kind === 'image' && this.place.showsPictures) void this.#show()
  }

  override render(): TemplateResult {
    const { name, size } = this.file
    if (this.#picture)
      return html`<button class="picture" aria-label=${name} @click=${this.#open}>
        <img src=${this.#picture} alt="" @error=${this.#forget} />
      </button>`
    return html`<button class="file" @click=${this.#open}>
      ${drawFileName(this.place.language, name, size)}
    </button>`
  }

  async #address(): Promise<string> {
    const { client } = this.place
    const { url } = await client.api.getFilesByIdAddress({ path: { id: this.file.id } })
    return new URL(url, client.url).href
  }

  /** Whoever may not see it sees its name. */
  async #show(): Promise<void> {
    this.#picture = await this.#address().catch(() => undefined)
    this.requestUpdate()
  }

  #forget = (): void => {
    this.#picture = undefined
    this.requestUpdate()
  }

  /** The tab is opened by the click itself: what is opened later browsers hold back. */
  #open = async (): Promise<void> => {
    const tab = open('about:blank')
    try {
      const url = await this.#address()
      if (tab) tab.opener = null
      if (tab) tab.location.href = url
      else location.href = url
    } catch (error) {
      tab?.close()
      this.place.say(sayProblemIn(this.place.language, error))
    }
  }
}
customElements.define('bellhop-file', FilePart)

export const drawFileName = (language: Language, name: string, size: number): TemplateResult =>
  html`${icon('file')}<span class="clip">${name}</span> ${
      size > 0 ? html`<span class="quiet">${sizeIn(language, size)}</span>` : nothing
    }`
