// How a booking looks wherever it stands.

import { html, type TemplateResult } from 'lit'
import type { Booking } from '../client.ts'
import type { Names } from '../names.ts'
import { linkTo } from '../router.ts'
import { bookingText } from '../texts/booking.ts'
import { badge, type Tone } from './basic.ts'
import { icon } from './icon.ts'
import { day } from './time.ts'

const TONES: Readonly<Record<Booking['status'], Tone>> = {
  PENDING_APPROVAL: 'wait',
  PENDING: 'wait',
  CONFIRMED: 'accent',
  ASSIGNED: 'accent',
  IN_PROGRESS: 'good',
  COMPLETED: 'neutral',
  CANCELLED: 'bad',
  REDIRECTED_EXTERNAL: 'neutral',
}

/** One that a decision ended is called by what became of that. */
export function bookingStatus({
  status,
  cancellationReason,
}: Pick<Booking, 'status' | 'cancellationReason'>): TemplateResult {
  const { rejected, expired } = bookingText.outcome
  const ended = { MANAGER_REJECTED: rejected, APPROVAL_EXPIRED: expired }[String(cancellationReason)]
  return badge((status === 'CANCELLED' && ended) || bookingText.status[status], TONES[status])
}

export function whenOf({ scheduledDate, scheduledTime, endDate }: Booking): string {
  const until = endDate && endDate !== scheduledDate ? ` – ${day(endDate)}` : ''
  return `${day(scheduledDate)}, ${scheduledTime}${until}`
}

/** A line of a list: when, why and for whom, and where it stands. */
export const bookingLine = (booking: Booking, names: Names): TemplateResult => html`
  <li>
    <a class="line" href=${linkTo('bookings', booking.id)}>
      <span class="line-main">
        <span class="strong">${booking.purpose ?? bookingText.type[booking.bookingType]}</span>
        <span class="quiet"
          >${names.person(booking.requesterId)} · ${bookingText.people(booking.passengerCount)} ·
          <span class="whole">${booking.bookingCode}</span></span
        >
      </span>
      <span class="line-side">
        <span class="when">${icon('calendar')}${whenOf(booking)}</span>
        ${bookingStatus(booking)}
      </span>
    </a>
  </li>
`
