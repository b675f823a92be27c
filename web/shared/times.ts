// Times as people read them. What has a day and a clock of the organisation is shown as it is; instants in the organisation's zone.

import { html, type TemplateResult } from 'lit'
import type { Language } from './language.ts'

const LOCALES = { vi: 'vi-VN', en: 'en-GB' } as const

interface Times {
  /** @param date as 2031-03-10 */
  day(date: string): string
  /** Of today the clock alone, else the day as well; all of it, with the zone, to whoever points at it. */
  ago(instant: string): TemplateResult
  clockOf(instant: string): string
}

let zone: string | undefined
let dates = new Intl.DateTimeFormat('sv-SE')

/** Before anything is drawn. @param name IANA */
export function showTimesIn(name: string): void {
  dates = new Intl.DateTimeFormat('sv-SE', { timeZone: name })
  zone = name
  made = {}
}

function makeTimes(language: Language): Times {
  const formatOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(LOCALES[language], { timeZone: zone, ...options })
  const dayParts = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const
  const dayOfThisYear = formatOf(dayParts)
  const dayOfAnother = formatOf({ ...dayParts, year: 'numeric' })
  const clock = formatOf({ hour: '2-digit', minute: '2-digit' })
  const moment = formatOf({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const whole = formatOf({
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return {
    day(date) {
      const at = new Date(`${date}T00:00:00Z`)
      return (at.getUTCFullYear() === new Date().getFullYear() ? dayOfThisYear : dayOfAnother).format(at)
    },
    ago(instant) {
      const at = new Date(instant)
      const isToday = dateOf(at) === dateOf(new Date())
      return html`<time datetime=${instant} title=${whole.format(at)}
        >${(isToday ? clock : moment).format(at)}</time
      >`
    },
    clockOf: (instant) => clock.format(new Date(instant)),
  }
}

/** Formats of a language are made once: making them costs more than using them. */
let made: Partial<Record<Language, Times>> = {}

export const timesIn = (language: Language): Times => (made[language] ??= makeTimes(language))

/** The day in that zone, as 2031-03-10. */
export const dateOf = (instant: string | Date): string => dates.format(new Date(instant))
