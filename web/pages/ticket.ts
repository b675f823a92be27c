// One ticket: its clock, who takes care, the conversation in which it is answered, and what happened.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff, myself } from '../client.ts'
import '../shared/conversation.ts'
import { badge, pageHead, problemNote, skeleton } from '../elements/basic.ts'
import { conversationHead } from '../elements/room.ts'
import { drawClock } from '../elements/ticket.ts'
import { ago } from '../elements/time.ts'
import { here } from '../here.ts'
import { attempt, Loaded } from '../loaded.ts'
import { Names } from '../names.ts'
import { Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { drawRating, mayRate } from '../shared/ticket.ts'
import { t } from '../texts/console.ts'
import { language } from '../texts/language.ts'
import { ticketText } from '../texts/ticket.ts'

const EVENTS = ['ticket.updated', 'ticket.resolved', 'ticket.deleted'] as const

class TicketPage extends Page {
  readonly #ticket = new Loaded(this, () => client.api.getSupportsById({ path: { id: this.#id } }))
  readonly #names = new Names(this)
  #ends: (() => void)[] = []

  get #id(): string {
    return this.address.id ?? ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#ends = [
      ...EVENTS.map((event) =>
        client.on(event, ({ id }) => {
          if (id === this.#id) void this.#ticket.reload()
        }),
      ),
      client.onMissed(() => void this.#ticket.reload()),
    ]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const end of this.#ends.splice(0)) end()
  }

  override render(): TemplateResult {
    const ticket = this.#ticket.value
    const head = pageHead(
      ticket ? `#${ticket.supportId}` : t.sections.tickets,
      this.#drawActions(),
      linkTo('tickets'),
    )
    if (!ticket) return html`${head}${this.#ticket.problem ? problemNote(this.#ticket.problem) : skeleton()}`
    return html`
      ${head}
      <div class="sections">
        <section class="card padded">
          <p class="prose">${ticket.description}</p>
          <dl class="facts">
            ${fact(ticketText.owner, ticket.user.fullName)}
            ${fact(ticketText.priority, ticketText.priorities[ticket.priority])}
            ${
              // Whoever is served knows the staff by what they write.
              isStaff()
                ? fact(
                    ticketText.assignee,
                    ticket.assigneeId ? this.#names.person(ticket.assigneeId) : ticketText.nobody,
                  )
                : nothing
            }
            ${ticket.station ? fact(ticketText.station, ticket.station.name) : nothing}
            ${ticket.rating ? fact(ticketText.rating, ticketText.stars(ticket.rating)) : nothing}
          </dl>
          <p class="row">${badge(ticketText.status[ticket.status], 'accent')} ${drawClock(ticket)}</p>
          ${this.#drawRating()}
        </section>
        <section>
          <h2>${ticketText.talk}</h2>
          <div class="conversation ticket-talk">
            <bellhop-conversation
              .place=${here}
              .roomId=${ticket.roomId}
              .head=${conversationHead(undefined)}
            ></bellhop-conversation>
          </div>
        </section>
        <section>
          <h2>${ticketText.timeline}</h2>
          <ol class="lines card">
            ${ticket.timeline.map(
              ({ at, actor, what }) =>
                html`<li class="line plain">
                  <span>${ticketText.what[what]}${actor ? html` · ${actor.fullName}` : nothing}</span>
                  <span class="quiet">${ago(at)}</span>
                </li>`,
            )}
          </ol>
        </section>
      </div>
    `
  }

  #drawActions(): TemplateResult | typeof nothing {
    const ticket = this.#ticket.value
    if (!ticket || !isStaff()) return nothing
    if (ticket.status === 'closed')
      return html`<button @click=${() => this.#change({ status: 'open' }, ticketText.reopened)}>
        ${ticketText.reopen}
      </button>`
    const isMine = ticket.assigneeId === myself().id
    return html`
      ${
        isMine
          ? nothing
          : html`<button
              class="primary"
              @click=${() => this.#change({ assigneeId: myself().id, status: 'in_progress' }, ticketText.taken)}
            >
              ${ticketText.take}
            </button>`
      }
      <button @click=${() => this.#change({ status: 'closed' }, ticketText.closed)}>
        ${ticketText.close}
      </button>
    `
  }

  #drawRating(): TemplateResult | typeof nothing {
    const ticket = this.#ticket.value
    if (!ticket || !mayRate(ticket, myself().id)) return nothing
    return drawRating(language, (rating) => void this.#rate(rating))
  }

  async #rate(rating: number): Promise<void> {
    const path = { id: this.#id }
    if (await attempt(() => client.api.patchSupportsByIdRating({ path, body: { rating } }), ticketText.rated))
      await this.#ticket.reload()
  }

  async #change(
    body: { status?: 'open' | 'in_progress' | 'closed'; assigneeId?: string },
    done: string,
  ): Promise<void> {
    if (await attempt(() => client.api.patchSupportsById({ path: { id: this.#id }, body }), done))
      await this.#ticket.reload()
  }
}
customElements.define('bellhop-ticket', TicketPage)

const fact = (name: string, value: string): TemplateResult =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
