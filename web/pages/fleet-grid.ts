// A day or a week of the fleet: what waits for a vehicle, and what every vehicle and driver does when.

import { html, type TemplateResult } from 'lit'
import type { LiveList } from '../../client/src/index.ts'
import { client, type Booking } from '../client.ts'
import { dayAfter } from '../days.ts'
import { pageHead } from '../elements/basic.ts'
import { drawDayLanes, type LaneGroup } from '../elements/day-lanes.ts'
import { icon } from '../elements/icon.ts'
import { tabs } from '../elements/tabs.ts'
import { drawWeekLanes } from '../elements/week-lanes.ts'
import { day, dateOf } from '../elements/time.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { isOnDay } from '../recurrence.ts'
import { drawMissing, drawWaiting, isWaitedFor } from '../shared/live-lines.ts'
import { bookingText } from '../texts/booking.ts'
import { gridText } from '../texts/fleet-grid.ts'
import { language } from '../texts/language.ts'

const HOUR = 3_600_000
const UNASSIGNED = ['PENDING', 'CONFIRMED']
const DRIVEN = ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED']

class FleetGrid extends Page {
  readonly #list = new Followed(this, () => client.live.bookings(this.#query()))
  readonly #vehicles = new Followed(this, () => client.live.resources({ kind: 'VEHICLE' }))
  readonly #drivers = new Followed(this, () => client.live.people({ role: 'DRIVER' }))
  readonly #readingOn = new Set<LiveList<unknown>>()
  #asked = ''

  get #day(): string {
    const asked = this.address.query.get('day') ?? ''
    return /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : dateOf(new Date())
  }

  get #isWeek(): boolean {
    return this.address.query.get('view') === 'week'
  }

  /** The days that are shown. */
  get #days(): readonly string[] {
    if (!this.#isWeek) return [this.#day]
    const weekday = (new Date(`${this.#day}T00:00:00Z`).getUTCDay() + 6) % 7
    return Array.from({ length: 7 }, (_, at) => dayAfter(this.#day, at - weekday))
  }

  /** Whatever zone the organisation lives in, its days lie between these. */
  #query(): { from: string; to: string } {
    const [first = this.#day] = this.#days
    const at = Date.parse(`${first}T00:00:00Z`)
    const length = this.#days.length * 24
    return {
      from: new Date(at - 14 * HOUR).toISOString(),
      to: new Date(at + (length + 12) * HOUR).toISOString(),
    }
  }

  protected override willUpdate(): void {
    const asked = this.#days.join()
    if (this.#asked && this.#asked !== asked) this.#list.reopen()
    this.#asked = asked
    for (const { list } of [this.#list, this.#vehicles, this.#drivers])
      if (list?.status === 'live' && list.hasMore) void this.#readOn(list)
  }

  /** All are shown: each time twice as many are asked for. */
  async #readOn(list: LiveList<unknown>): Promise<void> {
    if (this.#readingOn.has(list)) return
    this.#readingOn.add(list)
    await list.more(list.get().length)
    this.#readingOn.delete(list)
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const list = this.#list.list
    const days = this.#days
    const title = this.#isWeek ? gridText.week(day(days[0] ?? ''), day(days.at(-1) ?? '')) : day(this.#day)
    const shown = list?.get().filter((booking) => days.some((each) => isOnDay(booking, each))) ?? []
    return html`
      ${pageHead(title, this.#drawTurning(), linkTo('bookings'))}
      <div class="filters">
        ${tabs(gridText.view, [
          [bookingText.view.grid, linkTo('bookings', 'grid', { day: this.#day }), !this.#isWeek],
          [gridText.weekView, linkTo('bookings', 'grid', { day: this.#day, view: 'week' }), this.#isWeek],
        ])}
      </div>
      ${drawMissing(language, this.#vehicles.list, gridText.missing.vehicles)}
      ${drawMissing(language, this.#drivers.list, gridText.missing.drivers)}
      ${
        isWaitedFor(list)
          ? drawWaiting(language, list, 5)
          : html`${drawMissing(language, list, gridText.missing.trips)} ${this.#drawGroups(shown)}`
      }
    `
  }

  #drawTurning(): TemplateResult {
    const view = this.#isWeek ? 'week' : ''
    const step = this.#isWeek ? 7 : 1
    const to = (days: number): string => linkTo('bookings', 'grid', { day: dayAfter(this.#day, days), view })
    return html`
      <a
        class="icon-button"
        href=${to(-step)}
        aria-label=${this.#isWeek ? gridText.previousWeek : gridText.previous}
        >${icon('previous')}</a
      >
      <input type="date" aria-label=${gridText.day} .value=${this.#day} @change=${this.#turnTo} />
      <a class="icon-button" href=${to(step)} aria-label=${this.#isWeek ? gridText.nextWeek : gridText.next}
        >${icon('next')}</a
      >
      <a class="button" href=${linkTo('bookings', 'grid', { view })}>${gridText.today}</a>
    `
  }

  #turnTo = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.value)
      navigate(linkTo('bookings', 'grid', { day: target.value, view: this.#isWeek ? 'week' : '' }))
  }

  #drawGroups(bookings: readonly Booking[]): TemplateResult {
    const driven = bookings.filter(({ status }) => DRIVEN.includes(status))
    const waiting = bookings.filter(({ status }) => UNASSIGNED.includes(status))
    const of = (key: 'assignedResourceId' | 'assignedDriverId', id: string): Booking[] =>
      driven.filter((each) => each[key] === id)
    const vehicles = (this.#vehicles.list?.get() ?? [])
      .map(({ id, name, status }) => ({ id, name, status, bookings: of('assignedResourceId', id) }))
      // What was retired is shown on the days on which it still drives.
      .filter(({ status, bookings: { length } }) => status !== 'INACTIVE' || length > 0)
    const drivers = (this.#drivers.list?.get() ?? []).map(({ id, fullName }) => ({
      id,
      name: fullName,
      bookings: of('assignedDriverId', id),
    }))
    const groups: LaneGroup[] = [
      { title: gridText.vehicles, lanes: vehicles },
      { title: gridText.drivers, lanes: drivers },
    ]
    if (waiting.length > 0)
      groups.unshift({ title: gridText.unassigned, lanes: [{ id: '', name: '', bookings: waiting }] })
    return this.#isWeek ? drawWeekLanes(this.#days, groups) : drawDayLanes(this.#day, groups)
  }
}
customElements.define('bellhop-fleet-grid', FleetGrid)
