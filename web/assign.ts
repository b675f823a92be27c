// Choosing a vehicle and a driver out of what is free at that time; what stands in the way is said.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError, type ReplyOf } from '../client/src/index.ts'
import { client, type Booking } from './client.ts'
import { emptyState, problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { ago } from './elements/time.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { bookingText } from './texts/booking.ts'

type Free = ReplyOf<'getAvailability'>
interface Conflict {
  bookingId: string
  bookingCode: string
  startsAt: string
  endsAt: string
}

class Assign extends Part {
  static override properties = { booking: { attribute: false } }
  declare booking: Booking
  readonly #form = new Form(this, { resourceId: '', driverId: '' })
  #free: Free | undefined
  #problem: unknown

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#look()
  }

  /** The first of each is chosen, so that one tap is enough. */
  async #look(): Promise<void> {
    const { startsAt, endsAt, passengerCount, resourceKind } = this.booking
    if (!startsAt || !endsAt) return
    try {
      this.#free = await client.api.getAvailability({
        query: { from: startsAt, to: endsAt, seats: passengerCount, kind: resourceKind ?? 'VEHICLE' },
      })
      this.#form.set('resourceId', this.#free.resources[0]?.id ?? '')
      this.#form.set('driverId', this.#free.drivers[0]?.id ?? '')
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const form = this.#form
    if (this.#problem === undefined && !this.#free) return skeleton(2)
    const { resources = [], drivers = [] } = this.#free ?? {}
    if (resources.length === 0) return emptyState('bookings', bookingText.noneFree, '')
    if (drivers.length === 0) return emptyState('person', bookingText.noDriverFree, '')
    return html`<form @submit=${this.#submit} novalidate>
      ${field({
        form,
        name: 'resourceId',
        label: bookingText.field.vehicle,
        choices: resources.map(({ id, name, capacity }) => [
          id,
          capacity ? `${name} · ${bookingText.seats(capacity)}` : name,
        ]),
      })}
      ${field({ form, name: 'driverId', label: bookingText.field.driver, choices: drivers.map(({ id, fullName }) => [id, fullName]) })}
      ${problemNote(form.problemBeside(['resourceId', 'driverId']))} ${this.#drawConflicts()}
      <div class="dialog-actions">
        <button class="primary" ?disabled=${form.isBusy}>${bookingText.assign}</button>
      </div>
    </form>`
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
    const assigned = await this.#form.submit(({ resourceId, driverId }) =>
      client.api.postBookingsByIdAssign({ path, body: { resourceId, driverId } }),
    )
    if (!assigned) return
    say(assigned.warnings?.[0]?.detail ?? bookingText.assigned)
    this.dispatchEvent(new CustomEvent('done'))
  }
}
customElements.define('bellhop-assign', Assign)

const isConflict = (value: unknown): value is Conflict =>
  typeof value === 'object' && value !== null && 'bookingCode' in value && 'startsAt' in value
