// What one may do about a booking now: the staff assigns and confirms, whoever drives it starts and completes, and it is cancelled.

import { html, nothing, type TemplateResult } from 'lit'
import { client, isStaff, myself, type Booking } from './client.ts'
import { sayProblem } from './elements/basic.ts'
import { confirmation } from './elements/confirmation.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { say, sayBefore } from './elements/toast.ts'
import './assign.ts'
import './handover.ts'
import { attempt } from './loaded.ts'
import { Part } from './page.ts'
import { linkTo } from './router.ts'
import { bookingText } from './texts/booking.ts'

type Verb = 'confirm' | 'arriving' | 'start' | 'complete' | 'redirect'
/** What is asked once more: others are told of it, and nothing takes it back. */
type Asked = 'start' | 'complete' | 'redirect'
type Dialog = 'assign' | 'reassign' | 'cancel' | 'handover' | Asked
/** What moves it on, by where it stands. */
const VERBS: Readonly<Partial<Record<Booking['status'], readonly Verb[]>>> = {
  PENDING: ['confirm', 'redirect'],
  CONFIRMED: ['redirect'],
  ASSIGNED: ['start', 'arriving'],
  IN_PROGRESS: ['complete'],
}
const ASSIGNABLE = ['PENDING', 'CONFIRMED']
const REASSIGNABLE = ['ASSIGNED', 'IN_PROGRESS']
/** When something can be written down of what is handed over. */
const HANDED_OVER = ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED']
const CANCELLABLE = ['PENDING_APPROVAL', 'PENDING', 'CONFIRMED', 'ASSIGNED']
/** What a person says themselves; the others come of what happens. */
const REASONS = [
  'USER_REQUEST',
  'SCHEDULE_CONFLICT',
  'DUPLICATE',
  'NO_VEHICLE_AVAILABLE',
  'NO_DRIVER_AVAILABLE',
  'VEHICLE_BREAKDOWN',
  'WEATHER',
  'EMERGENCY',
  'OTHER',
] as const

class BookingActions extends Part {
  static override properties = { booking: { attribute: false } }
  declare booking: Booking
  readonly #form = new Form(this, { reason: 'USER_REQUEST', notes: '' })
  #open: Dialog | undefined
  #isBusy = false
  /** From when it was said until it is done, or taken back. */
  #isCancelling = false

  override render(): TemplateResult | typeof nothing {
    const { status } = this.booking
    const mayAssign = isStaff() && ASSIGNABLE.includes(status)
    const verbs = this.#mayMove() ? (VERBS[status] ?? []) : []
    const mayCancel = CANCELLABLE.includes(status) && (isStaff() || this.booking.requesterId === myself().id)
    const mayReassign = isStaff() && REASSIGNABLE.includes(status)
    const mayHandOver =
      this.#mayMove() && HANDED_OVER.includes(status) && this.booking.assignedResourceId !== null
    if (!mayAssign && verbs.length === 0 && !mayCancel && !mayReassign && !mayHandOver) return nothing
    return html`
      <div class="row">
        ${mayAssign ? this.#drawOpener('assign', bookingText.assign, 'primary') : nothing}
        ${verbs.map((verb, at) => this.#drawVerb(verb, at === 0 && !mayAssign))}
        ${mayCancel ? html`<a class="button" href=${linkTo('bookings', 'new', { change: this.booking.id })}>${bookingText.change}</a>` : nothing}
        ${mayHandOver ? this.#drawOpener('handover', bookingText.handover) : nothing}
        ${mayReassign ? this.#drawOpener('reassign', bookingText.reassign) : nothing}
        ${mayCancel ? this.#drawOpener('cancel', this.#isCancelling ? bookingText.cancelling : bookingText.cancel, 'danger') : nothing}
      </div>
      ${this.#drawDialog()}
    `
  }

