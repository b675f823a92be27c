// Tickets with their clocks, and a form to open one. One of them has its own page.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff, ownDraft } from '../client.ts'
import { emptyState, pageHead } from '../elements/basic.ts'
import { Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { modal } from '../elements/modal.ts'
import { tabs } from '../elements/tabs.ts'
import { say } from '../elements/toast.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { drawTicketForm, drawTicketLine, EMPTY_TICKET, openTicket, type Ticket } from '../shared/ticket.ts'
import { t } from '../texts/console.ts'
import { language } from '../texts/language.ts'
import { ticketText } from '../texts/ticket.ts'
import './ticket.ts'

const STATUSES = ['open', 'in_progress', 'closed'] as const
class Tickets extends Page {
  readonly #list = new Followed(this, () => client.live.tickets(this.#query()))
  readonly #form = new Form(this, EMPTY_TICKET, ownDraft('ticket'))
  #asked = ''
  #isNew = false

  #query(): { status?: Ticket['status'] } {
    const status = STATUSES.find((each) => each === this.address.query.get('status'))
    return status ? { status } : {}
  }

  protected override willUpdate(): void {
    const asked = JSON.stringify(this.#query())
    if (this.#asked && asked !== this.#asked) this.#list.reopen()
    this.#asked = asked
  }

  override render(): TemplateResult {
    const { status } = this.#query()
    const start = html`<button class="primary" @click=${() => this.#show(true)}>
      ${icon('plus')}${ticketText.new}
    </button>`
    return html`
      ${pageHead(t.sections.tickets, start)}
      <div class="filters">
        ${tabs(t.sections.tickets, [
          [ticketText.all, linkTo('tickets'), status === undefined],
          ...STATUSES.map(
            (each) =>
              [
                ticketText.status[each],
                linkTo('tickets', undefined, { status: each }),
                each === status,
              ] as const,
          ),
        ])}
      </div>
      ${liveList(
        this.#list.list,
        (ticket) => drawTicket(ticket),
        emptyState('tickets', ticketText.empty, ticketText.emptyWhy),
        t.sections.tickets,
      )}
      ${this.#isNew ? modal(ticketText.newTitle, this.#drawForm(), () => this.#show(false)) : nothing}
    `
  }

  #drawForm(): TemplateResult {
    return drawTicketForm(language, this.#form, { submit: this.#submit, cancel: () => this.#show(false) })
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew
    this.requestUpdate()
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const opened = await openTicket(client, this.#form)
    if (!opened) return
    this.#form.reset()
    this.#show(false)
    say(ticketText.created)
    navigate(linkTo('tickets', opened.id))
  }
}
customElements.define('bellhop-tickets', Tickets)

const drawTicket = (ticket: Ticket): TemplateResult =>
  html`<li>
    <a class="line" href=${linkTo('tickets', ticket.id)}>${drawTicketLine(language, ticket, isStaff())}</a>
  </li>`

class TicketsPage extends Page {
  override render(): TemplateResult {
    const { address } = this
    if (address.id === undefined) return html`<bellhop-tickets .address=${address}></bellhop-tickets>`
    return html`<bellhop-ticket .address=${address}></bellhop-ticket>`
  }
}
customElements.define('bellhop-tickets-page', TicketsPage)
