// Choosing a colleague to talk to, by a part of the name, with accents or without.

import { html, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client, myself } from './client.ts'
import { avatar, problemNote } from './elements/basic.ts'
import { closeAround } from './elements/modal.ts'
import { Part } from './page.ts'
import { linkTo, navigate } from './router.ts'
import { chatText } from './texts/chat.ts'

const CALM = 150

class NewConversation extends Part {
  #found: ReplyOf<'getPeople'> | undefined
  #problem: unknown
  #timer: ReturnType<typeof setTimeout> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#look('')
  }

  override render(): TemplateResult {
    const colleagues = this.#found?.filter(({ id }) => id !== myself().id) ?? []
    return html`
      <div class="stack">
        <div class="field">
          <label for="colleague">${chatText.find}</label>
          <input id="colleague" type="search" autocomplete="off" @input=${this.#typed} />
        </div>
        ${problemNote(this.#problem)}
        <ul class="lines" role="list" aria-live="polite">
          ${colleagues.map(
            ({ id, fullName, department }) =>
              html`<li>
                <button class="line plain" @click=${() => this.#talkTo(id)}>
                  ${avatar(fullName)}
                  <span class="line-main"
                    ><span class="strong">${fullName}</span><span class="quiet">${department}</span></span
                  >
                </button>
              </li>`,
          )}
        </ul>
        ${this.#found && colleagues.length === 0 ? html`<p class="quiet">${chatText.nobody}</p>` : ''}
      </div>
    `
  }

  #typed = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(target.value.trim()), CALM)
  }

  async #look(q: string): Promise<void> {
    await this.#try(async () => {
      this.#found = await client.api.getPeople({ query: { limit: 20, ...(q && { q }) } })
    })
  }

  async #talkTo(userId: string): Promise<void> {
    await this.#try(async () => {
      const { id } = await client.api.postChatConversationsWithUser({ body: { userId } })
      closeAround(this)
      navigate(linkTo('chat', id))
    })
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      this.#problem = undefined
      await work()
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }
}
customElements.define('bellhop-new-conversation', NewConversation)