  #drawOpener(dialog: Dialog, text: string, kind = ''): TemplateResult {
    return html`<button
      class=${kind}
      ?disabled=${this.#isBusy || this.#isCancelling}
      @click=${() => this.#show(dialog)}
    >
      ${text}
    </button>`
  }

  #drawDialog(): TemplateResult | typeof nothing {
    const { booking } = this
    const open = this.#open
    const close = this.#close
    switch (open) {
      case undefined:
        return nothing
      case 'cancel':
        return modal(bookingText.cancelTitle, this.#drawCancel(), close)
      case 'assign':
      case 'reassign':
        return modal(
          open === 'reassign' ? bookingText.reassign : bookingText.assignTitle,
          html`<bellhop-assign .booking=${booking}></bellhop-assign>`,
          close,
        )
      case 'handover':
        return modal(
          bookingText.handover,
          html`<bellhop-handover .booking=${booking}></bellhop-handover>`,
          close,
        )
      default:
        return confirmation({
          ...bookingText.sure[open],
          act: bookingText[open],
          work: () => this.#move(open),
          close,
        })
    }
  }

  /** The staff confirms; whoever drives it, or the staff, drives it. */
  #mayMove(): boolean {
    return isStaff() || (this.booking.status !== 'PENDING' && this.booking.assignedDriverId === myself().id)
  }

  #drawVerb(verb: Verb, isFirst: boolean): TemplateResult {
    const press = (): void => void (isAsked(verb) ? this.#show(verb) : this.#move(verb))
    return html`<button
      class=${isFirst ? 'primary' : ''}
      ?disabled=${this.#isBusy || this.#isCancelling}
      @click=${press}
    >
      ${verb === 'complete' ? icon('check') : nothing}${bookingText[verb]}
    </button>`
  }

  async #move(verb: Verb): Promise<void> {
    const input = { path: { id: this.booking.id } }
    const { api } = client
    this.#isBusy = true
    this.requestUpdate()
    try {
      await {
        confirm: api.postBookingsByIdConfirm,
        arriving: api.postBookingsByIdArriving,
        start: api.postBookingsByIdStart,
        complete: api.postBookingsByIdComplete,
        redirect: api.postBookingsByIdRedirect,
      }[verb](input)
      if (verb === 'arriving') say(bookingText.arrivingSaid)
    } catch (error) {
      say(sayProblem(error))
    }
    this.#isBusy = false
    this.requestUpdate()
  }

  #drawCancel(): TemplateResult {
    const form = this.#form
    const choices = REASONS.map((each) => [each, bookingText.reason[each]] as const)
    return html`<form @submit=${this.#cancel} novalidate>
      ${field({ form, name: 'reason', label: bookingText.field.reason, choices })}
      ${field({ form, name: 'notes', label: bookingText.field.notes, type: 'textarea' })}
      <div class="dialog-actions">
        <button type="button" @click=${this.#close}>${bookingText.keep}</button>
        <button class="danger" ?disabled=${form.isBusy}>${bookingText.cancel}</button>
      </div>
    </form>`
  }

  /** What cannot be taken back afterwards waits while it can be taken back now. */
  #cancel = (event: Event): void => {
    event.preventDefault()
    const { reason, notes } = this.#form.values
    const path = { id: this.booking.id }
    const body = {
      reason: REASONS.find((each) => each === reason) ?? 'OTHER',
      ...(notes.trim() && { notes }),
    }
    this.#close()
    this.#setCancelling(true)
    sayBefore(
      bookingText.cancelledSoon,
      () => attempt(() => client.api.postBookingsByIdCancel({ path, body }), bookingText.cancelled),
      () => this.#setCancelling(false),
    )
  }

  #setCancelling(is: boolean): void {
    this.#isCancelling = is
    this.requestUpdate()
  }

  #show(open: Dialog): void {
    this.#open = open
    this.#form.reset()
    this.requestUpdate()
  }

  #close = (): void => {
    this.#open = undefined
    this.requestUpdate()
  }
}
customElements.define('bellhop-booking-actions', BookingActions)

const isAsked = (verb: Verb): verb is Asked => verb in bookingText.sure
