// When the organisation is there today, in its own time.

import { html, type TemplateResult } from 'lit'
import type { ReplyOf } from '../../client/src/index.ts'
import { icon } from '../elements/icon.ts'
import type { Language } from '../shared/language.ts'
import { widgetTexts } from './texts.ts'

type Calendar = ReplyOf<'getOrganisationCalendar'>

export function drawOpening(language: Language, calendar: Calendar): TemplateResult {
  const text = widgetTexts[language].customer
  const slots = slotsOf(calendar, new Date())
  const hours =
    slots === undefined
      ? text.aroundTheClock
      : slots.map(({ from, to }) => `${from}–${to}`).join(', ') || text.closedToday
  return html`<p class="quiet opening">${icon('clock')}${text.hours}: ${hours}</p>`
}

/** @returns undefined: around the clock */
function slotsOf(
  { timezone, weekly, holidays }: Calendar,
  now: Date,
): readonly { from: string; to: string }[] | undefined {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(now)
  const holiday = holidays.find((each) => each.date === date)
  if (holiday) return holiday.slots ?? []
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekly?.filter((slot) => slot.day === day)
}
