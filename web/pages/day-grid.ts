// A day of the fleet: what waits for a vehicle, and what every vehicle and driver does when.

import { html, nothing, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import { client, type Booking } from '../client.ts'
import { pageHead, problemNote, skeleton } from '../elements/basic.ts'
import { icon } from '../elements/icon.ts'
import { day, dateOf } from '../elements/time.ts'
import { Names, people, resources } from '../names.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { bookingText } from '../texts/booking.ts'

const HOUR = 3_600_000
const QUARTER = 15
/** The hours that are always shown. */
const EARLY = 6
const LATE = 20
const UNASSIGNED = ['PENDING', 'CONFIRMED']
const DRIVEN = ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED']
const text = bookingText.grid

interface Lane {
  id: string
  name: string
  bookings: readonly Booking[]
}

class DayGrid extends Page {
  readonly #names = new Names(this)
  readonly #list = new Followed(this, () => client.live.bookings(this.#query()))
  #vehicles: readonly string[] = []
  #drivers: readonly string[] = []
  #asked = ''

  get #day(): string {
    const asked = this.address.query.get('day') ?? ''
    return /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : dateOf(new Date())
  }

  /** Whatever zone the organisation lives in, its day lies between these. */
  #query(): { from: string; to: string } {
    const at = Date.parse(`${this.#day}T00:00:00Z`)
    return { from: new Date(at - 14 * HOUR).toISOString(), to: new Date(at + 36 * HOUR).toISOString() }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#readLanes()
  }

  protected override willUpdate(): void {
    const { list } = this.#list
    if (this.#asked && this.#asked !== this.#day) this.#list.reopen()
    else if (list?.status === 'live' && list.get().length > 0 && list.get().length % 50 === 0)
      void list.more()
    this.#asked = this.#day
  }

  async #readLanes(): Promise<void> {
    const [vehicles, drivers] = await Promise.all([
      client.api.getResources({ query: { kind: 'VEHICLE', limit: 100 } }).catch(() => []),
      client.api.getPeople({ query: { role: 'DRIVER', limit: 100 } }).catch(() => []),
    ])
    resources.learn(vehicles.map(({ id, name }) => [id, name]))
    people.learn(drivers.map(({ id, fullName }) => [id, fullName]))
    this.#vehicles = vehicles.map(({ id }) => id)
    this.#drivers = drivers.map(({ id }) => id)
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const list = this.#list.list
    const isLoading = !list || list.status === 'loading'
    return html`
      ${pageHead(day(this.#day), this.#drawTurning(), linkTo('bookings'))}
      ${list?.status === 'failed' ? problemNote(list.problem) : isLoading ? skeleton(5) : this.#drawDay(list.get().filter(this.#isOfDay))}
    `
  }

  #isOfDay = ({ scheduledDate, endDate }: Booking): boolean =>
    scheduledDate <= this.#day && this.#day <= (endDate ?? scheduledDate)

  #drawTurning(): TemplateResult {
    const at = Date.parse(`${this.#day}T00:00:00Z`)
    const to = (days: number): string =>
      linkTo('bookings', 'grid', { day: new Date(at + days * 24 * HOUR).toISOString().slice(0, 10) })
    return html`
      <a class="icon-button" href=${to(-1)} aria-label=${text.previous}>${icon('previous')}</a>
      <input type="date" aria-label=${text.day} .value=${this.#day} @change=${this.#turnTo} />
      <a class="icon-button" href=${to(1)} aria-label=${text.next}>${icon('next')}</a>
      <a class="button" href=${linkTo('bookings', 'grid')}>${text.today}</a>
    `
  }

  #turnTo = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.value)
      navigate(linkTo('bookings', 'grid', { day: target.value }))
  }

  #drawDay(bookings: readonly Booking[]): TemplateResult {
    const hours = hoursOf(bookings)
    const driven = bookings.filter(({ status }) => DRIVEN.includes(status))
    const waiting = bookings.filter(({ status }) => UNASSIGNED.includes(status))
    const lanes = (
      ids: readonly string[],
      of: 'assignedResourceId' | 'assignedDriverId',
      name: (id: string) => string,
    ): Lane[] => ids.map((id) => ({ id, name: name(id), bookings: driven.filter((each) => each[of] === id) }))
    return html`
      <div class="day card" tabindex="0" role="region" aria-label=${day(this.#day)}>
        ${drawHours(hours)}
        ${waiting.length > 0 ? drawGroup(text.unassigned, [{ id: '', name: '', bookings: waiting }], hours) : nothing}
        ${drawGroup(text.vehicles, lanes(this.#vehicles, 'assignedResourceId', this.#names.resource), hours)}
        ${drawGroup(text.drivers, lanes(this.#drivers, 'assignedDriverId', this.#names.person), hours)}
      </div>
    `
  }
}
customElements.define('bellhop-day-grid', DayGrid)

interface Hours {
  from: number
  until: number
}

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
const startOf = ({ scheduledTime }: Booking): number => minutesOf(scheduledTime)
const endOf = (booking: Booking): number =>
  Math.min(startOf(booking) + (booking.durationMinutes ?? 60), 24 * 60)
const clockAt = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

function hoursOf(bookings: readonly Booking[]): Hours {
  return {
    from: Math.min(EARLY, ...bookings.map((each) => Math.floor(startOf(each) / 60))),
    until: Math.max(LATE, ...bookings.map((each) => Math.ceil(endOf(each) / 60))),
  }
}

/** Columns of a quarter of an hour; set by script, as the page takes no styles out of markup. */
const across = (from: number, until: number) =>
  ref((element) => {
    if (element instanceof HTMLElement) element.style.gridColumn = `${from} / ${Math.max(until, from + 1)}`
  })

const wide = ({ from, until }: Hours) =>
  ref((element) => {
    if (element instanceof HTMLElement) element.style.setProperty('--quarters', String((until - from) * 4))
  })

const drawHours = (hours: Hours): TemplateResult => html`
  <div class="lane hours" aria-hidden="true">
    <span></span>
    <ol ${wide(hours)}>
      ${Array.from({ length: hours.until - hours.from }, (_, at) => html`<li ${across(at * 4 + 1, at * 4 + 5)}>${clockAt((hours.from + at) * 60)}</li>`)}
    </ol>
  </div>
`

const drawGroup = (title: string, lanes: readonly Lane[], hours: Hours): TemplateResult => html`
  <section>
    <h2>${title}</h2>
    ${lanes.map(
      ({ name, bookings }) =>
        html`<div class="lane">
          <h3 class="clip" title=${name}>${name || nothing}</h3>
          <ul ${wide(hours)} aria-label=${bookings.length === 0 ? `${name}: ${text.free}` : name || title}>
            ${bookings.map((booking) => drawBlock(booking, hours))}
          </ul>
        </div>`,
    )}
  </section>
`

function drawBlock(booking: Booking, { from }: Hours): TemplateResult {
  const [start, end] = [startOf(booking), endOf(booking)]
  const quarter = (minutes: number): number => Math.floor((minutes - from * 60) / QUARTER) + 1
  const name = booking.purpose ?? booking.bookingCode
  return html`<li ${across(quarter(start), quarter(end - 1) + 1)}>
    <a
      class="block clip"
      data-status=${booking.status}
      href=${linkTo('bookings', booking.id)}
      aria-label=${text.label(name, clockAt(start), clockAt(end))}
      title=${text.label(name, clockAt(start), clockAt(end))}
      >${name}</a
    >
  </li>`
}
