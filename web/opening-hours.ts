// Opening hours as one types them: a line for each day of the week, and one for each holiday.

import type { ReplyOf } from '../client/src/index.ts'

type Calendar = ReplyOf<'getOrganisationCalendar'>
type Weekly = NonNullable<Calendar['weekly']>
type Holiday = Calendar['holidays'][number]

const SLOT = /^(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$/
const HOLIDAY = /^(\d{4}-\d{2}-\d{2})\s+(.+?)((?:\s*,?\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2})*)$/

const padded = (time: string): string => time.padStart(5, '0')

/** @throws Error whose message is the text that cannot be read */
function slotsIn(text: string): { from: string; to: string }[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return parts.map((part) => {
    const [, from, to] = SLOT.exec(part) ?? []
    if (from === undefined || to === undefined) throw new Error(part)
    return { from: padded(from), to: padded(to) }
  })
}

/** @param days from Sunday on @throws Error as above */
export function readWeek(days: readonly string[]): Weekly | null {
  const weekly = days.flatMap((text, day) => slotsIn(text).map((slot) => ({ day, ...slot })))
  return weekly.length > 0 ? weekly : null
}

/** @throws Error as above */
export function readHolidays(text: string): Holiday[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return lines.map((line) => {
    const [, date, name, hours = ''] = HOLIDAY.exec(line) ?? []
    if (date === undefined || name === undefined) throw new Error(line)
    const slots = slotsIn(hours.trim().replaceAll(/(\d)\s+(?=\d{1,2}:\d{2}\s*[-–])/g, '$1, '))
    return { date, name, ...(slots.length > 0 && { slots }) }
  })
}

const writeSlots = (slots: readonly { from: string; to: string }[]): string =>
  slots.map(({ from, to }) => `${from}-${to}`).join(', ')

export const writeDay = (weekly: Calendar['weekly'], day: number): string =>
  writeSlots((weekly ?? []).filter((slot) => slot.day === day))

export const writeHolidays = (holidays: readonly Holiday[]): string =>
  holidays.map(({ date, name, slots }) => `${date} ${name}${slots ? ` ${writeSlots(slots)}` : ''}`).join('\n')
