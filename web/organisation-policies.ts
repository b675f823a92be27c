// Who approves what: the rules as they are kept, checked by the server, and what becomes of a request under them.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client, myself } from './client.ts'
import { badge, problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { problemLines } from './elements/problem-lines.ts'
import { ago, dateOf } from './elements/time.ts'
import { say } from './elements/toast.ts'
import { Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { organisationText } from './texts/organisation.ts'

type Route = ReplyOf<'postApprovalsSimulate'>
type Step = Route['steps'][number]
const KINDS = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const
const A_DAY = 86_400_000

class OrganisationPolicies extends Part {
  readonly #policy = new Loaded(this, () => client.api.getOrganisationApprovalPolicies())
  #form: Form<'rules'> | undefined
  readonly #ask = new Form(this, {
    scheduledDate: dateOf(new Date(Date.now() + A_DAY)),
    scheduledTime: '09:00',
    passengerCount: '1',
    bookingType: 'SINGLE_TRIP',
  })
  #route: Route | undefined

  override render(): TemplateResult {
    const policy = this.#policy.value
    if (!policy) return this.#policy.problem ? html`${problemNote(this.#policy.problem)}` : skeleton()
    const form = (this.#form ??= new Form(this, { rules: JSON.stringify(policy.rules, undefined, 2) }))
    return html`<div class="beside">
      <form class="card padded" @submit=${this.#save} novalidate>
        <p class="quiet">${organisationText.version(policy.version)}</p>
        <div class="code">
          ${field({ form, name: 'rules', label: organisationText.rules, type: 'textarea' })}
        </div>
        ${form.problem instanceof SyntaxError ? html`<p class="problem" role="alert">${organisationText.wrongJson}: ${form.problem.message}</p>` : problemLines(form.problem)}
        ${
          myself().role === 'ADMIN'
            ? html`<div class="dialog-actions">
                <button class="primary" ?disabled=${form.isBusy}>${t.action.save}</button>
              </div>`
            : nothing
        }
      </form>
      <section class="card padded stack">
        <h2>${organisationText.simulate}</h2>
        <p class="quiet">${organisationText.simulateWhy}</p>
        ${this.#drawAsk()} ${this.#route ? drawRoute(this.#route) : nothing}
      </section>
    </div>`
  }

  #drawAsk(): TemplateResult {
    const form = this.#ask
    return html`<form @submit=${this.#simulate} novalidate>
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
      </div>
      ${problemLines(form.problem)}
      <div class="dialog-actions"><button ?disabled=${form.isBusy}>${organisationText.ask}</button></div>
    </form>`
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const version = this.#policy.value?.version
    const saved = await this.#form?.submit(async ({ rules }) =>
      client.api.putOrganisationApprovalPolicies({
        header: { 'If-Match': `"${version}"` },
        body: { rules: JSON.parse(rules) },
      }),
    )
    if (!saved) return
    say(organisationText.saved)
    await this.#policy.reload()
  }

  #simulate = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.#route = await this.#ask.submit(({ scheduledDate, scheduledTime, passengerCount, bookingType }) =>
      client.api.postApprovalsSimulate({
        body: {
          scheduledDate,
          scheduledTime,
          passengerCount: Number(passengerCount),
          bookingType: KINDS.find((each) => each === bookingType) ?? 'SINGLE_TRIP',
        },
      }),
    )
    this.requestUpdate()
  }
}
customElements.define('bellhop-organisation-policies', OrganisationPolicies)

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
