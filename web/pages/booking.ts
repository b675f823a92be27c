// One booking: where it stands, what there is to know, and what one may do about it now.

import { html, nothing, type TemplateResult } from 'lit'
import type { LiveList } from '../../client/src/index.ts'
import { client, myself, type Approval, type Booking } from '../client.ts'
import { here } from '../here.ts'
import { approvalSteps } from '../elements/approval.ts'
import { pageHead, sayProblem } from '../elements/basic.ts'
import { bookingStatus, whenOf } from '../elements/booking.ts'
import { facts } from '../shared/drawings.ts'
import { icon } from '../elements/icon.ts'
import { ago, clockOf } from '../elements/time.ts'
import { say } from '../elements/toast.ts'
import '../booking-actions.ts'
import { Names } from '../names.ts'
import { Followed, Page } from '../page.ts'
import { ruleText } from '../rule-text.ts'
import { drawWaiting } from '../shared/live-lines.ts'
import { linkTo, navigate } from '../router.ts'
import { approvalText } from '../texts/approval.ts'
import { bookingText } from '../texts/booking.ts'
import { t } from '../texts/console.ts'
import { language } from '../texts/language.ts'

const WITH_ROOM = ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED']

class BookingPage extends Page {
  readonly #names = new Names(this)
  readonly #followed = new Followed(this, () => client.live.booking(this.address.id ?? ''))
  readonly #approvals = new Followed(this, () => this.#followApprovals())
  #isKnown = false

  override render(): TemplateResult {
    const list = this.#followed.list
    const booking = list?.get()[0]
    const title = booking ? (booking.purpose ?? bookingText.type[booking.bookingType]) : t.sections.bookings
    const head = pageHead(title, booking ? bookingStatus(booking) : nothing, linkTo('bookings'))
    if (!booking) return html`${head}${drawWaiting(language, list, 2)}`
    return html`
      ${head}
      <div class="sections">
        <bellhop-booking-actions .booking=${booking}></bellhop-booking-actions>
        ${this.#drawFacts(booking)} ${this.#drawHandovers(booking)} ${this.#drawApproval()}
        ${this.#drawRoom(booking)}
      </div>
    `
  }

  #drawFacts(booking: Booking): TemplateResult {
    const text = bookingText.field
    const { assignedResourceId, assignedDriverId, cancellationReason } = booking
    const isOpen = ['PENDING_APPROVAL', 'PENDING', 'CONFIRMED'].includes(booking.status)
    const unassigned = isOpen ? bookingText.notAssigned : undefined
    return html`<section class="card padded" aria-label=${bookingText.details}>
      ${facts([
        [bookingText.code, booking.bookingCode],
        [text.when, whenOf(booking)],
        [text.duration, booking.durationMinutes],
        [text.type, bookingText.type[booking.bookingType]],
        [text.occasion, booking.isBusinessTrip ? text.business : text.private],
        [text.repeats, booking.recurrence && ruleText(booking.recurrence)],
        [text.stops, booking.stops && drawStops(booking.stops)],
        [text.passengers, booking.passengerCount],
        [text.kind, booking.resourceKind && bookingText.kind[booking.resourceKind]],
        [text.distance, booking.distanceKm],
        [text.amount, booking.amount],
        [text.waiting, booking.waitingSince && ago(booking.waitingSince)],
        [text.requester, this.#names.person(booking.requesterId)],
        [text.vehicle, assignedResourceId ? this.#names.resource(assignedResourceId) : unassigned],
        [text.driver, assignedDriverId ? this.#names.person(assignedDriverId) : unassigned],
        [text.reassigned, booking.reassignmentReason],
        [text.started, booking.startedAt && ago(booking.startedAt)],
        [text.completed, booking.completedAt && ago(booking.completedAt)],
        [text.notes, booking.notes],
        [text.reason, cancellationReason && bookingText.reason[cancellationReason]],
        [approvalText.note, booking.cancellationNotes],
        [text.created, ago(booking.createdAt)],
      ])}
    </section>`
  }

  #drawHandovers({ handovers }: Booking): TemplateResult | typeof nothing {
    if (handovers.length === 0) return nothing
    const { START, END, odometer, level, note, title } = bookingText.handovers
    return html`<section>
      <h2>${title}</h2>
      ${handovers.map(
        (each) =>
          html`<div class="card padded">
            <h3>${each.moment === 'START' ? START : END}</h3>
            <p class="quiet">${this.#names.person(each.byId)} · ${ago(each.at)}</p>
            ${facts([
              [odometer, each.odometerKm],
              [level, each.level],
              [note, each.note],
            ])}
          </div>`,
      )}
    </section>`
  }

  /** How one has to ask for them depends on what the booking is to oneself. */
  #followApprovals(): LiveList<Approval> | undefined {
    const booking = this.#followed.list?.get()[0]
    if (!booking) return undefined
    const { id, role } = myself()
    const as = role === 'ADMIN' ? 'admin' : booking.requesterId === id ? 'requester' : 'approver'
    return client.live.approvals({ subjectId: booking.id, as })
  }

  protected override willUpdate(): void {
    const isKnown = this.#followed.list?.get()[0] !== undefined
    if (isKnown && !this.#isKnown) this.#approvals.reopen()
    this.#isKnown = isKnown
  }

  #drawApproval(): TemplateResult | typeof nothing {
    const approval = this.#approvals.list?.get()[0]
    if (!approval || approval.steps.length === 0) return nothing
    return html`<section>
      <div class="section-head">
        <h2>${bookingText.approval}</h2>
        <a href=${linkTo('approvals', approval.id)}>${t.action.open}</a>
      </div>
      <div class="card padded">
        ${approvalSteps(approval)}
        <bellhop-decide .place=${here} .approval=${approval}></bellhop-decide>
      </div>
    </section>`
  }

  #drawRoom({ id, status, requesterId, assignedDriverId }: Booking): TemplateResult | typeof nothing {
    const isConcerned = [requesterId, assignedDriverId].includes(myself().id)
    if (!isConcerned || !WITH_ROOM.includes(status)) return nothing
    return html`<p>
      <button @click=${() => openTripRoom(id)}>${icon('chat')}${bookingText.chat}</button>
    </p>`
  }
}
customElements.define('bellhop-booking', BookingPage)

const drawStops = (stops: NonNullable<Booking['stops']>): TemplateResult =>
  html`<ol class="stops">
    ${stops.map(
      ({ name, address, at }) =>
        html`<li>
          ${name} ${address ? html`<span class="quiet">${address}</span>` : nothing}
          ${at ? html`<span class="quiet">${clockOf(at)}</span>` : nothing}
        </li>`,
    )}
  </ol>`

async function openTripRoom(bookingId: string): Promise<void> {
  try {
    const { id } = await client.api.getChatRoomsBookingByBookingId({ path: { bookingId } })
    navigate(linkTo('chat', id))
  } catch (error) {
    say(sayProblem(error))
  }
}
