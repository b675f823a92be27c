// How a message looks: one that stands, and one that is on its way.

import { html, nothing, type TemplateResult } from 'lit'
import type { Draft } from '../../client/src/index.ts'
import { icon } from '../elements/icon.ts'
import { sayRefusal } from './drawings.ts'
import { drawFileName } from './file.ts'
import type { Message, Place } from './place.ts'
import { chatTexts } from './texts/chat.ts'
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
  const { body, clientMsgId, status, problem, files = [] } = draft
  const text = chatTexts[language]
  const discard = html`<button class="link" @click=${() => client.send.discard(clientMsgId)}>
    ${text.discard}
  </button>`
  return html`
    <article class="message" data-mine="true" data-draft=${status}>
      ${files.length === 1 && files[0]?.name === body.content ? nothing : html`<p class="bubble">${body.content}</p>`}
      ${files.map(({ name, size }) => html`<span class="file">${drawFileName(language, name, size)}</span>`)}
      ${
        status === 'SENDING'
          ? html`<p class="quiet meta">
              ${icon('clock')}${text.sending}${files.length > 0 ? discard : nothing}
            </p>`
          : html`<p class="meta failed">
                ${text.failed}: ${problem ? sayRefusal(language, problem) : nothing}
              </p>
              <p class="meta">
                <button class="link" @click=${() => client.send.retry(clientMsgId)}>${text.retry}</button>
                ${discard}
              </p>`
      }
    </article>
  `
}
