// Times as people read them. What has a day and a clock of the organisation is shown as it is; instants in the reader's zone.

import { html, type TemplateResult } from 'lit'
import { language } from '../texts/language.ts'

const LOCALE = { vi: 'vi-VN', en: 'en-GB' }[language]
const DAY = new Intl.DateTimeFormat(LOCALE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const DAY_OF_ANOTHER_YEAR = new Intl.DateTimeFormat(LOCALE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })
const MOMENT = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const WHOLE = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' })

/** @param date as 2031-03-10 */
export function day(date: string): string {
  const at = new Date(`${date}T00:00:00Z`)
  return (at.getUTCFullYear() === new Date().getFullYear() ? DAY : DAY_OF_ANOTHER_YEAR).format(at)
}

/** Of today the clock alone, else the day as well; all of it to whoever points at it. */
export function ago(instant: string): TemplateResult {
  const at = new Date(instant)
  const isToday = at.toDateString() === new Date().toDateString()
  return html`<time datetime=${instant} title=${WHOLE.format(at)}
    >${(isToday ? CLOCK : MOMENT).format(at)}</time
  >`
}

export const clockOf = (instant: string): string => CLOCK.format(new Date(instant))

/** The day in the reader's zone, as 2031-03-10. */
export const dateOf = (instant: string | Date): string =>
  new Intl.DateTimeFormat('sv-SE').format(new Date(instant))
