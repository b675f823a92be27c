// Arithmetic with instants. Pure: what time it is, the clock says (clock.ts).

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The full hour before it, or it itself. */
export function startOfHour(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR) * HOUR)
}

/** @param at instant · @param milliseconds may be negative */
export function plusMs(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds)
}
