// The organisation's time zone, in which the console shows every instant; said where the reader's clock shows another time.

import { t } from './texts/console.ts'
import { language } from './texts/language.ts'

/** Milliseconds by which the clocks of a zone are before UTC. */
function offsetAt(instant: number, zone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return Date.parse(`${shown.format(instant).replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000
}

/** @param date as 2031-03-10 @param time HH:mm, as clocks show it there; looked at twice, as they are changed in some nights */
export function instantOf(date: string, time: string, zone: string): string {
  const there = Date.parse(`${date}T${time}:00Z`)
  const near = there - offsetAt(there, zone)
  return new Date(there - offsetAt(near, zone)).toISOString()
}

/** When a day begins there. */
export const beginningOf = (date: string, zone: string): string => instantOf(date, '00:00', zone)

/** undefined: the reader's clock shows the same. */
export function noteOfZone(zone: string, now = Date.now()): string | undefined {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (offsetAt(now, zone) === offsetAt(now, own)) return undefined
  const nameIn = (style: 'long' | 'shortOffset'): string =>
    new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: style })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value ?? zone
  return t.shell.zone(nameIn('long'), nameIn('shortOffset'))
}
