// The stops of a trip, in order: where, how to find it, and when. They are kept in the form as one text.

import { html, type TemplateResult } from 'lit'
import type { Booking } from './client.ts'
import { icon } from './elements/icon.ts'
import { write } from './elements/inputs.ts'
import { clockOf } from './elements/time.ts'
import { bookingText } from './texts/booking.ts'
import { instantOf } from './zone.ts'

interface Typed {
  name: string
  address: string
  /** HH:mm, in the organisation's zone. */
  time: string
}
interface Beginning {
  date: string
  time: string
  zone: string
}
type Stops = NonNullable<Booking['stops']>

const text = bookingText.stop
const EMPTY: Typed = { name: '', address: '', time: '' }
/** Where it begins, and where it goes. */
const FEWEST = 2
const MOST = 25

function readStops(value: string): Typed[] {
  const typed: Typed[] = value ? JSON.parse(value) : []
  return [...typed, ...Array.from({ length: FEWEST - typed.length }, () => EMPTY)]
}

/** As the form keeps them. */
export const keepStops = (stops: Stops): string =>
  JSON.stringify(
    stops.map(
      ({ name, address = '', at }) => ({ name, address, time: at ? clockOf(at) : '' }) satisfies Typed,
    ),
  )

/**
 * As the API takes them; what nothing was typed into is none. A time before that of the stop before, or of the beginning, is the
 * next day's. @param date as 2031-03-10 @param time HH:mm
 */
export function listStops(value: string, { date, time: begins, zone }: Beginning): Stops {
  let day = Date.parse(date)
  let before = begins
  return readStops(value)
    .filter(({ name, address, time }) => name.trim() || address.trim() || time)
    .map(({ name, address, time }) => {
      if (time && time < before) day += 86_400_000
      before = time || before
      const at = time && instantOf(new Date(day).toISOString().slice(0, 10), time, zone)
      return { name: name.trim(), ...(address.trim() && { address: address.trim() }), ...(at && { at }) }
    })
}

/** @param problem what is wrong with them */
export function stopsField(
  value: string,
  problem: string | undefined,
  keep: (value: string) => void,
): TemplateResult {
  const stops = readStops(value)
  const set = (next: readonly Typed[]): void => keep(JSON.stringify(next))
  const change = (at: number, part: Partial<Typed>): void =>
    set(stops.with(at, { ...(stops[at] ?? EMPTY), ...part }))
  return html`<fieldset class="field stop-fields">
    <legend>${bookingText.field.stops}</legend>
    ${stops.map((stop, at) => drawStop(stop, at, { change, remove: () => set(stops.toSpliced(at, 1)), isLast: at === stops.length - 1, isNeeded: stops.length <= FEWEST }))}
    ${problem ? html`<p class="field-problem">${problem}</p>` : ''}
    <p>
      <button type="button" ?disabled=${stops.length >= MOST} @click=${() => set([...stops, EMPTY])}>
        ${icon('plus')}${text.add}
      </button>
    </p>
  </fieldset>`
}

function drawStop(
  { name, address, time }: Typed,
  at: number,
  {
    change,
    remove,
    isLast,
    isNeeded,
  }: {
    change: (at: number, part: Partial<Typed>) => void
    remove: () => void
    isLast: boolean
    isNeeded: boolean
  },
): TemplateResult {
  const title = at === 0 ? text.from : isLast ? text.to : text.over(at)
  return html`<div class="stop-line" role="group" aria-label=${title}>
    ${write(title, name, (typed) => change(at, { name: typed }))}
    ${write(text.address, address, (typed) => change(at, { address: typed }), { hint: text.addressHint })}
    ${write(text.time, time, (typed) => change(at, { time: typed }), { type: 'time' })}
    ${
      isNeeded
        ? ''
        : html`<button type="button" class="icon-button" aria-label=${text.remove(title)} @click=${remove}>
            ${icon('close')}
          </button>`
    }
  </div>`
}
