// One conversation: what was said, what is on its way, who is typing, and a field to say something.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import './composer.ts'
import { emptyState } from './drawings.ts'
import { drawMissing, drawWaiting, isWaitedFor } from './live-lines.ts'
import { drawDraft, drawMessage } from './message.ts'
import { Followed, Part } from './part.ts'
import type { Message, Place, Room } from './place.ts'
import { quickRepliesOf } from './quick-replies.ts'
import { chatTexts } from './texts/chat.ts'
import { commonTexts } from './texts/everywhere.ts'
import { dateOf, timesIn } from './times.ts'

/** Milliseconds after which somebody who did not go on is typing no longer. */
const TYPING_FOR = 6000

class Conversation extends Part {
  static override properties = {
    place: { attribute: false },
    roomId: {},
    room: { attribute: false },
    head: { attribute: false },
  }
  declare place: Place
  declare roomId: string
  declare room: Room | undefined
  /** What stands above it. */
  declare head: TemplateResult | undefined
  readonly #messages = new Followed(this, () => this.place.client.live.messages(this.roomId))
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>()
  #endTyping: (() => void) | undefined
  #readUpTo = 0

  override connectedCallback(): void {
    super.connectedCallback()
    this.#endTyping = this.place.client.on('typing', ({ roomId, userId, isTyping }) => {
      if (roomId === this.roomId && userId !== this.place.userId) this.#hearTyping(userId, isTyping)
    })
    document.addEventListener('visibilitychange', this.#markRead)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#endTyping?.()
    document.removeEventListener('visibilitychange', this.#markRead)
  }

  override render(): TemplateResult {
    const { language } = this.place
    const text = chatTexts[language]
    const list = this.#messages.list
    return html`
      ${this.head ?? nothing}
      <div class="said" tabindex="0" role="log" aria-label=${text.messages}>
        <div class="said-inside">
          ${isWaitedFor(list) ? drawWaiting(language, list) : this.#drawMessages()}
        </div>
      </div>
      <p class="typing quiet" role="status">${this.#whoTypes()}</p>
      ${
        this.room && this.room.status !== 'ACTIVE'
          ? html`<p class="closed quiet">${text.closed}</p>`
          : html`${this.#drawReplies()}<bellhop-composer
                .place=${this.place}
                .roomId=${this.roomId}
              ></bellhop-composer>`
      }
    `
  }

  #drawReplies(): TemplateResult | typeof nothing {
    const replies = quickRepliesOf(this.#messages.list?.get().at(-1), this.room)
    if (replies.length === 0) return nothing
    const { client, language } = this.place
    return html`<div class="quick-replies" role="group" aria-label=${chatTexts[language].replies}>
      ${replies.map((reply) => html`<button @click=${() => client.send.message(this.roomId, reply)}>${reply}</button>`)}
    </div>`
  }

  #drawMessages(): TemplateResult {
    const text = chatTexts[this.place.language]
    const list = this.#messages.list
    const [messages, drafts] = [list?.get() ?? [], list?.drafts() ?? []]
    if (messages.length === 0 && drafts.length === 0)
      return emptyState('chat', text.noMessages, text.noMessagesWhy)
    const first = messages[0]?.seq ?? 1
    return html`
      ${drawMissing(this.place.language, list)}
      ${
        first > 1 && list?.hasMore && !list.isMissing
          ? html`<button class="more-button" @click=${() => list?.more()}>${text.earlier}</button>`
          : nothing
      }
      ${repeat(
        messages,
        ({ id }) => id,
        (message, at) =>
          html`${this.#drawDay(message, messages[at - 1])}${drawMessage(this.place, message, messages[at - 1])}`,
      )}
      ${repeat(
        drafts,
        ({ clientMsgId }) => clientMsgId,
        (draft) => drawDraft(this.place, draft),
      )}
    `
  }

  #drawDay({ createdAt }: Message, before: Message | undefined): TemplateResult | typeof nothing {
    const date = dateOf(createdAt)
    return before && dateOf(before.createdAt) === date
      ? nothing
      : html`<p class="day-mark quiet">${timesIn(this.place.language).day(date)}</p>`
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
    const { language } = this.place
    return who === undefined ? '' : chatTexts[language].typing(name ?? commonTexts[language].person.unknown)
  }

  protected override updated(_changed: PropertyValues): void {
    this.#markRead()
  }

  /** What stands on a screen that is looked at has been read. */
  #markRead = (): void => {
    const last = this.#messages.list?.get().at(-1)
    if (!last || last.seq <= this.#readUpTo || document.visibilityState !== 'visible') return
    this.#readUpTo = last.seq
    if (this.room?.unreadCount === 0 && last.senderId === this.place.userId) return
    // It is asked for again with the next message.
    void this.place.client
      .command('messages.read', { roomId: this.roomId, upTo: last.seq })
      .catch(() => undefined)
  }
}
customElements.define('bellhop-conversation', Conversation)
