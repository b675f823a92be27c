// Choosing a vehicle and a driver out of what is free at that time, or others than those that serve it; what stands in the way is said.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError, type ReplyOf } from '../client/src/index.ts'
import { client, type Booking } from './client.ts'
import { emptyState, problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { ago } from './elements/time.ts'
import { closeAround } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { noteOf } from './shared/drawings.ts'
import { sayRefusalIn } from './texts/refusals.ts'
import { bookingText } from './texts/booking.ts'
import { language } from './texts/language.ts'

type Free = ReplyOf<'getAvailability'>
type Vehicle = Free['resources'][number]
interface Conflict {
  bookingId: string
  bookingCode: string
  startsAt: string
  endsAt: string
}

class Assign extends Part {
  static override properties = { booking: { attribute: false } }
  declare booking: Booking
  readonly #form = new Form(this, { resourceId: '', driverId: '', reason: '' })
  #free: Free | undefined
  #problem: unknown
  /** It was assigned already when this was opened: what is not chosen stays, and a reason is given. */
  #isChange = false

  override connectedCallback(): void {
    super.connectedCallback()
    this.#isChange = this.booking.assignedResourceId !== null
    void this.#look()
  }

  /** What is too small is shown as well, last. The first of each is chosen, so that one tap is enough. */
  async #look(): Promise<void> {
    const { startsAt, endsAt, passengerCount, resourceKind } = this.booking
    if (!startsAt || !endsAt) return
    const query = { from: startsAt, to: endsAt, kind: resourceKind ?? 'VEHICLE' }
    try {
      const [fitting, all] = await Promise.all([
        client.api.getAvailability({ query: { ...query, seats: passengerCount } }),
        client.api.getAvailability({ query }),
      ])
      const tooSmall = all.resources.filter((each) => this.#isTooSmall(each))
      this.#free = { ...fitting, resources: [...fitting.resources, ...tooSmall] }
      if (this.#isChange) return
      this.#form.set('resourceId', this.#free.resources[0]?.id ?? '')
      if (this.#needsDriver()) this.#form.set('driverId', this.#free.drivers[0]?.id ?? '')
    } catch (error) {
      this.#problem = error
    } finally {
      this.requestUpdate()
    }
  }

  #chosen(): Vehicle | undefined {
    return this.#free?.resources.find(({ id }) => id === this.#form.values.resourceId)
  }

  #needsDriver(): boolean {
    return this.#chosen()?.needsDriver ?? true
  }

  #isTooSmall({ capacity }: Vehicle): boolean {
    return capacity !== null && capacity < this.booking.passengerCount
  }

  /** What can be chosen, by its seats. */
  #nameOf(vehicle: Vehicle): string {
    const { name, capacity } = vehicle
    if (capacity === null) return `${name} · ${bookingText.seatsUnknown}`
    const seats = `${name} · ${bookingText.seats(capacity)}`
    return this.#isTooSmall(vehicle) ? `${seats} · ${bookingText.tooSmall}` : seats
  }

  override render(): TemplateResult {
    const form = this.#form
    if (this.#problem === undefined && !this.#free) return skeleton(2)
    const { resources = [], drivers = [] } = this.#free ?? {}
    if (resources.length === 0 && !this.#isChange) return emptyState('bookings', bookingText.noneFree, '')
    const needsDriver = !this.#isChange && this.#needsDriver()
    if (needsDriver && drivers.length === 0) return emptyState('person', bookingText.noDriverFree, '')
    return html`<form @submit=${this.#submit} novalidate>
      ${this.#drawChoices(needsDriver)}
      ${
        this.#isChange
          ? field({
              form,
              name: 'reason',
              label: bookingText.field.reason,
              hint: bookingText.reassignWhy,
              required: true,
            })
          : nothing
      }
      ${problemNote(form.problemBeside(['resourceId', 'driverId', 'reason']))} ${this.#drawConflicts()}
      <div class="dialog-actions">
        <button class="primary" ?disabled=${form.isBusy}>
          ${this.#isChange ? bookingText.reassign : bookingText.assign}
        </button>
      </div>
    </form>`
  }

  #drawChoices(needsDriver: boolean): TemplateResult {
    const form = this.#form
    const { resources = [], drivers = [] } = this.#free ?? {}
    const unchanged = ['', bookingText.unchanged] as const
    return html`${field({
      form,
      name: 'resourceId',
      label: bookingText.field.vehicle,
      choices: [
        ...(this.#isChange ? [unchanged] : []),
        ...resources.map((each) => [each.id, this.#nameOf(each)] as const),
      ],
    })}
    ${this.#drawCrowd()}
    ${field({
      form,
      name: 'driverId',
      label: bookingText.field.driver,
      choices: [
        ...(this.#isChange ? [unchanged] : needsDriver ? [] : [['', bookingText.nobodyDrives] as const]),
        ...drivers.map(({ id, fullName }) => [id, fullName] as const),
      ],
    })}`
  }

  #drawCrowd(): TemplateResult | typeof nothing {
    const chosen = this.#chosen()
    return chosen?.capacity && this.#isTooSmall(chosen)
      ? noteOf(bookingText.crowd(this.booking.passengerCount, chosen.capacity))
      : nothing
  }

  #drawConflicts(): TemplateResult | typeof nothing {
    const { problem } = this.#form
    if (!(problem instanceof ProblemError)) return nothing
    const conflicts = problem.problem['conflicts']
    if (!Array.isArray(conflicts)) return nothing
    return html`<p>${bookingText.conflicts}</p>
      <ul>
        ${conflicts
          .filter(isConflict)
          .map(
            ({ bookingId, bookingCode, startsAt, endsAt }) =>
              html`<li>
                <a href="/bookings/${bookingId}">${bookingCode}</a> ${ago(startsAt)} – ${ago(endsAt)}
              </li>`,
          )}
      </ul>`
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const path = { id: this.booking.id }
    const assigned = await this.#form.submit(({ resourceId, driverId, reason }) => {
      // Where none was chosen the first is shown, also after a vehicle that needs none.
      const shown = !this.#isChange && this.#needsDriver() ? this.#free?.drivers[0]?.id : undefined
      const driver = (driverId || shown) && { driverId: driverId || shown }
      return this.#isChange
        ? client.api.postBookingsByIdReassign({
            path,
            body: { ...(resourceId && { resourceId }), ...driver, reason },
          })
        : client.api.postBookingsByIdAssign({ path, body: { resourceId, ...driver } })
    })
    if (!assigned) return
    const warnings = assigned.warnings?.map((each) => sayRefusalIn(language, each)) ?? []
    say([bookingText.assigned, ...warnings].join(' '))
    closeAround(this)
  }
}
customElements.define('bellhop-assign', Assign)

const isConflict = (value: unknown): value is Conflict =>
  typeof value === 'object' && value !== null && 'bookingCode' in value && 'startsAt' in value
