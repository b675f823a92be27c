// Tickets with their clocks, and a form to open one. One of them has its own page.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff } from '../client.ts'
import { badge, emptyState, pageHead, type Tone } from '../elements/basic.ts'
import { field, Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { modal } from '../elements/modal.ts'
import { tabs } from '../elements/tabs.ts'
import { drawClock, type Ticket } from '../elements/ticket.ts'
import { say } from '../elements/toast.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { t } from '../texts/console.ts'
import { ticketText } from '../texts/ticket.ts'
import './ticket.ts'

const STATUSES = ['open', 'in_progress', 'closed'] as const
const TYPES = ['other', 'battery_issue', 'station_issue'] as const
const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const
const TONES: Readonly<Record<Ticket['status'], Tone>> = {
  open: 'wait',
  in_progress: 'accent',
  closed: 'neutral',
}

class Tickets extends Page {
  readonly #list = new Followed(this, () => client.live.tickets(this.#query()))
  readonly #form = new Form(this, { description: '', type: 'other', priority: 'medium' }, 'ticket')
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
    const form = this.#form
    return html`<form @submit=${this.#submit} novalidate>
      ${field({ form, name: 'description', label: ticketText.description, type: 'textarea', required: true })}
      <div class="fields">
        ${field({
          form,
          name: 'type',
          label: ticketText.type,
          choices: TYPES.map((each) => [each, ticketText.types[each]] as const),
        })}
        ${field({
          form,
          name: 'priority',
          label: ticketText.priority,
          choices: PRIORITIES.map((each) => [each, ticketText.priorities[each]] as const),
        })}
      </div>
      ${form.note(['description', 'type', 'priority'])}
      <div class="dialog-actions">
        <button type="button" @click=${() => this.#show(false)}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>${ticketText.new}</button>
      </div>
    </form>`
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew
    this.requestUpdate()
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const opened = await this.#form.submit(({ description, type, priority }) =>
      client.api.postSupports({
        body: { description, type, priority: PRIORITIES.find((each) => each === priority) ?? 'medium' },
      }),
    )
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
    <a class="line" href=${linkTo('tickets', ticket.id)}>
      <span class="line-main">
        <span class="strong clip">#${ticket.supportId} ${ticket.description}</span>
        <span class="quiet"
          >${isStaff() ? html`${ticket.user.fullName} · ` : nothing}${ticketText.priorities[ticket.priority]}</span
        >
      </span>
      <span class="line-side">
        ${drawClock(ticket)} ${badge(ticketText.status[ticket.status], TONES[ticket.status])}
      </span>
    </a>
  </li>`

class TicketsPage extends Page {
  override render(): TemplateResult {
    const { address } = this
    if (address.id === undefined) return html`<bellhop-tickets .address=${address}></bellhop-tickets>`
    return html`<bellhop-ticket .address=${address}></bellhop-ticket>`
  }
}
customElements.define('bellhop-tickets-page', TicketsPage)
