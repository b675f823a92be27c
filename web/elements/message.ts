// How a message looks: one that stands, and one that is on its way.

import { html, nothing, type TemplateResult } from 'lit'
import type { Draft } from '../../client/src/index.ts'
import { client, myself, type Message } from '../client.ts'
import { chatText } from '../texts/chat.ts'
import { t } from '../texts/console.ts'
import { icon } from './icon.ts'
import { clockOf } from './time.ts'

/** @param before whoever says more at a time is named once */
export function drawMessage(message: Message, before: Message | undefined): TemplateResult {
  const { content, createdAt, deletedAt, isEdited, messageType, sender, senderId, status } = message
  if (messageType === 'system') return html`<p class="system-message quiet">${content}</p>`
  const isMine = senderId === myself().id
  const isSame = before?.senderId === senderId && before.messageType !== 'system'
  return html`<article class="message" data-mine=${isMine}>
    ${isMine || isSame ? nothing : html`<p class="quiet sender">${sender?.fullName ?? chatText.system}</p>`}
    <p class="bubble">${deletedAt ? html`<em>${chatText.deleted}</em>` : content}</p>
    <p class="quiet meta">
      ${clockOf(createdAt)}${isEdited ? html` · ${chatText.edited}` : nothing}
      ${
        isMine && !deletedAt
          ? html`<span
              class="receipt"
              data-read=${status === 'READ'}
              role="img"
              aria-label=${chatText.status[status]}
              >${icon(status === 'SENT' ? 'check' : 'checks')}</span
            >`
          : nothing
      }
    </p>
  </article>`
}

export const drawDraft = ({ body, clientMsgId, status, problem }: Draft): TemplateResult => html`
  <article class="message" data-mine="true" data-draft=${status}>
    <p class="bubble">${body.content}</p>
    ${
      status === 'SENDING'
        ? html`<p class="quiet meta">${icon('clock')}${chatText.sending}</p>`
        : html`<p class="meta failed">${chatText.failed}: ${problem?.detail ?? t.problem.unexpected}</p>
            <p class="meta">
              <button class="link" @click=${() => client.send.retry(clientMsgId)}>${chatText.retry}</button>
              <button class="link" @click=${() => client.send.discard(clientMsgId)}>
                ${chatText.discard}
              </button>
            </p>`
    }
  </article>
`
