import { makeFeed, takeBackFeed } from '../../shared/calendars/actions.ts'
import { listFeeds } from '../../shared/calendars/queries.ts'
import { CalendarFeed, NewCalendarFeed } from '../../shared/calendars/schema.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import { MEMBER_ROLES } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { read, write } from '../http/route-builders.ts'

export const calendarRoutes: Route[] = [
  read('/calendars', {
    summary: "Addresses at which calendar programs read one's own trips, or a resource's",
    reply: Type.Array(CalendarFeed),
    handle: (reading, { caller }) => listFeeds(reading, caller),
  }),
  write('post', '/calendars', {
    summary: 'Make such an address; made again it is the same',
    access: MEMBER_ROLES,
    body: NewCalendarFeed,
    reply: CalendarFeed,
    handle: (change, { body, caller }) => makeFeed(change, caller, body),
  }),
  write('delete', '/calendars/:id', {
    summary: 'Take such an address back, at once',
    params: shape({ id: id('Feed.') }),
    reply: CalendarFeed,
    handle: (change, { params, caller }) => takeBackFeed(change, caller, params.id),
  }),
]
