// The clock of a ticket: until when it is to be answered, then until when it is to be solved.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../../client/src/index.ts'
import { ticketText } from '../texts/ticket.ts'
import { badge } from './basic.ts'
import { icon } from './icon.ts'
import { ago } from './time.ts'

export type Ticket = ReplyOf<'getSupports'>[number]

export function drawClock({
  answerDueAt,
  solutionDueAt,
  resolvedAt,
}: Pick<Ticket, 'answerDueAt' | 'solutionDueAt' | 'resolvedAt'>): TemplateResult | typeof nothing {
  if (resolvedAt) return html`<span class="quiet">${ticketText.closedAt} ${ago(resolvedAt)}</span>`
  const due = answerDueAt ?? solutionDueAt
  if (!due) return nothing
  const isLate = Date.parse(due) < Date.now()
  return html`<span class="when"
    >${icon('clock')}${answerDueAt ? ticketText.answerBy : ticketText.solveBy} ${ago(due)}
    ${isLate ? badge(ticketText.late, 'bad') : nothing}</span
  >`
}
