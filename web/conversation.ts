// One conversation: what was said, what is on its way, who is typing, and a field to say something.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { client, myself, type Message, type Room } from './client.ts'
import { emptyState, problemNote, skeleton } from './elements/basic.ts'
import { icon } from './elements/icon.ts'
import { drawDraft, drawMessage } from './elements/message.ts'
import { nameOfRoom } from './elements/room.ts'
import { dateOf, day } from './elements/time.ts'
import './composer.ts'
import { Followed, Part } from './page.ts'
import { linkTo } from './router.ts'
import { chatText } from './texts/chat.ts'
import { t } from './texts/console.ts'

/** Milliseconds after which somebody who did not go on is typing no longer. */
const TYPING_FOR = 6000
const PAGE = 50

class Conversation extends Part {
  static override properties = { roomId: {}, room: { attribute: false } }
  declare roomId: string
  declare room: Room | undefined
  readonly #messages = new Followed(this, () => client.live.messages(this.roomId))
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>()
  #endTyping: (() => void) | undefined
  #readUpTo = 0

  override connectedCallback(): void {
    super.connectedCallback()
    this.#endTyping = client.on('typing', ({ roomId, userId, isTyping }) => {
      if (roomId === this.roomId && userId !== myself().id) this.#hearTyping(userId, isTyping)
    })
    document.addEventListener('visibilitychange', this.#markRead)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#endTyping?.()
    document.removeEventListener('visibilitychange', this.#markRead)
  }

  override render(): TemplateResult {
    const list = this.#messages.list
    const name = this.room ? nameOfRoom(this.room) : chatText.messages
    return html`
      <header class="conversation-head">
        <a class="icon-button back" href=${linkTo('chat')} aria-label=${t.action.back}>${icon('back')}</a>
        <h2 class="clip">${name}</h2>
        ${
          this.room?.bookingId
            ? html`<a
                class="icon-button"
                href=${linkTo('bookings', this.room.bookingId)}
                aria-label=${t.sections.bookings}
                >${icon('bookings')}</a
              >`
            : nothing
        }
      </header>
      <div class="said" tabindex="0" role="log" aria-label=${chatText.messages}>
        <div class="said-inside">
          ${list?.status === 'failed' ? problemNote(list.problem) : !list || list.status === 'loading' ? skeleton() : this.#drawMessages()}
        </div>
      </div>
      <p class="typing quiet" role="status">${this.#whoTypes()}</p>
      ${
        this.room && this.room.status !== 'ACTIVE'
          ? html`<p class="closed quiet">${chatText.closed}</p>`
          : html`<bellhop-composer .roomId=${this.roomId}></bellhop-composer>`
      }
    `
  }

  #drawMessages(): TemplateResult {
    const list = this.#messages.list
    const [messages, drafts] = [list?.get() ?? [], list?.drafts() ?? []]
    if (messages.length === 0 && drafts.length === 0)
      return emptyState('chat', chatText.noMessages, chatText.noMessagesWhy)
    const first = messages[0]?.seq ?? 1
    return html`
      ${
        first > 1 && messages.length % PAGE === 0
          ? html`<button class="more-button" @click=${() => list?.more()}>${chatText.earlier}</button>`
          : nothing
      }
      ${repeat(
        messages,
        ({ id }) => id,
        (message, at) =>
          html`${this.#drawDay(message, messages[at - 1])}${drawMessage(message, messages[at - 1])}`,
      )}
      ${repeat(drafts, ({ clientMsgId }) => clientMsgId, drawDraft)}
    `
  }

  #drawDay({ createdAt }: Message, before: Message | undefined): TemplateResult | typeof nothing {
    const date = dateOf(createdAt)
    return before && dateOf(before.createdAt) === date
      ? nothing
      : html`<p class="day-mark quiet">${day(date)}</p>`
  }

  #hearTyping(userId: string, isTyping: boolean): void {
    clearTimeout(this.#typing.get(userId))
    this.#typing.delete(userId)
    if (isTyping)
      this.#typing.set(
        userId,
        setTimeout(() => this.#hearTyping(userId, false), TYPING_FOR),
      )
    this.requestUpdate()
  }

  #whoTypes(): string {
    const [who] = this.#typing.keys()
    const name = this.room?.members.find(({ userId }) => userId === who)?.fullName
    return who === undefined ? '' : chatText.typing(name ?? t.person.unknown)
  }

  protected override updated(_changed: PropertyValues): void {
    this.#markRead()
  }

  /** What stands on a screen that is looked at has been read. */
  #markRead = (): void => {
    const last = this.#messages.list?.get().at(-1)
    if (!last || last.seq <= this.#readUpTo || document.visibilityState !== 'visible') return
    this.#readUpTo = last.seq
    if (this.room?.unreadCount === 0 && last.senderId === myself().id) return
    // It is asked for again with the next message.
    void client.command('messages.read', { roomId: this.roomId, upTo: last.seq }).catch(() => undefined)
  }
}
customElements.define('bellhop-conversation', Conversation)
