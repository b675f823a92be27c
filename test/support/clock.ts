import type { Clock } from '../../shared/kit/process/clock.ts'

/** A Monday, 9:00 in Hồ Chí Minh City. In the future, so that nothing delayed fires by itself; before 2039 (BullMQ's arithmetic). */
export const START = new Date('2031-03-03T02:00:00Z')

export class VirtualClock implements Clock {
  private at = START.getTime()

  now(): Date {
    return new Date(this.at)
  }

  /** Never back. */
  moveTo(instant: Date): void {
    this.at = Math.max(this.at, instant.getTime())
  }
}

const UNITS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** "30 minutes", "1 hour" → milliseconds. */
export function lengthOf(text: string): number {
  const [, amount, unit] = /^(\d+) (second|minute|hour|day)s?$/.exec(text) ?? []
  const factor = UNITS[unit ?? '']
  if (!amount || !factor) throw new Error(`What length is "${text}"?`)
  return Number(amount) * factor
}
