// What the organisation has written down to be said again: sent as it is, by hand.

import { html, nothing, type TemplateResult } from 'lit'
import { client } from './client.ts'
import { emptyState, problemNote, skeleton } from './elements/basic.ts'
import { closeAround, modal } from './elements/modal.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { deskText } from './texts/desk.ts'

const MOST = 100

class CannedAnswers extends Part {
  static override properties = { roomId: {} }
  declare roomId: string
  #isOpen = false

  override render(): TemplateResult {
    return html`
      <button @click=${() => this.#show(true)}>${deskText.canned}</button>
      ${
        this.#isOpen
          ? modal(
              deskText.canned,
              html`<bellhop-canned-list .roomId=${this.roomId}></bellhop-canned-list>`,
              () => this.#show(false),
            )
          : nothing
      }
    `
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.requestUpdate()
  }
}
customElements.define('bellhop-canned-answers', CannedAnswers)

class CannedList extends Part {
  static override properties = { roomId: {} }
  declare roomId: string
  readonly #answers = new Loaded(this, () => client.api.getChatAutoResponses({ query: { limit: MOST } }))

  override render(): TemplateResult {
    if (this.#answers.problem) return html`${problemNote(this.#answers.problem)}`
    if (!this.#answers.value) return skeleton()
    const answers = this.#answers.value.filter(({ isActive }) => isActive)
    if (answers.length === 0) return emptyState('desk', deskText.noCanned, deskText.noCannedWhy)
    return html`<ul class="lines card">
      ${answers.map(
        ({ id, name, message }) =>
          html`<li>
            <button class="line plain" @click=${() => this.#send(id)}>
              <span class="line-main"
                ><span class="strong">${name}</span><span class="quiet">${message}</span></span
              >
            </button>
          </li>`,
      )}
    </ul>`
  }

  async #send(responseId: string): Promise<void> {
    const path = { id: this.roomId, responseId }
    const isSent = await attempt(
      () => client.api.postChatRoomsByIdAutoResponsesByResponseId({ path }),
      deskText.cannedSent,
    )
    if (isSent) closeAround(this)
  }
}
customElements.define('bellhop-canned-list', CannedList)
