// On which days a booking takes place, by its rule (RFC 5545, as the API takes it): drawn, never decided by.

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const

interface Days {
  scheduledDate: string
  endDate: string | null
  recurrence: string | null
}

/** @param date YYYY-MM-DD, in the organisation's time zone */
export function isOnDay({ scheduledDate, endDate, recurrence }: Days, date: string): boolean {
  if (date < scheduledDate || date > (endDate ?? scheduledDate)) return false
  return recurrence === null || fitsRule(recurrence, scheduledDate, date)
}

function fitsRule(rule: string, first: string, date: string): boolean {
  const parts: Partial<Record<string, string>> = Object.fromEntries(
    rule.split(';').map((part) => part.split('=', 2)),
  )
  const days = parts['BYDAY']?.split(',')
  const weekday = weekdayOf(date)
  if (parts['FREQ'] === 'MONTHLY' && days)
    return (
      numbersInMonth(date).some((number) => days.includes(`${number}${weekday}`)) || days.includes(weekday)
    )
  if (days) return days.includes(weekday)
  if (parts['FREQ'] === 'WEEKLY') return weekday === weekdayOf(first)
  return parts['FREQ'] === 'DAILY' || date.slice(8) === first.slice(8)
}

function weekdayOf(date: string): string {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? ''
}

/** Which of its weekday it is in its month, from the front and from the end. */
function numbersInMonth(date: string): [number, number] {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return [Math.ceil(day / 7), -Math.ceil((length - day + 1) / 7)]
}

/** The rule for these weekdays; every day of a week needs none. */
export function weeklyRule(days: readonly string[]): string | undefined {
  return days.length === 0 || days.length === WEEKDAYS.length ? undefined : `FREQ=WEEKLY;BYDAY=${days.join()}`
}

/** The weekdays of a rule that is weekly; none: it is another. */
export function weekdaysOf(rule: string): string[] {
  return /^FREQ=WEEKLY;BYDAY=([A-Z,]+)/.exec(rule)?.[1]?.split(',') ?? []
}
