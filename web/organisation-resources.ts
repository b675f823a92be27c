// Vehicles, stations and properties: what can be assigned, how many people it takes, and whether it is in service.

import { html, nothing, type TemplateResult } from 'lit'
import type { InputOf, ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge, emptyState, problemNote, type Tone } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { tick } from './elements/inputs.ts'
import { liveList } from './elements/live-list.ts'
import { modal } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Followed, Part } from './page.ts'
import { bookingText } from './texts/booking.ts'
import { t } from './texts/console.ts'
import { resourcesText as text } from './texts/resources.ts'

type Resource = ReplyOf<'getResources'>[number]
type Fields = InputOf<'patchResourcesById'>['body']

const KINDS = ['VEHICLE', 'STATION', 'PROPERTY'] as const
const TYPES = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const
/** What a person says; that it is on a trip the trip says. */
const STATES = ['AVAILABLE', 'MAINTENANCE', 'INACTIVE'] as const
const TONES: Readonly<Record<Resource['status'], Tone>> = {
  AVAILABLE: 'good',
  IN_USE: 'accent',
  MAINTENANCE: 'wait',
  INACTIVE: 'neutral',
}
const EMPTY = {
  kind: 'VEHICLE',
  name: '',
  capacity: '',
  needsDriver: 'true',
  bookingTypes: '',
  bufferMinutes: '0',
  odometerKm: '',
  status: 'AVAILABLE',
}
type Values = Readonly<Record<keyof typeof EMPTY, string>>
const NAMES = Object.keys(EMPTY)

class OrganisationResources extends Part {
  readonly #resources = new Followed(this, () => client.live.resources())
  #form = new Form(this, EMPTY)
  #open: Resource | 'new' | undefined

  override render(): TemplateResult {
    const empty = emptyState('bookings', text.empty, text.emptyWhy)
    return html`<div class="stack">
      <p>
        <button class="primary" @click=${() => this.#show('new')}>${icon('plus')}${text.add}</button>
      </p>
      ${liveList(this.#resources.list, (resource) => this.#drawLine(resource), empty, text.tab)}
      ${
        this.#open === undefined
          ? nothing
          : modal(this.#open === 'new' ? text.add : this.#open.name, this.#drawForm(), this.#close)
      }
    </div>`
  }

