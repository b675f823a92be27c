// Shapes of calendar feeds.

import { id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'

export const NewCalendarFeed = shape({
  resourceId: Type.Optional(id("For the staff; unless given, one's own trips.")),
})
export type NewCalendarFeed = Static<typeof NewCalendarFeed>

export const CalendarFeed = shape({
  id: id('Feed.'),
  resourceId: nullable(id('null: trips that its owner asked for or drives.')),
  url: line('Whoever knows it reads it, until it is taken back.'),
  createdAt: instant('When it was made.'),
})
export type CalendarFeed = Static<typeof CalendarFeed>
export type CalendarFeedRow = Omit<CalendarFeed, 'url'>
