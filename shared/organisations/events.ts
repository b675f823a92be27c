import { declareEvent } from '../kit/declare/event.ts'
import { OpeningCalendar, Organisation } from './schema.ts'

export const organisationChangedEvent = declareEvent(
  'organisation.changed',
  Organisation,
  'Its name, language, time zone or settings changed; to everybody of it, customers and guests without its settings.',
)
export const calendarChangedEvent = declareEvent(
  'calendar.changed',
  OpeningCalendar,
  'When the organisation is open changed; to everybody of it, customers and guests too.',
)
