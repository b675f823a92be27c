// How an approval looks: everything that is decided on, and who decides.

import { html, nothing, type TemplateResult } from 'lit'
import type { Approval } from '../client.ts'
import '../decide.ts'
import { linkTo } from '../router.ts'
import { approvalText } from '../texts/approval.ts'
import { badge, type Tone } from './basic.ts'
import { facts } from './booking.ts'
import { ago } from './time.ts'

const TONES: Readonly<Record<Approval['status'], Tone>> = {
  PENDING: 'wait',
  APPROVED: 'good',
  REJECTED: 'bad',
  EXPIRED: 'neutral',
  AUTO_APPROVED: 'good',
  WITHDRAWN: 'neutral',
}
type Step = Approval['steps'][number]
const STEP_TONES: Readonly<Record<Step['state'], Tone>> = {
  waiting: 'neutral',
  open: 'wait',
  approved: 'good',
  rejected: 'bad',
  expired: 'neutral',
  skipped: 'neutral',
  withdrawn: 'neutral',
}

export const approvalStatus = ({ status }: Approval): TemplateResult =>
  badge(approvalText.status[status], TONES[status])

/** All that one needs to decide, and the two buttons for whoever may. */
export const approvalCard = (approval: Approval): TemplateResult => html`
  <li class="card approval" data-id=${approval.id}>
    <header>
      <div>
        <h3><a href=${linkTo('approvals', approval.id)}>${approval.subject.title}</a></h3>
        <p class="quiet">
          ${approval.requester.fullName}${approval.requester.department ? ` · ${approval.requester.department}` : ''}
          · ${ago(approval.createdAt)}
        </p>
      </div>
      ${approvalStatus(approval)}
    </header>
    ${facts([
      ...approval.subject.fields.map(({ label, value }) => [label, value] as const),
      [
        approvalText.due,
        approval.status === 'PENDING' && approval.expiresAt ? ago(approval.expiresAt) : undefined,
      ],
      [approvalText.note, approval.notes],
    ])}
    <bellhop-decide .approval=${approval}></bellhop-decide>
  </li>
`

export const approvalSteps = ({ steps }: Approval): TemplateResult | typeof nothing =>
  steps.length === 0
    ? nothing
    : html`<ol class="steps">
        ${steps.map((step) => drawStep(step))}
      </ol>`

const drawStep = ({ state, need, deciders, dueAt }: Step): TemplateResult => html`
  <li>
    <p class="row">
      ${badge(approvalText.step[state], STEP_TONES[state])}
      ${deciders.length > 1 ? html`<span class="quiet">${approvalText.need(need, deciders.length)}</span>` : nothing}
      ${state === 'open' && dueAt ? html`<span class="quiet">${approvalText.due} ${ago(dueAt)}</span>` : nothing}
    </p>
    <ul>
      ${deciders.map(
        ({ person, decision, at, onBehalfOf }) =>
          html`<li>
            <span class="strong">${person.fullName}</span>
            ${onBehalfOf ? html`<span class="quiet">${approvalText.onBehalfOf(onBehalfOf.fullName)}</span>` : nothing}
            <span class="quiet"
              >${decision ? approvalText.step[decision] : approvalText.waits}${at ? html`, ${ago(at)}` : nothing}</span
            >
          </li>`,
      )}
    </ul>
  </li>
`
