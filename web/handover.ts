// What is found when a vehicle is taken over, before a trip, or given back after it.

import { html, type TemplateResult } from 'lit'
import { client, type Booking } from './client.ts'
import { problemNote } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { closeAround } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { bookingText } from './texts/booking.ts'

const text = bookingText.handovers
const FIELDS = ['odometerKm', 'level', 'note'] as const

class Handover extends Part {
  static override properties = { booking: { attribute: false } }
  declare booking: Booking
  readonly #form = new Form(this, { moment: '', odometerKm: '', level: '', note: '' })

  override connectedCallback(): void {
    super.connectedCallback()
    this.#form.set('moment', this.booking.status === 'ASSIGNED' ? 'START' : 'END')
  }

  override render(): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#submit} novalidate>
      ${
        this.booking.status === 'ASSIGNED'
          ? html`<p class="quiet">${text.START}</p>`
          : field({
              form,
              name: 'moment',
              label: text.moment,
              choices: [
                ['START', text.START],
                ['END', text.END],
              ],
            })
      }
      <div class="fields">
        ${field({ form, name: 'odometerKm', label: text.odometer, type: 'number', min: '0' })}
        ${field({ form, name: 'level', label: text.level, type: 'number', min: '0' })}
      </div>
      ${field({ form, name: 'note', label: text.note, type: 'textarea' })}
      ${problemNote(form.problemBeside(FIELDS))}
      <div class="dialog-actions">
        <button class="primary" ?disabled=${form.isBusy}>${text.keep}</button>
      </div>
    </form>`
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const kept = await this.#form.submit(({ moment, odometerKm, level, note }) =>
      client.api.postBookingsByIdHandover({
        path: { id: this.booking.id },
        body: {
          moment: moment === 'START' ? 'START' : 'END',
          ...(odometerKm && { odometerKm: Number(odometerKm) }),
          ...(level && { level: Number(level) }),
          ...(note.trim() && { note }),
        },
      }),
    )
    if (!kept) return
    say(text.kept)
    closeAround(this)
  }
}
customElements.define('bellhop-handover', Handover)
