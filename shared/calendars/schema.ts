// Shapes of calendar feeds.

import { id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'

export const NewCalendarFeed = shape({
  resourceId: Type.Optional(
    id('What this resource serves, for the staff; unless given, what concerns oneself.'),
  ),
})
export type NewCalendarFeed = Static<typeof NewCalendarFeed>

export const CalendarFeed = shape({
  id: id('Feed.'),
  resourceId: nullable(id('Whose trips it tells; null: those that its owner asked for or drives.')),
  url: line('Where a calendar program reads it. Whoever knows it reads it, until it is taken back.'),
  createdAt: instant('When it was made.'),
})
export type CalendarFeed = Static<typeof CalendarFeed>
export type CalendarFeedRow = Omit<CalendarFeed, 'url'>
