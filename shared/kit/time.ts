// Arithmetic with instants. Pure: what time it is, the clock says (clock.ts).

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** @param at instant · @param milliseconds may be negative */
export function plus(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds)
}

/** The time of day on a wall there, "07:00". @param timeZone IANA */
export function timeOfDayAt(at: Date, timeZone: string): string {
  return wallClock(at, timeZone).slice(11, 16)
}

/**
 * The next instant at which the wall there shows this time of day. A time that a change of the clocks leaves out is shown
 * as much later as was left out; of a time that comes twice the second counts.
 * @param timeOfDay "07:00" · @param after exclusive
 */
export function nextAt(timeOfDay: string, timeZone: string, after: Date): Date {
  // Days of the calendar there, counted as if they were of UTC: one of 23 hours is a day as well.
  const today = new Date(`${wallClock(after, timeZone).slice(0, 10)}T${timeOfDay}Z`)
  const candidates = [0, 1, 2].map((days) => instantOf(plus(today, days * DAY), timeZone))
  return candidates.find((at) => at > after) ?? plus(after, DAY)
}

/** @param wall what the wall shows there, as if it were UTC */
function instantOf(wall: Date, timeZone: string): Date {
  const guess = plus(wall, -offsetAt(wall, timeZone))
  return plus(wall, -offsetAt(guess, timeZone))
}

function offsetAt(at: Date, timeZone: string): number {
  return new Date(`${wallClock(at, timeZone)}Z`).getTime() - Math.floor(at.getTime() / SECOND) * SECOND
}

/** "2031-03-03T09:00:00": Swedish is written like ISO 8601. */
function wallClock(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T')
}
