// Asking for a booking, or changing one that has not begun. What is typed to ask stays through a reload, until it is asked for.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff, myself, ownDraft, type Booking } from '../client.ts'
import { pageHead, problemNote, skeleton } from '../elements/basic.ts'
import { field, Form } from '../elements/form.ts'
import { tick } from '../elements/inputs.ts'
import { dateOf } from '../elements/time.ts'
import { say } from '../elements/toast.ts'
import { Page } from '../page.ts'
import { WEEKDAYS, weekdaysOf, weeklyRule } from '../recurrence.ts'
import { linkTo, navigate } from '../router.ts'
import { keepStops, listStops, stopsField } from '../stops.ts'
import { bookingText } from '../texts/booking.ts'
import { t } from '../texts/console.ts'

type Type = Booking['bookingType']
const TYPES = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const satisfies readonly Type[]
const KINDS = ['VEHICLE', 'STATION', 'PROPERTY'] as const
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
  resourceKind: '',
  stops: '',
  weekdays: '',
  distanceKm: '',
  amount: '',
  backdated: 'false',
}
type Values = Readonly<Record<keyof typeof EMPTY, string>>

class BookingForm extends Page {
  #form = new Form(
    this,
    { ...EMPTY, scheduledDate: dateOf(new Date(Date.now() + A_DAY)) },
    ownDraft('booking'),
  )
  /** The one that is changed; undefined: a new one is asked for. */
  #changed: Booking | undefined
  #problem: unknown

  override connectedCallback(): void {
    super.connectedCallback()
    const id = this.address.query.get('change')
    if (id) void this.#read(id)
  }

  async #read(id: string): Promise<void> {
    try {
      this.#changed = await client.api.getBookingsById({ path: { id } })
      this.#form = new Form(this, valuesOf(this.#changed))
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const form = this.#form
    const text = bookingText.field
    const isBlock = form.values.bookingType === 'BLOCK_SCHEDULE'
    const isChange = this.address.query.get('change') !== null
    const head = pageHead(isChange ? bookingText.change : bookingText.new, nothing, this.#back())
    if (isChange && !this.#changed)
      return html`${head} ${this.#problem === undefined ? skeleton(4) : problemNote(this.#problem)}`
    return html`
      ${head}
      <form class="card padded narrow" @submit=${this.#submit} novalidate>
        ${field({ form, name: 'purpose', label: text.purpose, hint: text.purposeHint })}
        <div class="fields">
          ${field({ form, name: 'scheduledDate', label: text.date, type: 'date', required: true })}
          ${field({ form, name: 'scheduledTime', label: text.time, type: 'time', required: true })}
          ${isBlock ? field({ form, name: 'endDate', label: text.endDate, type: 'date' }) : nothing}
        </div>
        ${isBlock ? this.#drawWeekdays() : nothing}
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
        ${
          form.values.bookingType === 'MULTI_STOP'
            ? stopsField(form.values.stops, form.values.scheduledTime, form.problemAt('stops'), (stops) =>
                form.set('stops', stops),
              )
            : nothing
        }
        ${this.#drawMore()} ${field({ form, name: 'notes', label: text.notes, type: 'textarea' })}
        ${problemNote(form.problemBeside(FIELDS))}
        <div class="dialog-actions">
          <button type="button" @click=${this.#discard}>${t.action.cancel}</button>
          <button class="primary" ?disabled=${form.isBusy}>
            ${isChange ? t.action.save : bookingText.ask}
          </button>
        </div>
      </form>
    `
  }

  #drawMore(): TemplateResult {
    const form = this.#form
    const text = bookingText.field
    return html`<details>
      <summary>${bookingText.more}</summary>
      <div class="fields">
        ${field({
          form,
          name: 'resourceKind',
          label: text.kind,
          hint: text.kindHint,
          choices: [
            ['', bookingText.anyKind],
            ...KINDS.map((each) => [each, bookingText.kind[each]] as const),
          ],
        })}
        ${field({ form, name: 'distanceKm', label: text.distance, type: 'number', min: '0' })}
        ${field({ form, name: 'amount', label: text.amount, type: 'number', min: '0' })}
      </div>
      ${isStaff() ? tick(text.backdated, form.values.backdated === 'true', (is) => form.set('backdated', String(is))) : nothing}
    </details>`
  }

  #drawWeekdays(): TemplateResult {
    const chosen = this.#form.values.weekdays.split(',').filter(Boolean)
    const choose = (day: string, is: boolean): void =>
      this.#form.set('weekdays', (is ? [...chosen, day] : chosen.filter((each) => each !== day)).join())
    const problem = this.#form.problemAt('recurrence')
    return html`<fieldset class="field">
      <legend>${bookingText.field.repeats}</legend>
      <div class="row">
        ${WEEKDAYS.map((day) => tick(bookingText.weekday[day], chosen.includes(day), (is) => choose(day, is)))}
      </div>
      <p class="hint">${bookingText.field.repeatsHint}</p>
      ${problem ? html`<p class="field-problem">${problem}</p>` : nothing}
    </fieldset>`
  }

  #discard = (): void => {
    this.#form.reset()
    navigate(this.#back())
  }

  #back(): string {
    return linkTo('bookings', this.address.query.get('change') ?? undefined)
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const changed = this.#changed
    const booking = await this.#form.submit((values) =>
      changed ? change(changed, values) : client.api.postBookings({ body: requestOf(values) }),
    )
    if (!booking) return
    this.#form.reset()
    say(changed ? bookingText.changed : bookingText.asked(booking.bookingCode))
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
  'resourceKind',
  'stops',
  'recurrence',
  'distanceKm',
  'amount',
] as const

