// The lanes of a day: what waits, and what every vehicle and driver does when.

import { html, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import type { Booking } from '../client.ts'
import { linkTo } from '../router.ts'
import { gridText } from '../texts/fleet-grid.ts'
import { day } from './time.ts'

const QUARTER = 15
/** The hours that are always shown. */
const EARLY = 6
const LATE = 20

export interface Lane {
  id: string
  name: string
  bookings: readonly Booking[]
}
/** Lanes under one title. */
export interface LaneGroup {
  title: string
  lanes: readonly Lane[]
}

/** @param date YYYY-MM-DD @param groups of the bookings of that day */
export function drawDayLanes(date: string, groups: readonly LaneGroup[]): TemplateResult {
  const hours = hoursOf(groups.flatMap(({ lanes }) => lanes.flatMap(({ bookings }) => bookings)))
  return html`
    <div class="day card" tabindex="0" role="region" aria-label=${day(date)}>
      ${drawHours(hours)} ${groups.map(({ title, lanes }) => drawGroup(title, lanes, hours))}
    </div>
  `
}

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
          ${name ? html`<h3>${name}</h3>` : html`<span></span>`}
          <ul
            ${wide(hours)}
            aria-label=${bookings.length === 0 ? `${name}: ${gridText.free}` : name || title}
          >
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
      aria-label=${gridText.label(name, clockAt(start), clockAt(end))}
      title=${gridText.label(name, clockAt(start), clockAt(end))}
      >${name}</a
    >
  </li>`
}
