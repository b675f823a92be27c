// Conversations beside the one that is read; on a phone one after the other.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { client, myself, type Room } from '../client.ts'
import { attemptAt } from '../shared/attempt.ts'
import '../shared/conversation.ts'
import { drawRoomLine } from '../shared/room-line.ts'
import '../new-conversation.ts'
import { emptyState } from '../elements/basic.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { modal } from '../elements/modal.ts'
import { pressed } from '../elements/pending.ts'
import { conversationHead } from '../elements/room.ts'
import { here } from '../here.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { chatText } from '../texts/chat.ts'
import { t } from '../texts/console.ts'

class Chat extends Page {
  readonly #rooms = new Followed(this, () => client.live.rooms())
  #isChoosing = false

  override render(): TemplateResult {
    const { id } = this.address
    const open = this.#rooms.list?.get().find((room) => room.id === id)
    const empty = emptyState('chat', chatText.empty, isOfHouse() ? chatText.emptyWhy : chatText.emptyWhyDesk)
    return html`
      <h1 class="sr-only">${t.sections.chat}</h1>
      <div class="chat" data-open=${id !== undefined}>
        <section class="rooms" aria-label=${chatText.rooms}>
          <header class="page-head">
            <h2 class="title">${chatText.rooms}</h2>
            ${this.#drawStart()}
          </header>
          ${liveList(this.#rooms.list, (room) => this.#drawRoom(room), empty, chatText.rooms)}
        </section>
        <section class="conversation">
          ${
            id === undefined
              ? emptyState('chat', chatText.choose, chatText.chooseWhy)
              : keyed(
                  id,
                  html`<bellhop-conversation
                    .place=${here}
                    .roomId=${id}
                    .room=${open}
                    .head=${conversationHead(open)}
                  ></bellhop-conversation>`,
                )
          }
        </section>
      </div>
      ${
        this.#isChoosing
          ? modal(chatText.newTitle, html`<bellhop-new-conversation></bellhop-new-conversation>`, () =>
              this.#choose(false),
            )
          : nothing
      }
    `
  }

  /** With a colleague; customers have one with the desk, and go on with it where it was closed. */
  #drawStart(): TemplateResult {
    if (!isOfHouse())
      return html`<button @click=${pressed(talkToDesk)}>${icon('plus')}${chatText.talk}</button>`
    return html`<button class="icon-button" aria-label=${chatText.new} @click=${() => this.#choose(true)}>
      ${icon('plus')}
    </button>`
  }

  #drawRoom(room: Room): TemplateResult {
    return html`<li>
      <a
        class="line room"
        href=${linkTo('chat', room.id)}
        aria-current=${room.id === this.address.id ? 'true' : nothing}
        >${drawRoomLine(here, room)}</a
      >
    </li>`
  }

  #choose(isChoosing: boolean): void {
    this.#isChoosing = isChoosing
    this.requestUpdate()
  }
}
customElements.define('bellhop-chat-page', Chat)

async function talkToDesk(): Promise<void> {
  const room = await attemptAt(here, () => client.api.postChatRoomsCreate({ body: {} }))
  if (room) navigate(linkTo('chat', room.id))
}

/** Who has colleagues to choose from. */
const isOfHouse = (): boolean => !['CUSTOMER', 'GUEST'].includes(myself().role)
