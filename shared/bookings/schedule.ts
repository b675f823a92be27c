// What a room says when the times of its trip change.

import { choice, prose, shape, timeOfDay, Type, type Static } from '../kit/declare/schema.ts'
import type { Locale } from '../organisations/schema.ts'

const CHANGE_TYPES = ['LATE_RETURN', 'DEPARTURE_CHANGE'] as const
export const ScheduleChange = shape({
  changeType: Type.Optional(choice(CHANGE_TYPES, 'LATE_RETURN unless given.')),
  newTime: timeOfDay('New time.'),
  originalTime: Type.Optional(timeOfDay('Original time.')),
  reason: prose('Why.', 500),
})
export type ScheduleChange = Static<typeof ScheduleChange>

/** Stands in the room for everybody, hence in the organisation's language. */
export function scheduleChangeText(
  locale: Locale,
  { changeType = 'LATE_RETURN', newTime, originalTime, reason }: ScheduleChange,
): string {
  const words = SCHEDULE_WORDS[locale]
  const instead = originalTime ? ` (${words.instead} ${originalTime})` : ''
  return `${words[changeType]} ${newTime}${instead}. ${words.reason}: ${reason.trim()}`
}

const SCHEDULE_WORDS = {
  vi: {
    LATE_RETURN: 'Về muộn, lúc',
    DEPARTURE_CHANGE: 'Đổi giờ khởi hành thành',
    instead: 'thay vì',
    reason: 'Lý do',
  },
  en: {
    LATE_RETURN: 'Returning late, at',
    DEPARTURE_CHANGE: 'Departure moved to',
    instead: 'instead of',
    reason: 'Reason',
  },
} as const
