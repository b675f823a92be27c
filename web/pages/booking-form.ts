// Asking for a booking. What is typed stays through a reload, until it is asked for.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself, type Booking } from '../client.ts'
import { pageHead, problemNote } from '../elements/basic.ts'
import { field, Form } from '../elements/form.ts'
import { dateOf } from '../elements/time.ts'
import { say } from '../elements/toast.ts'
import { Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { bookingText } from '../texts/booking.ts'
import { t } from '../texts/console.ts'

type Type = Booking['bookingType']
const TYPES = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const satisfies readonly Type[]
const A_DAY = 86_400_000

const EMPTY = {
  bookingType: 'SINGLE_TRIP',
  isBusinessTrip: 'true',
  scheduledDate: '',
  scheduledTime: '',
  endDate: '',
  durationMinutes: '',
  passengerCount: '1',
  purpose: '',
  notes: '',
}
type Values = Readonly<Record<keyof typeof EMPTY, string>>

class BookingForm extends Page {
  readonly #form = new Form(
    this,
    { ...EMPTY, scheduledDate: dateOf(new Date(Date.now() + A_DAY)) },
    `booking.${myself().id}`,
  )

  override render(): TemplateResult {
    const form = this.#form
    const text = bookingText.field
    const isBlock = form.values.bookingType === 'BLOCK_SCHEDULE'
    return html`
      ${pageHead(bookingText.new, nothing, linkTo('bookings'))}
      <form class="card padded narrow" @submit=${this.#submit} novalidate>
        ${field({ form, name: 'purpose', label: text.purpose, hint: text.purposeHint })}
        <div class="fields">
          ${field({ form, name: 'scheduledDate', label: text.date, type: 'date', required: true })}
          ${field({ form, name: 'scheduledTime', label: text.time, type: 'time', required: true })}
          ${isBlock ? field({ form, name: 'endDate', label: text.endDate, type: 'date' }) : nothing}
        </div>
        <div class="fields">
          ${field({ form, name: 'bookingType', label: text.type, choices: TYPES.map((each) => [each, bookingText.type[each]]) })}
          ${field({
            form,
            name: 'isBusinessTrip',
            label: text.occasion,
            choices: [
              ['true', text.business],
              ['false', text.private],
            ],
          })}
        </div>
        <div class="fields">
          ${field({ form, name: 'passengerCount', label: text.passengers, type: 'number', min: '1', required: true })}
          ${field({ form, name: 'durationMinutes', label: text.duration, type: 'number', min: '5' })}
        </div>
        ${field({ form, name: 'notes', label: text.notes, type: 'textarea' })}
        ${problemNote(form.problemBeside(FIELDS))}
        <div class="dialog-actions">
          <button type="button" @click=${this.#discard}>${t.action.cancel}</button>
          <button class="primary" ?disabled=${form.isBusy}>${bookingText.ask}</button>
        </div>
      </form>
    `
  }

  #discard = (): void => {
    this.#form.reset()
    navigate(linkTo('bookings'))
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const booking = await this.#form.submit((values) => client.api.postBookings({ body: requestOf(values) }))
    if (!booking) return
    this.#form.reset()
    say(bookingText.asked(booking.bookingCode))
    navigate(linkTo('bookings', booking.id), { replace: true })
  }
}
customElements.define('bellhop-booking-form', BookingForm)

const FIELDS = [
  'bookingType',
  'scheduledDate',
  'scheduledTime',
  'endDate',
  'durationMinutes',
  'passengerCount',
  'purpose',
  'notes',
] as const

/** What was left empty is not said. Numbers that are none the server refuses at their field. */
function requestOf(values: Values) {
  const { endDate, durationMinutes, purpose, notes } = values
  return {
    bookingType: TYPES.find((each) => each === values.bookingType),
    isBusinessTrip: values.isBusinessTrip === 'true',
    scheduledDate: values.scheduledDate,
    scheduledTime: values.scheduledTime,
    passengerCount: Number(values.passengerCount),
    ...(endDate && values.bookingType === 'BLOCK_SCHEDULE' && { endDate }),
    ...(durationMinutes && { durationMinutes: Number(durationMinutes) }),
    ...(purpose.trim() && { purpose }),
    ...(notes.trim() && { notes }),
  }
}
