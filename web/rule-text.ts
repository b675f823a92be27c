// A rule of repetition in words, as far as the form of a booking makes them; any other as it is written.

import { WEEKDAYS, weekdaysOf } from './recurrence.ts'
import { bookingText } from './texts/booking.ts'

export function ruleText(rule: string): string {
  const days = weekdaysOf(rule)
  const names = WEEKDAYS.flatMap((day) => (days.includes(day) ? [bookingText.weekday[day]] : []))
  return names.length > 0 ? names.join(', ') : rule
}
