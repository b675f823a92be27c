// A conversation in a list of them: with whom, what was said last, and how much of it is unread.

import { html, nothing, type TemplateResult } from 'lit'
import { avatar } from './drawings.ts'
import type { Place, Room } from './place.ts'
import { nameOfRoomAt } from './room.ts'
import { chatTexts } from './texts/chat.ts'
import { timesIn } from './times.ts'

export function drawRoomLine(place: Place, room: Room): TemplateResult {
  const text = chatTexts[place.language]
  const { lastMessage, lastMessageAt, unreadCount } = room
  const name = nameOfRoomAt(place, room)
  return html`
    ${avatar(name)}
    <span class="line-main">
      <span class="strong clip">${name}</span>
      <span class="quiet clip">${lastMessage?.content ?? text.noMessages}</span>
    </span>
    <span class="line-side">
      <span class="quiet">${lastMessageAt ? timesIn(place.language).ago(lastMessageAt) : nothing}</span>
      ${
        unreadCount > 0
          ? html`<span class="count" role="img" aria-label=${text.unread(unreadCount)}
              >${unreadCount > 99 ? '99+' : unreadCount}</span
            >`
          : nothing
      }
    </span>
  `
}