  #drawLine(resource: Resource): TemplateResult {
    const { kind, name, capacity, needsDriver, status } = resource
    const isVehicle = kind === 'VEHICLE'
    const about = [
      bookingText.kind[kind],
      capacity === null ? isVehicle && bookingText.seatsUnknown : bookingText.seats(capacity),
      isVehicle && (needsDriver ? text.driverNeeded : text.noDriver),
    ]
    return html`<li>
      <button class="line" @click=${() => this.#show(resource)}>
        <span class="line-main">
          <span class="strong">${name}</span>
          <span class="quiet">${about.filter(Boolean).join(' · ')}</span>
        </span>
        <span class="line-side">${badge(text.states[status], TONES[status])}</span>
      </button>
    </li>`
  }

  #drawForm(): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#save} novalidate>
      ${
        this.#open === 'new'
          ? field({
              form,
              name: 'kind',
              label: text.kind,
              choices: KINDS.map((each) => [each, bookingText.kind[each]]),
            })
          : nothing
      }
      ${field({ form, name: 'name', label: text.name, required: true })}
      <div class="fields">
        ${field({ form, name: 'capacity', label: text.seats, hint: text.seatsHint, type: 'number', min: '1' })}
        ${field({
          form,
          name: 'needsDriver',
          label: text.drives,
          choices: [
            ['true', text.yes],
            ['false', text.no],
          ],
        })}
      </div>
      ${this.#drawTypes()}
      <div class="fields">
        ${field({ form, name: 'bufferMinutes', label: text.buffer, hint: text.bufferHint, type: 'number', min: '0' })}
        ${field({ form, name: 'odometerKm', label: text.odometer, type: 'number', min: '0' })}
      </div>
      ${field({ form, name: 'status', label: text.status, hint: text.statusHint, choices: STATES.map((each) => [each, text.states[each]]) })}
      ${problemNote(form.problemBeside(NAMES))}
      <div class="dialog-actions">
        <button type="button" @click=${this.#close}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>
          ${this.#open === 'new' ? text.add : t.action.save}
        </button>
      </div>
    </form>`
  }

  #drawTypes(): TemplateResult {
    const chosen = typesOf(this.#form.values)
    const choose = (type: (typeof TYPES)[number], is: boolean): void =>
      this.#form.set(
        'bookingTypes',
        TYPES.filter((each) => (each === type ? is : chosen.includes(each))).join(),
      )
    return html`<fieldset class="field">
      <legend>${text.types}</legend>
      <div class="row">
        ${TYPES.map((type) => tick(bookingText.type[type], chosen.includes(type), (is) => choose(type, is)))}
      </div>
      <p class="hint">${text.typesHint}</p>
    </fieldset>`
  }

  #show(open: Resource | 'new'): void {
    this.#open = open
    this.#form = new Form(this, open === 'new' ? EMPTY : valuesOf(open))
    this.requestUpdate()
  }

  #close = (): void => {
    this.#open = undefined
    this.requestUpdate()
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const open = this.#open
    if (open === undefined) return
    const saved = await this.#form.submit((values) => (open === 'new' ? add(values) : change(open, values)))
    if (!saved) return
    if (this.#open === open) this.#close()
    say(open === 'new' ? text.added : text.saved)
    await this.#resources.list?.reread()
  }
}
customElements.define('bellhop-organisation-resources', OrganisationResources)

const typesOf = ({ bookingTypes }: Pick<Values, 'bookingTypes'>): (typeof TYPES)[number][] =>
  TYPES.filter((each) => bookingTypes.split(',').includes(each))

const numberOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed))

function valuesOf(resource: Resource): Values {
  const { kind, name, capacity, needsDriver, bookingTypes, bufferMinutes, odometerKm, status } = resource
  return {
    kind,
    name,
    capacity: String(capacity ?? ''),
    needsDriver: String(needsDriver),
    bookingTypes: bookingTypes?.join() ?? '',
    bufferMinutes: String(bufferMinutes),
    odometerKm: String(odometerKm ?? ''),
    status: status === 'IN_USE' ? 'AVAILABLE' : status,
  }
}

function fieldsOf(values: Values): Required<Omit<Fields, 'attributes'>> {
  const types = typesOf(values)
  return {
    name: values.name,
    capacity: numberOf(values.capacity),
    needsDriver: values.needsDriver === 'true',
    bookingTypes: types.length === 0 ? null : types,
    bufferMinutes: numberOf(values.bufferMinutes) ?? 0,
    odometerKm: numberOf(values.odometerKm),
    status: STATES.find((each) => each === values.status) ?? 'AVAILABLE',
  }
}

/** What is empty is not said. */
async function add(values: Values): Promise<Resource> {
  const { capacity, bookingTypes, odometerKm, ...fields } = fieldsOf(values)
  const kind = KINDS.find((each) => each === values.kind) ?? 'VEHICLE'
  const given = {
    ...(capacity !== null && { capacity }),
    ...(bookingTypes !== null && { bookingTypes }),
    ...(odometerKm !== null && { odometerKm }),
  }
  return client.api.postResources({ body: { kind, ...fields, ...given } })
}

/** Only what is another now: its odometer, as one reads it, may have gone on meanwhile. */
async function change(resource: Resource, values: Values): Promise<Resource> {
  const before = new Map<string, unknown>(Object.entries(fieldsOf(valuesOf(resource))))
  const changed = Object.entries(fieldsOf(values)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.get(name)),
  )
  if (changed.length === 0) return resource
  return client.api.patchResourcesById({ path: { id: resource.id }, body: Object.fromEntries(changed) })
}
