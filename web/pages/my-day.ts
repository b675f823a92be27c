// What concerns one today: what waits for one's decision, what one drives, what one asked for.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { client, isStaff, myself, type Booking } from '../client.ts'
import { approvalCard } from '../elements/approval.ts'
import { emptyState, pageHead } from '../elements/basic.ts'
import { bookingLine } from '../elements/booking.ts'
import { icon, type IconName } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { dateOf } from '../elements/time.ts'
import { Names } from '../names.ts'
import { Followed, Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { bookingText } from '../texts/booking.ts'
import { myDayText } from '../texts/my-day.ts'

const SHOWN = 8
const OVER = ['COMPLETED', 'CANCELLED', 'REDIRECTED_EXTERNAL']

class MyDay extends Page {
  readonly #names = new Names(this)
  readonly #decisions = new Followed(this, () => client.live.approvals({ as: 'approver', status: 'PENDING' }))
  readonly #bookings = new Followed(this, () => client.live.bookings({ mine: true }))

  override connectedCallback(): void {
    super.connectedCallback()
    if (isStaff()) void import('../dispatch.ts')
  }

  override render(): TemplateResult {
    const isDriver = myself().role === 'DRIVER'
    const ask = html`<a class="button primary" href=${linkTo('bookings', 'new')}
      >${icon('plus')}${bookingText.new}</a
    >`
    return html`
      ${pageHead(myDayText.greeting(myself().fullName), isDriver ? nothing : ask)}
      <div class="sections">
        ${this.#drawDecisions()} ${isStaff() ? this.#drawDispatch() : nothing}
        ${
          isDriver
            ? this.#drawBookings(myDayText.trips, 'calendar', myDayText.noTrips, myDayText.noTripsWhy)
            : this.#drawBookings(
                myDayText.requests,
                'bookings',
                myDayText.noRequests,
                myDayText.noRequestsWhy,
              )
        }
      </div>
    `
  }

  /** Of each day another, which follows other lists. */
  #drawDispatch(): unknown {
    return keyed(
      dateOf(new Date()),
      html`<bellhop-dispatch @day-over=${() => this.requestUpdate()}></bellhop-dispatch>`,
    )
  }

  #drawDecisions(): TemplateResult | typeof nothing {
    const list = this.#decisions.list
    // Who is never asked needs no place for it.
    const isAsked = !isStaff() && !['DRIVER', 'CUSTOMER', 'GUEST'].includes(myself().role)
    if (list?.get().length === 0 && list.status !== 'loading' && !isAsked) return nothing
    const empty = emptyState('approvals', myDayText.noDecisions, myDayText.noDecisionsWhy)
    return html`<section aria-labelledby="decisions">
      <h2 id="decisions">${myDayText.decisions}</h2>
      ${liveList(list, approvalCard, empty, myDayText.decisions)}
    </section>`
  }

  #drawLine = (booking: Booking): TemplateResult => bookingLine(booking, this.#names)

  #drawBookings(
    title: string,
    drawing: IconName,
    none: string,
    why: string,
  ): TemplateResult | typeof nothing {
    const list = this.#bookings.list
    // Who sends out vehicles seldom asks for one.
    if (isStaff() && (!list || ahead(list.get()).length === 0)) return nothing
    return html`<section aria-labelledby="mine">
      <div class="section-head">
        <h2 id="mine">${title}</h2>
        <a href=${linkTo('bookings', undefined, { mine: 'true' })}>${myDayText.all}</a>
      </div>
      ${liveList(list, this.#drawLine, emptyState(drawing, none, why), title, ahead)}
    </section>`
  }
}
customElements.define('bellhop-my-day', MyDay)

/** What comes first stands first; what should be over by now, and is not, takes the place of none of it. */
function ahead(all: readonly Booking[]): readonly Booking[] {
  const today = dateOf(new Date())
  const placeOf = ({ status, scheduledDate, scheduledTime, endDate }: Booking): string => {
    const isLate = status !== 'IN_PROGRESS' && (endDate ?? scheduledDate) < today
    return `${Number(isLate)} ${scheduledDate} ${scheduledTime}`
  }
  return all
    .filter(({ status }) => !OVER.includes(status))
    .toSorted((one, other) => placeOf(one).localeCompare(placeOf(other)))
    .slice(0, SHOWN)
}
