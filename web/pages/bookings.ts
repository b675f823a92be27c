// All bookings that one may see, by what stands in the address, newest first.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff, myself, type Booking } from '../client.ts'
import { emptyState, pageHead } from '../elements/basic.ts'
import { bookingLine } from '../elements/booking.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { tabs } from '../elements/tabs.ts'
import { Names } from '../names.ts'
import { Followed, Page } from '../page.ts'
import { linkTo, navigate } from '../router.ts'
import { bookingText } from '../texts/booking.ts'
import { t } from '../texts/console.ts'
import './booking-form.ts'
import './booking.ts'
import './fleet-grid.ts'

type Status = Booking['status']
const STATUSES = Object.keys(bookingText.status)
const isStatus = (value: string | null): value is Status => value !== null && STATUSES.includes(value)

class Bookings extends Page {
  readonly #names = new Names(this)
  readonly #list = new Followed(this, () => client.live.bookings(this.#query()))
  #asked = ''

  #query(): { status?: Status; mine?: boolean } {
    const { query } = this.address
    const status = query.get('status')
    return { ...(isStatus(status) && { status }), ...(query.get('mine') === 'true' && { mine: true }) }
  }

  protected override willUpdate(): void {
    const asked = JSON.stringify(this.#query())
    if (this.#asked && asked !== this.#asked) this.#list.reopen()
    this.#asked = asked
  }

  override render(): TemplateResult {
    const mayAsk = myself().role !== 'DRIVER'
    const ask = html`<a class="button primary" href=${linkTo('bookings', 'new')}
      >${icon('plus')}${bookingText.new}</a
    >`
    const empty = emptyState('bookings', bookingText.empty, bookingText.emptyWhy, mayAsk ? ask : nothing)
    return html`
      ${pageHead(t.sections.bookings, mayAsk ? ask : nothing)}
      <div class="filters">
        ${isStaff() ? this.#drawWhose() : nothing}
        <label class="filter">
          <span>${bookingText.field.status}</span>
          <select @change=${this.#choose}>
            <option value="">${bookingText.all}</option>
            ${STATUSES.filter(isStatus).map(
              (each) =>
                html`<option value=${each} ?selected=${each === this.#query().status}>
                  ${each === 'CANCELLED' ? bookingText.ended : bookingText.status[each]}
                </option>`,
            )}
          </select>
        </label>
      </div>
      ${liveList(this.#list.list, (booking) => bookingLine(booking, this.#names), empty, t.sections.bookings)}
    `
  }

  #drawWhose(): TemplateResult {
    const { status = '', mine } = this.#query()
    return tabs(bookingText.filter, [
      [bookingText.all, linkTo('bookings', undefined, { status }), !mine],
      [bookingText.mine, linkTo('bookings', undefined, { status, mine: 'true' }), mine === true],
      [bookingText.view.grid, linkTo('bookings', 'grid'), false],
    ])
  }

  #choose = ({ target }: Event): void => {
    if (!(target instanceof HTMLSelectElement)) return
    navigate(
      linkTo('bookings', undefined, { status: target.value, mine: this.#query().mine ? 'true' : '' }),
      {
        replace: true,
      },
    )
  }
}
customElements.define('bellhop-bookings', Bookings)

/** The list, the day, a form for a new one, or one of them. */
class BookingsPage extends Page {
  override render(): TemplateResult {
    const { address } = this
    const { id } = address
    // The day of the fleet is the staff's; whoever follows a colleague's link to it sees the list.
    if (id === undefined || (id === 'grid' && !isStaff()))
      return html`<bellhop-bookings .address=${address}></bellhop-bookings>`
    if (id === 'new') return html`<bellhop-booking-form .address=${address}></bellhop-booking-form>`
    if (id === 'grid') return html`<bellhop-fleet-grid .address=${address}></bellhop-fleet-grid>`
    return html`<bellhop-booking .address=${address}></bellhop-booking>`
  }
}
customElements.define('bellhop-bookings-page', BookingsPage)
