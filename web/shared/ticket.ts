// How a ticket looks in a list, its clock, and the form that opens one.

import { html, nothing, type TemplateResult } from 'lit'
import type { Client, ReplyOf } from '../../client/src/index.ts'
import { field, type Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { badge, problemNoteIn, type Tone } from './drawings.ts'
import type { Language } from './language.ts'
import { commonTexts } from './texts/everywhere.ts'
import { ticketTexts } from './texts/ticket.ts'
import { timesIn } from './times.ts'

export type Ticket = ReplyOf<'getSupports'>[number]
export type TicketForm = Form<'description' | 'type' | 'priority'>

const TYPES = ['other', 'battery_issue', 'station_issue'] as const
const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const
const TONES: Readonly<Record<Ticket['status'], Tone>> = {
  open: 'wait',
  in_progress: 'accent',
  closed: 'neutral',
}
export const EMPTY_TICKET = { description: '', type: 'other', priority: 'medium' }

/** Until when it is to be answered, then until when it is to be solved. */
export function drawClockIn(
  language: Language,
  { answerDueAt, solutionDueAt, resolvedAt }: Pick<Ticket, 'answerDueAt' | 'solutionDueAt' | 'resolvedAt'>,
): TemplateResult | typeof nothing {
  const text = ticketTexts[language]
  const { ago } = timesIn(language)
  if (resolvedAt) return html`<span class="quiet">${text.closedAt} ${ago(resolvedAt)}</span>`
  const due = answerDueAt ?? solutionDueAt
  if (!due) return nothing
  const isLate = Date.parse(due) < Date.now()
  return html`<span class="when"
    >${icon('clock')}${answerDueAt ? text.answerBy : text.solveBy} ${ago(due)}
    ${isLate ? badge(text.late, 'bad') : nothing}</span
  >`
}

/** @param withOwner to whoever sees those of others */
export function drawTicketLine(language: Language, ticket: Ticket, withOwner: boolean): TemplateResult {
  const text = ticketTexts[language]
  return html`
    <span class="line-main">
      <span class="strong clip">#${ticket.supportId} ${ticket.description}</span>
      <span class="quiet"
        >${withOwner ? html`${ticket.user.fullName} · ` : nothing}${text.priorities[ticket.priority]}</span
      >
    </span>
    <span class="line-side">
      ${drawClockIn(language, ticket)} ${badge(text.status[ticket.status], TONES[ticket.status])}
    </span>
  `
}

interface FormActs {
  submit: (event: Event) => void
  cancel: () => void
}

export function drawTicketForm(
  language: Language,
  form: TicketForm,
  { submit, cancel }: FormActs,
): TemplateResult {
  const text = ticketTexts[language]
  return html`<form @submit=${submit} novalidate>
    ${field({ form, name: 'description', label: text.description, type: 'textarea', required: true })}
    <div class="fields">
      ${field({ form, name: 'type', label: text.type, choices: TYPES.map((each) => [each, text.types[each]] as const) })}
      ${field({
        form,
        name: 'priority',
        label: text.priority,
        choices: PRIORITIES.map((each) => [each, text.priorities[each]] as const),
      })}
    </div>
    ${problemNoteIn(language, form.problemBeside(['description', 'type', 'priority']))}
    <div class="dialog-actions">
      <button type="button" @click=${cancel}>${commonTexts[language].action.cancel}</button>
      <button class="primary" ?disabled=${form.isBusy}>${text.new}</button>
    </div>
  </form>`
}

/** @returns undefined: refused, and shown at its fields */
export const openTicket = (client: Client, form: TicketForm): Promise<Ticket | undefined> =>
  form.submit(({ description, type, priority }) =>
    client.api.postSupports({
      body: { description, type, priority: PRIORITIES.find((each) => each === priority) ?? 'medium' },
    }),
  )

const STARS = [1, 2, 3, 4, 5]

/** For whoever it belongs to, once it is closed. */
export function drawRating(language: Language, rate: (rating: number) => void): TemplateResult {
  const text = ticketTexts[language]
  return html`<fieldset class="choices">
    <legend>${text.rate}</legend>
    ${STARS.map(
      (rating) =>
        html`<button type="button" aria-label=${text.stars(rating)} @click=${() => rate(rating)}>
          ${rating}
        </button>`,
    )}
  </fieldset>`
}

export const mayRate = (ticket: Pick<Ticket, 'status' | 'userId' | 'rating'>, userId: string): boolean =>
  ticket.status === 'closed' && ticket.userId === userId && !ticket.rating
