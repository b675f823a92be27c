// The lanes of a week, a column for each day.

import { html, nothing, type TemplateResult } from 'lit'
import type { Booking } from '../client.ts'
import { isOnDay } from '../recurrence.ts'
import { linkTo } from '../router.ts'
import { gridText } from '../texts/fleet-grid.ts'
import type { LaneGroup } from './day-lanes.ts'
import { day, dateOf } from './time.ts'

/** @param days YYYY-MM-DD @param groups of the bookings of these days */
export function drawWeekLanes(days: readonly string[], groups: readonly LaneGroup[]): TemplateResult {
  const today = dateOf(new Date())
  return html`<div class="week card" tabindex="0" role="region" aria-label=${gridText.weekView}>
    <table>
      <thead>
        <tr>
          <td></td>
          ${days.map(
            (each) =>
              html`<th scope="col" aria-current=${each === today ? 'date' : nothing}>
                <a href=${linkTo('bookings', 'grid', { day: each })}>${day(each)}</a>
              </th>`,
          )}
        </tr>
      </thead>
      ${groups.map((group) => drawGroup(group, days))}
    </table>
  </div>`
}

const drawGroup = ({ title, lanes }: LaneGroup, days: readonly string[]): TemplateResult => html`
  <tbody>
    ${lanes.map(
      ({ name, bookings }) =>
        html`<tr>
          <th scope="row">${name || title}</th>
          ${days.map((each) => drawCell(bookings.filter((booking) => isOnDay(booking, each))))}
        </tr>`,
    )}
  </tbody>
`

const drawCell = (bookings: readonly Booking[]): TemplateResult =>
  html`<td>
    ${
      bookings.length === 0
        ? nothing
        : html`<ul>
            ${bookings
              .toSorted((one, other) => one.scheduledTime.localeCompare(other.scheduledTime))
              .map(
                ({ id, status, scheduledTime, purpose, bookingCode }) =>
                  html`<li>
                    <a
                      class="block clip"
                      data-status=${status}
                      href=${linkTo('bookings', id)}
                      title="${scheduledTime} ${purpose ?? bookingCode}"
                      >${scheduledTime} ${purpose ?? bookingCode}</a
                    >
                  </li>`,
              )}
          </ul>`
    }
  </td>`