/** What was left empty is not said. Numbers that are none the server refuses at their field. */
function requestOf(values: Values) {
  const { endDate, durationMinutes, purpose, notes, distanceKm, amount } = values
  const isBlock = values.bookingType === 'BLOCK_SCHEDULE'
  const recurrence = isBlock ? weeklyRule(values.weekdays.split(',').filter(Boolean)) : undefined
  const resourceKind = KINDS.find((each) => each === values.resourceKind)
  return {
    bookingType: TYPES.find((each) => each === values.bookingType),
    isBusinessTrip: values.isBusinessTrip === 'true',
    scheduledDate: values.scheduledDate,
    scheduledTime: values.scheduledTime,
    passengerCount: Number(values.passengerCount),
    ...(endDate && isBlock && { endDate }),
    ...(recurrence && { recurrence }),
    ...(values.bookingType === 'MULTI_STOP' && {
      stops: listStops(values.stops, beginningOf(values)),
    }),
    ...(resourceKind && { resourceKind }),
    ...(distanceKm && { distanceKm: Number(distanceKm) }),
    ...(amount && { amount: Number(amount) }),
    ...(values.backdated === 'true' && { backdated: true }),
    ...(durationMinutes && { durationMinutes: Number(durationMinutes) }),
    ...(purpose.trim() && { purpose }),
    ...(notes.trim() && { notes }),
  }
}

const beginningOf = ({ scheduledDate, scheduledTime }: Values) => ({
  date: scheduledDate,
  time: scheduledTime,
  zone: myself().organisation.timezone,
})

/** Only what is another now; what was emptied is taken out. */
async function change(booking: Booking, values: Values): Promise<Booking> {
  const [before, now]: Record<string, unknown>[] = [requestOf(valuesOf(booking)), requestOf(values)]
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])
  const body = Object.fromEntries(
    [...names]
      .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(now?.[name]))
      .map((name) => [name, now?.[name] ?? null]),
  )
  if (Object.keys(body).length === 0) return booking
  const header = { 'If-Match': `"${booking.version}"` }
  return client.api.patchBookingsById({ path: { id: booking.id }, header, body })
}

function valuesOf(booking: Booking): Values {
  const textOf = (value: string | number | null): string => (value === null ? '' : String(value))
  return {
    bookingType: booking.bookingType,
    isBusinessTrip: String(booking.isBusinessTrip),
    scheduledDate: booking.scheduledDate,
    scheduledTime: booking.scheduledTime,
    endDate: textOf(booking.endDate),
    durationMinutes: textOf(booking.durationMinutes),
    passengerCount: String(booking.passengerCount),
    purpose: textOf(booking.purpose),
    notes: textOf(booking.notes),
    resourceKind: textOf(booking.resourceKind),
    stops: booking.stops ? keepStops(booking.stops, booking.scheduledDate) : '',
    weekdays: weekdaysOf(booking.recurrence ?? '').join(),
    distanceKm: textOf(booking.distanceKm),
    amount: textOf(booking.amount),
    backdated: 'false',
  }
}
