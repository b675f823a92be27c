// `<bellhop-tickets>`: the person's tickets with their clocks, the conversation of each, and a form to open one.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { attemptAt } from '../shared/attempt.ts'
import '../shared/conversation.ts'
import { emptyState } from '../shared/drawings.ts'
import { liveLines } from '../shared/live-lines.ts'
import { modalIn } from '../shared/modal.ts'
import type { Place } from '../shared/place.ts'
import { commonTexts } from '../shared/texts/everywhere.ts'
import { ticketTexts } from '../shared/texts/ticket.ts'
import {
  drawClockIn,
  drawRating,
  drawTicketForm,
  drawTicketLine,
  EMPTY_TICKET,
  mayRate,
  openTicket,
  type Ticket,
} from '../shared/ticket.ts'
import { Widget } from './widget.ts'

/** Who opens tickets: for themselves. */
const ASKING: readonly string[] = ['CUSTOMER', 'DRIVER', 'EMPLOYEE']

class Tickets extends Widget {
  readonly #list = this.follow(({ client }) => client.live.tickets())
  readonly #form = new Form(this, EMPTY_TICKET)
  #isNew = false
  #chosen: string | undefined

  protected override draw(place: Place): TemplateResult {
    const ticket = this.#list.list?.get().find(({ id }) => id === this.#chosen)
    const text = ticketTexts[place.language]
    return html`
      ${ticket ? this.#drawTicket(place, ticket) : this.#drawList(place)}
      ${
        this.#isNew
          ? modalIn(
              place.language,
              text.newTitle,
              drawTicketForm(place.language, this.#form, {
                submit: (event) => void this.#submit(event, place),
                cancel: () => this.#show(false),
              }),
              () => this.#show(false),
            )
          : nothing
      }
    `
  }

  #drawList({ language }: Place): TemplateResult {
    const text = ticketTexts[language]
    return html`
      ${
        this.me && ASKING.includes(this.me.role)
          ? html`<div class="widget-actions">
              <button class="primary" part="button" @click=${() => this.#show(true)}>
                ${icon('plus')}${text.new}
              </button>
            </div>`
          : nothing
      }
      ${liveLines(language, {
        list: this.#list.list,
        draw: (ticket: Ticket) =>
          html`<li>
            <button class="line" @click=${() => this.#choose(ticket.id)}>
              ${drawTicketLine(language, ticket, ticket.userId !== this.place?.userId)}
            </button>
          </li>`,
        empty: emptyState('tickets', text.empty, text.none),
        name: text.talk,
      })}
    `
  }

  #drawTicket(place: Place, ticket: Ticket): TemplateResult {
    const { language, userId } = place
    const head = html`<header class="conversation-head">
      <button
        class="icon-button"
        aria-label=${commonTexts[language].action.back}
        @click=${() => this.#choose(undefined)}
      >
        ${icon('back')}
      </button>
      <h2 class="clip">#${ticket.supportId} ${ticket.description}</h2>
      ${drawClockIn(language, ticket)}
    </header>`
    const rate = (rating: number): void => void this.#rate(place, ticket, rating)
    return html`
      ${keyed(
        ticket.id,
        html`<bellhop-conversation
          part="conversation"
          .place=${place}
          .roomId=${ticket.roomId}
          .head=${head}
        ></bellhop-conversation>`,
      )}
      ${mayRate(ticket, userId) ? html`<div class="rating">${drawRating(language, rate)}</div>` : nothing}
    `
  }

  #choose(id: string | undefined): void {
    this.#chosen = id
    this.requestUpdate()
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew
    this.requestUpdate()
  }

  async #submit(event: Event, { client, language, say }: Place): Promise<void> {
    event.preventDefault()
    const opened = await openTicket(client, this.#form)
    if (!opened) return
    this.#form.reset()
    this.#isNew = false
    this.#choose(opened.id)
    say(ticketTexts[language].created)
    this.tell('ticket', { ticket: opened })
  }

  async #rate(place: Place, { id }: Ticket, rating: number): Promise<void> {
    const { client, language, say } = place
    const rate = () => client.api.patchSupportsByIdRating({ path: { id }, body: { rating } })
    if (await attemptAt(place, rate)) say(ticketTexts[language].rated)
  }
}
customElements.define('bellhop-tickets', Tickets)
