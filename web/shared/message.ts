// How a message looks: one that stands, and one that is on its way.

import { html, nothing, type TemplateResult } from 'lit'
import type { Draft } from '../../client/src/index.ts'
import { icon } from '../elements/icon.ts'
import './file.ts'
import type { Message, Place } from './place.ts'
import { chatTexts } from './texts/chat.ts'
import { commonTexts } from './texts/everywhere.ts'
import { timesIn } from './times.ts'

/** @param before whoever says more at a time is named once */
export function drawMessage(place: Place, message: Message, before: Message | undefined): TemplateResult {
  const { attachments, content, messageType, sender, senderId } = message
  const text = chatTexts[place.language]
  if (messageType === 'system') return html`<p class="system-message quiet">${content}</p>`
  const isMine = senderId === place.userId
  const isSame = before?.senderId === senderId && before.messageType !== 'system'
  const name = sender?.fullName ?? text.system
  // Who sends a file alone says its name.
  const isFileAlone = attachments.length === 1 && attachments[0]?.name === content
  return html`<article class="message" data-mine=${isMine}>
    ${isMine || isSame ? nothing : html`<p class="quiet sender">${name}</p>`}
    ${isFileAlone ? nothing : html`<p class="bubble">${message.deletedAt ? html`<em>${text.deleted}</em>` : content}</p>`}
    ${attachments.map((file) => html`<bellhop-file .place=${place} .file=${file}></bellhop-file>`)}
    ${drawMeta(place, message, isMine)}
  </article>`
}

function drawMeta({ language }: Place, message: Message, isMine: boolean): TemplateResult {
  const { createdAt, deletedAt, isEdited, status } = message
  const text = chatTexts[language]
  const receipt = html`<span
    class="receipt"
    data-read=${status === 'READ'}
    role="img"
    aria-label=${text.status[status]}
    >${icon(status === 'SENT' ? 'check' : 'checks')}</span
  >`
  return html`<p class="quiet meta">
    ${timesIn(language).clockOf(createdAt)}${isEdited ? html` · ${text.edited}` : nothing}
    ${isMine && !deletedAt ? receipt : nothing}
  </p>`
}

export function drawDraft({ client, language }: Place, draft: Draft): TemplateResult {
  const { body, clientMsgId, status, problem } = draft
  const text = chatTexts[language]
  return html`
    <article class="message" data-mine="true" data-draft=${status}>
      <p class="bubble">${body.content}</p>
      ${
        status === 'SENDING'
          ? html`<p class="quiet meta">${icon('clock')}${text.sending}</p>`
          : html`<p class="meta failed">
                ${text.failed}: ${problem?.detail ?? commonTexts[language].problem.unexpected}
              </p>
              <p class="meta">
                <button class="link" @click=${() => client.send.retry(clientMsgId)}>${text.retry}</button>
                <button class="link" @click=${() => client.send.discard(clientMsgId)}>${text.discard}</button>
              </p>`
      }
    </article>
  `
}
