// The stops of a trip, in order: where, how to find it, and when. They are kept in the form as one text.

import { html, type TemplateResult } from 'lit'
import type { Booking } from './client.ts'
import { icon } from './elements/icon.ts'
import { write } from './elements/inputs.ts'
import { dayAfter, daysBetween } from './days.ts'
import { clockOf, dateOf } from './elements/time.ts'
import { daysOf, type StopTime } from './stop-days.ts'
import { bookingText } from './texts/booking.ts'
import { instantOf } from './zone.ts'

interface Typed extends StopTime {
  name: string
  address: string
}
interface Beginning {
  date: string
  time: string
  zone: string
}
type Stops = NonNullable<Booking['stops']>

const text = bookingText.stop
const EMPTY: Typed = { name: '', address: '', time: '' }
/** What is typed after it was emptied is typed anew. */
const EMPTY_TIME = { time: '', known: undefined }
/** Where it begins, and where it goes. */
const FEWEST = 2
const MOST = 25

function readStops(value: string): Typed[] {
  const typed: Typed[] = value ? JSON.parse(value) : []
  return [...typed, ...Array.from({ length: FEWEST - typed.length }, () => EMPTY)]
}

/** As the form keeps them. @param date of the trip */
export function keepStops(stops: Stops, date: string): string {
  const kept = stops.map(({ name, address = '', at }): Typed => {
    if (!at) return { name, address, time: '' }
    const time = clockOf(at)
    return { name, address, time, known: { time, days: daysBetween(date, dateOf(new Date(at))) } }
  })
  return JSON.stringify(kept)
}

/** As the API takes them; what nothing was typed into is none. @param date as 2031-03-10 @param time HH:mm */
export function listStops(value: string, { date, time: begins, zone }: Beginning): Stops {
  const stops = readStops(value).filter(({ name, address, time }) => name.trim() || address.trim() || time)
  const days = daysOf(stops, begins)
  return stops.map(({ name, address, time }, index) => {
    const at = time && instantOf(dayAfter(date, days[index] ?? 0), time, zone)
    return { name: name.trim(), ...(address.trim() && { address: address.trim() }), ...(at && { at }) }
  })
}

/** @param begins HH:mm, the trip @param problem what is wrong with them */
export function stopsField(
  value: string,
  begins: string,
  problem: string | undefined,
  keep: (value: string) => void,
): TemplateResult {
  const stops = readStops(value)
  const days = daysOf(stops, begins)
  const set = (next: readonly Typed[]): void => keep(JSON.stringify(next))
  const change = (at: number, part: Partial<Typed>): void =>
    set(stops.with(at, { ...(stops[at] ?? EMPTY), ...part }))
  return html`<fieldset class="field stop-fields">
    <legend>${bookingText.field.stops}</legend>
    ${stops.map((stop, at) => drawStop(stop, at, { change, remove: () => set(stops.toSpliced(at, 1)), days: days[at] ?? 0, isLast: at === stops.length - 1, isNeeded: stops.length <= FEWEST }))}
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
    days,
    isLast,
    isNeeded,
  }: {
    change: (at: number, part: Partial<Typed>) => void
    remove: () => void
    days: number
    isLast: boolean
    isNeeded: boolean
  },
): TemplateResult {
  const title = at === 0 ? text.from : isLast ? text.to : text.over(at)
  return html`<div class="stop-line" role="group" aria-label=${title}>
    ${write(title, name, (typed) => change(at, { name: typed }))}
    ${write(text.address, address, (typed) => change(at, { address: typed }), { hint: text.addressHint })}
    ${write(text.time, time, (typed) => change(at, typed ? { time: typed } : EMPTY_TIME), { type: 'time' })}
    ${
      isNeeded
        ? ''
        : html`<button type="button" class="icon-button" aria-label=${text.remove(title)} @click=${remove}>
            ${icon('close')}
          </button>`
    }
    ${time && days > 0 ? html`<p class="hint">${text.daysLater(days)}</p>` : ''}
  </div>`
}
