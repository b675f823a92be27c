// How an approval looks: everything that is decided on, and the two buttons for whoever may.

import { html, type TemplateResult } from 'lit'
import './decide.ts'
import { badge, facts, type Tone } from './drawings.ts'
import type { Approval, Place } from './place.ts'
import { approvalTexts } from './texts/approval.ts'
import { timesIn } from './times.ts'

const TONES: Readonly<Record<Approval['status'], Tone>> = {
  PENDING: 'wait',
  APPROVED: 'good',
  REJECTED: 'bad',
  EXPIRED: 'neutral',
  AUTO_APPROVED: 'good',
  WITHDRAWN: 'neutral',
}

/** @param title of the request, perhaps with a link to it */
export function drawApproval(place: Place, approval: Approval, title: unknown): TemplateResult {
  const text = approvalTexts[place.language]
  const { ago } = timesIn(place.language)
  const { createdAt, expiresAt, id, notes, requester, status, subject } = approval
  return html`
    <li class="card approval" data-id=${id}>
      <header>
        <div>
          <h3>${title}</h3>
          <p class="quiet">
            ${requester.fullName}${requester.department ? ` · ${requester.department}` : ''} ·
            ${ago(createdAt)}
          </p>
        </div>
        ${badge(text.status[status], TONES[status])}
      </header>
      ${facts([
        ...subject.fields.map(({ label, value }) => [label, value] as const),
        [text.due, status === 'PENDING' && expiresAt ? ago(expiresAt) : undefined],
        [text.note, notes],
      ])}
      <bellhop-decide .place=${place} .approval=${approval}></bellhop-decide>
    </li>
  `
}
