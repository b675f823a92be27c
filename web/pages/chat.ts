// Conversations beside the one that is read; on a phone one after the other.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { client, myself, type Room } from '../client.ts'
import '../conversation.ts'
import '../new-conversation.ts'
import { avatar, emptyState } from '../elements/basic.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { modal } from '../elements/modal.ts'
import { nameOfRoom } from '../elements/room.ts'
import { ago } from '../elements/time.ts'
import { Followed, Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { chatText } from '../texts/chat.ts'
import { t } from '../texts/console.ts'

class Chat extends Page {
  readonly #rooms = new Followed(this, () => client.live.rooms())
  #isChoosing = false

  override render(): TemplateResult {
    const { id } = this.address
    const start = html`<button
      class="icon-button"
      aria-label=${chatText.new}
      @click=${() => this.#choose(true)}
    >
      ${icon('plus')}
    </button>`
    const empty = emptyState('chat', chatText.empty, chatText.emptyWhy)
    return html`
      <h1 class="sr-only">${t.sections.chat}</h1>
      <div class="chat" data-open=${id !== undefined}>
        <section class="rooms" aria-label=${chatText.rooms}>
          <header class="page-head">
            <h2 class="title">${chatText.rooms}</h2>
            ${isOfHouse() ? start : nothing}
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
                    .roomId=${id}
                    .room=${this.#rooms.list?.get().find((room) => room.id === id)}
                  ></bellhop-conversation>`,
                )
          }
        </section>
      </div>
      ${
        this.#isChoosing
          ? modal(
              chatText.newTitle,
              html`<bellhop-new-conversation @done=${() => this.#choose(false)}></bellhop-new-conversation>`,
              () => this.#choose(false),
            )
          : nothing
      }
    `
  }

  #drawRoom(room: Room): TemplateResult {
    const { id, lastMessage, lastMessageAt, unreadCount } = room
    const name = nameOfRoom(room)
    return html`<li>
      <a
        class="line room"
        href=${linkTo('chat', id)}
        aria-current=${id === this.address.id ? 'true' : nothing}
      >
        ${avatar(name)}
        <span class="line-main">
          <span class="strong clip">${name}</span>
          <span class="quiet clip">${lastMessage?.content ?? chatText.noMessages}</span>
        </span>
        <span class="line-side">
          <span class="quiet">${lastMessageAt ? ago(lastMessageAt) : nothing}</span>
          ${
            unreadCount > 0
              ? html`<span class="count" role="img" aria-label=${chatText.unread(unreadCount)}
                  >${unreadCount > 99 ? '99+' : unreadCount}</span
                >`
              : nothing
          }
        </span>
      </a>
    </li>`
  }

  #choose(isChoosing: boolean): void {
    this.#isChoosing = isChoosing
    this.requestUpdate()
  }
}
customElements.define('bellhop-chat-page', Chat)

/** Who has colleagues to choose from. */
const isOfHouse = (): boolean => !['CUSTOMER', 'GUEST'].includes(myself().role)
