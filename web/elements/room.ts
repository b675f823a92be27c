// What a conversation is called, and what stands above it in the console.

import { html, nothing, type TemplateResult } from 'lit'
import type { Room } from '../client.ts'
import { here } from '../here.ts'
import { linkTo } from '../router.ts'
import { nameOfRoomAt } from '../shared/room.ts'
import { chatText } from '../texts/chat.ts'
import { t } from '../texts/console.ts'
import { icon } from './icon.ts'

export const nameOfRoom = (room: Room): string => nameOfRoomAt(here, room)

export const conversationHead = (room: Room | undefined): TemplateResult => html`
  <header class="conversation-head">
    <a class="icon-button back" href=${linkTo('chat')} aria-label=${t.action.back}>${icon('back')}</a>
    <h2 class="clip">${room ? nameOfRoom(room) : chatText.messages}</h2>
    ${
      room?.bookingId
        ? html`<a
            class="icon-button"
            href=${linkTo('bookings', room.bookingId)}
            aria-label=${t.sections.bookings}
            >${icon('bookings')}</a
          >`
        : nothing
    }
  </header>
`
