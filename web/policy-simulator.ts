// What would become of a request, under the rules that are saved.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { problemLines } from './elements/problem-lines.ts'
import { ago, dateOf } from './elements/time.ts'
import { Part } from './page.ts'
import { bookingText } from './texts/booking.ts'
import { organisationText } from './texts/organisation.ts'
import { policyText } from './texts/policy.ts'

type Route = ReplyOf<'postApprovalsSimulate'>
type Step = Route['steps'][number]
const KINDS = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const
const A_DAY = 86_400_000

class PolicySimulator extends Part {
  readonly #ask = new Form(this, {
    scheduledDate: dateOf(new Date(Date.now() + A_DAY)),
    scheduledTime: '09:00',
    passengerCount: '1',
    bookingType: 'SINGLE_TRIP',
    isBusinessTrip: 'true',
    distanceKm: '',
    amount: '',
  })
  #route: Route | undefined

  override render(): TemplateResult {
    const form = this.#ask
    return html`<section class="card padded stack" aria-label=${organisationText.simulate}>
      <h2>${organisationText.simulate}</h2>
      <p class="quiet">${organisationText.simulateWhy}</p>
      <form @submit=${this.#simulate} novalidate>
        <div class="fields">
          ${field({ form, name: 'scheduledDate', label: organisationText.date, type: 'date' })}
          ${field({ form, name: 'scheduledTime', label: organisationText.time, type: 'time' })}
          ${field({ form, name: 'passengerCount', label: organisationText.passengers, type: 'number', min: '1' })}
          ${field({
            form,
            name: 'bookingType',
            label: organisationText.kind,
            choices: KINDS.map((each) => [each, organisationText.kinds[each]] as const),
          })}
          ${field({
            form,
            name: 'isBusinessTrip',
            label: policyText.business,
            choices: [
              ['true', bookingText.field.business],
              ['false', bookingText.field.private],
            ],
          })}
          ${field({ form, name: 'distanceKm', label: policyText.facts.distanceKm, type: 'number', min: '0' })}
          ${field({ form, name: 'amount', label: policyText.facts.amount, type: 'number', min: '0' })}
        </div>
        ${problemLines(form.problem)}
        <div class="dialog-actions"><button ?disabled=${form.isBusy}>${organisationText.ask}</button></div>
      </form>
      ${this.#route ? drawRoute(this.#route) : nothing}
    </section>`
  }

  #simulate = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.#route = await this.#ask.submit(
      ({ scheduledDate, scheduledTime, passengerCount, bookingType, isBusinessTrip, distanceKm, amount }) =>
        client.api.postApprovalsSimulate({
          body: {
            scheduledDate,
            scheduledTime,
            passengerCount: Number(passengerCount),
            bookingType: KINDS.find((each) => each === bookingType) ?? 'SINGLE_TRIP',
            isBusinessTrip: isBusinessTrip === 'true',
            ...(distanceKm && { distanceKm: Number(distanceKm) }),
            ...(amount && { amount: Number(amount) }),
          },
        }),
    )
    this.requestUpdate()
  }
}
customElements.define('bellhop-policy-simulator', PolicySimulator)

const drawRoute = ({ rule, reasons, steps }: Route): TemplateResult => html`
  <div class="stack" role="status">
    <p>${badge(organisationText.rule, 'accent')} <span class="strong">${rule}</span></p>
    ${reasons.map((reason) => html`<p class="quiet">${reason}</p>`)}
    ${
      steps.length === 0
        ? html`<p>${organisationText.nobodyDecides}</p>`
        : html`<ol class="timeline">
            ${steps.map(drawStep)}
          </ol>`
    }
  </div>
`

const drawStep = (
  { state, need, asked, reminders, expiresAt, onExpiry }: Step,
  at: number,
): TemplateResult => html`
  <li>
    <p class="strong">${organisationText.step(at + 1, need)}</p>
    <p>
      ${state === 'open' ? `${organisationText.asked}: ${asked.map(({ fullName }) => fullName).join(', ')}` : organisationText.states[state]}
    </p>
    ${reminders.map((instant) => html`<p class="quiet">${organisationText.reminder} ${ago(instant)}</p>`)}
    ${
      expiresAt
        ? html`<p class="quiet">
            ${organisationText.deadline}
            ${ago(expiresAt)}${onExpiry ? html`, ${organisationText.then[onExpiry]}` : nothing}
          </p>`
        : nothing
    }
  </li>
`
