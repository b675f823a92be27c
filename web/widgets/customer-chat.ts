// `<bellhop-customer-chat>`: a button in the corner of somebody's page, behind which their customers talk to them. Whom the page
// does not know says a name, and comes in as a guest.

import { html, nothing, type TemplateResult } from 'lit'
import { createClient, memoryStorage, type Client } from '../../client/src/index.ts'
import { field, Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { attemptAt } from '../shared/attempt.ts'
import '../shared/conversation.ts'
import { problemNoteIn, skeletonIn } from '../shared/drawings.ts'
import type { Place, Room } from '../shared/place.ts'
import { drawRating } from '../shared/ticket.ts'
import { drawOpening } from './opening.ts'
import { drawPanel } from './panel.ts'
import { widgetTexts } from './texts.ts'
import { Widget } from './widget.ts'

class CustomerChat extends Widget {
  static override properties = { ...Widget.properties, org: {} }
  /** Slug of the organisation: for guests. */
  declare org: string | undefined
  readonly #rooms = this.follow(({ client }) => client.live.rooms({ kind: 'SUPPORT' }))
  readonly #calendar = this.follow(({ client }) => client.live.calendar())
  readonly #form = new Form(this, { name: '', email: '' })
  #room: Room | undefined
  /** As the list had it when they rated it, which hears of it a moment later. */
  #rated: Room | undefined
  #isOpen = false

  protected override draw(place: Place): TemplateResult {
    return this.#drawFrame(place.language, () => this.#drawConversation(place))
  }

  protected override drawNobody(): TemplateResult {
    return this.#drawFrame(this.language, () => this.#drawForm())
  }

  protected override drawWaiting(): TemplateResult {
    return this.#drawFrame(this.language, () => skeletonIn(this.language))
  }

  #drawFrame(language: Place['language'], drawBody: () => TemplateResult): TemplateResult {
    const text = widgetTexts[language].customer
    const unread = this.#known()?.unreadCount ?? 0
    const label = this.#isOpen ? text.close : unread > 0 ? text.unread(unread) : text.open
    return html`
      ${
        this.#isOpen
          ? drawPanel(this, { language, title: text.open, body: drawBody(), close: () => this.#show(false) })
          : nothing
      }
      <button
        class="launcher"
        part="button"
        aria-haspopup="dialog"
        aria-expanded=${this.#isOpen}
        aria-label=${label}
        @click=${() => this.#show(!this.#isOpen)}
      >
        ${icon(this.#isOpen ? 'close' : 'chat')}
        ${unread > 0 && !this.#isOpen ? html`<span class="count" part="count" aria-hidden="true">${unread}</span>` : nothing}
      </button>
      <span class="sr-only" role="status">${unread > 0 ? text.unread(unread) : ''}</span>
    `
  }

  /** As the list has it now, for what changes in it. */
  #known(): Room | undefined {
    const rooms = this.#rooms.list?.get() ?? []
    return (this.#room ? rooms.find(({ id }) => id === this.#room?.id) : rooms[0]) ?? this.#room
  }

  #drawConversation(place: Place): TemplateResult {
    const room = this.#known()
    const [calendar] = this.#calendar.list?.get() ?? []
    return html`
      ${calendar ? drawOpening(place.language, calendar) : nothing}
      ${
        room
          ? html`<bellhop-conversation
              .place=${place}
              .roomId=${room.id}
              .room=${room}
            ></bellhop-conversation>`
          : skeletonIn(place.language)
      }
      ${room && room.status !== 'ACTIVE' ? this.#drawEnd(place, room) : nothing}
    `
  }

  /** What they think of the help, once, and how they go on. */
  #drawEnd(place: Place, room: Room): TemplateResult {
    const rate = (rating: number): unknown =>
      this.#keep(place, async ({ api }) => {
        const rated = await api.putChatRoomsByIdRating({ path: { id: room.id }, body: { rating } })
        this.#rated = room
        return rated
      })
    return html`<div class="rating">
      ${room.rating || room === this.#rated ? nothing : drawRating(place.language, rate)}
      <button @click=${() => this.#keep(place, ({ api }) => api.postChatRoomsCreate({ body: {} }))}>
        ${widgetTexts[place.language].customer.begin}
      </button>
    </div>`
  }

  #drawForm(): TemplateResult {
    const text = widgetTexts[this.language].customer
    const form = this.#form
    return html`<form @submit=${this.#submit} novalidate>
      <p class="strong">${text.hello}</p>
      <p class="quiet">${text.why}</p>
      ${field({ form, name: 'name', label: text.name, autocomplete: 'name', required: true })}
      ${field({ form, name: 'email', label: text.email, type: 'email', autocomplete: 'email' })}
      ${problemNoteIn(this.language, form.problemBeside(['name', 'email']))}
      <button class="primary" ?disabled=${form.isBusy}>${text.begin}</button>
    </form>`
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.tell(isOpen ? 'opened' : 'closed', {})
    this.requestUpdate()
    if (!isOpen) this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus()
    else if (this.place) void this.#enter(this.place)
  }

  protected override became(place: Place): void {
    this.#room = undefined
    if (this.#isOpen) void this.#enter(place)
  }

  /** Their one room, made when they first open the chat; one that was closed stays so until they go on. */
  #enter(place: Place): Promise<void> {
    return this.#keep(place, async ({ api }) => {
      const [room] = await api.getChatRooms({ query: { kind: 'SUPPORT', limit: 1 } })
      return room ?? api.postChatRoomsCreate({ body: {} })
    })
  }

  async #keep(place: Place, ask: (client: Client) => Promise<Room>): Promise<void> {
    this.#room = (await attemptAt(place, () => ask(place.client))) ?? this.#room
    this.requestUpdate()
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const org = this.org ?? ''
    const client = createClient({ url: this.serverOrigin, storage: memoryStorage() })
    const session = await this.#form.submit(({ name, email }) =>
      client.api.postAuthGuest({ body: { org, name, ...(email.trim() && { email: email.trim() }) } }),
    )
    if (session) await this.comeIn(session)
  }
}
customElements.define('bellhop-customer-chat', CustomerChat)
