// How an approval looks: everything that is decided on, and who decides.

import { html, nothing, type TemplateResult } from 'lit'
import type { Approval } from '../client.ts'
import { here } from '../here.ts'
import { linkTo } from '../router.ts'
import { drawApproval } from '../shared/approval-card.ts'
import { approvalText } from '../texts/approval.ts'
import { badge, type Tone } from './basic.ts'
import { ago } from './time.ts'

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

/** All that one needs to decide, and the two buttons for whoever may. */
export const approvalCard = (approval: Approval): TemplateResult =>
  drawApproval(
    here,
    approval,
    html`<a href=${linkTo('approvals', approval.id)}>${approval.subject.title}</a>`,
  )

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
