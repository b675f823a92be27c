// What was told to a person, the newest first: the list behind every bell.

import { html, nothing, type TemplateResult } from 'lit'
import type { Client } from '../../client/src/index.ts'
import { icon } from '../elements/icon.ts'
import { emptyState } from './drawings.ts'
import type { Language } from './language.ts'
import { drawMissing, drawWaiting, isWaitedFor } from './live-lines.ts'
import type { Notification } from './place.ts'
import { commonTexts } from './texts/everywhere.ts'
import { timesIn } from './times.ts'

interface Acts {
  open: (told: Notification) => void
  /** Where all of it is read at once. */
  readAll?: () => void
}

export function drawTold(
  language: Language,
  list: ReturnType<Client['live']['notifications']> | undefined,
  { open, readAll }: Acts,
): TemplateResult {
  const text = commonTexts[language]
  if (!list || isWaitedFor(list)) return html`${drawWaiting(language, list, 4)}`
  const items = list.get()
  if (items.length === 0) return emptyState('bell', text.bell.empty, text.bell.emptyWhy)
  return html`
    <div class="stack">
      ${
        readAll && list.unread() > 0
          ? html`<button @click=${readAll}>${icon('checks')}${text.bell.readAll}</button>`
          : nothing
      }
      <ul class="told">
        ${items.map((each) => drawOne(language, each, open))}
      </ul>
      ${drawMissing(language, list)}
      ${list.hasMore && !list.isMissing ? html`<button @click=${() => list.more()}>${text.list.more}</button>` : nothing}
    </div>
  `
}

function drawOne(language: Language, told: Notification, open: Acts['open']): TemplateResult {
  const { unread } = commonTexts[language].bell
  return html`<li>
    <button class="told-one" data-unread=${told.readAt === null} @click=${() => open(told)}>
      <span class="told-title">
        ${told.readAt === null ? html`<span class="dot" role="img" aria-label=${unread}></span>` : nothing}
        <span class="strong">${told.title}</span>
      </span>
      <span>${told.message}</span>
      <span class="quiet">${timesIn(language).ago(told.createdAt)}</span>
    </button>
  </li>`
}
