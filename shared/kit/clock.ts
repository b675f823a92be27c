// Time enters the house here and nowhere else, so that a test can move it.

export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** @param at instant · @param milliseconds may be negative */
export function plus(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds)
}
