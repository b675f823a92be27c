import { assignBooking, reassignBooking } from '../../shared/bookings/actions/assign.ts'
import { changeBooking } from '../../shared/bookings/actions/change.ts'
import {
  announceArrival,
  cancelBooking,
  completeTrip,
  confirmBooking,
  redirectBooking,
  startTrip,
} from '../../shared/bookings/actions/move.ts'
import { recordHandover } from '../../shared/bookings/actions/record-handover.ts'
import { requestBooking } from '../../shared/bookings/actions/request.ts'
import { countBookings, getBooking, listBookings } from '../../shared/bookings/queries.ts'
import { Availability, AvailabilityQuery, findAvailability } from '../../shared/bookings/availability.ts'
import {
  AssignedBooking,
  DriverAssignment,
  Booking,
  BOOKING_STATUSES,
  BookingPatch,
  BookingRequest,
  Cancellation,
  NewAssignment,
  NewHandover,
} from '../../shared/bookings/schema.ts'
import type { Change, Reading } from '../../shared/kit/store/change.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { withTotal, type PagePart } from '../../shared/kit/store/keyset.ts'
import { choice, id, instantGiven, line, shape, Type } from '../../shared/kit/declare/schema.ts'
import { isStaff, MEMBER_ROLES, STAFF_ROLES, type Actor } from '../../shared/organisations/roles.ts'
import { versionTag } from '../http/etag.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Booking.') })
const etag = versionTag

type Verb = (
  change: Change,
  caller: Actor,
  which: { id: string; ifMatch: number | undefined },
) => Promise<Booking>

function verb(name: string, summary: string, run: Verb): Route {
  return write('post', `/bookings/:id/${name}`, {
    scope: 'bookings:write',
    asItself: true,
    summary,
    params: ById,
    reply: Booking,
    etag,
    refuses: ['impossible_transition'],
    handle: (change, { params, caller, ifMatch }) => run(change, caller, { id: params.id, ifMatch }),
  })
}

export const bookingRoutes: Route[] = [
  write('post', '/bookings', {
    scope: 'bookings:write',
    summary: 'Ask for a booking',
    access: MEMBER_ROLES,
    body: BookingRequest,
    reply: Booking,
    etag,
    // Its number comes from the day's counter.
    gatheredBy: ({ body }) => body.scheduledDate,
    handle: (change, { body, caller }) => requestBooking(change, caller, body),
  }),
  list('/bookings', {
    scope: 'bookings:read',
    asItself: true,
    isFollowed: true,
    summary: 'Bookings, newest first: the staff sees all, others what they asked for or drive',
    item: Booking,
    query: shape({
      status: Type.Optional(choice(BOOKING_STATUSES, 'Only these.')),
      q: Type.Optional(line('Part of a code or purpose.')),
      mine: Type.Optional(Type.Boolean({ description: 'What I asked for or drive.' })),
      resourceId: Type.Optional(id('Only these.')),
      driverId: Type.Optional(id('Only these.')),
      requesterId: Type.Optional(id('Only these.')),
      from: Type.Optional(instantGiven('Not over then.')),
      to: Type.Optional(instantGiven('Begun before.')),
    }),
    handle: (reading, { query, caller }) => page(reading, caller, query),
  }),
  list('/bookings/driver/:driverId', {
    scope: 'bookings:read',
    asItself: true,
    isFollowed: true,
    summary: 'Bookings of a driver, for the driver and the staff',
    params: shape({ driverId: id('Driver.') }),
    item: Booking,
    handle: (reading, { params, query, caller }) => {
      if (!isStaff(caller.role) && caller.id !== params.driverId) throw notFound('Driver')
      return page(reading, caller, { ...query, driverId: params.driverId })
    },
  }),
  read('/availability', {
    scope: 'bookings:read',
    asItself: true,
    summary: 'Which resources and drivers are free in a time',
    access: STAFF_ROLES,
    query: AvailabilityQuery,
    reply: Availability,
    refuses: ['invalid'],
    handle: ({ db }, { query, caller }) => findAvailability(db, caller.orgId, query),
  }),
  read('/bookings/:id', {
    scope: 'bookings:read',
    asItself: true,
    isFollowed: true,
    summary: 'A booking',
    params: ById,
    reply: Booking,
    etag,
    handle: ({ db, now }, { params, caller }) => getBooking(db, caller, params.id, now),
  }),
  write('post', '/bookings/:id/assign', {
    scope: 'bookings:write',
    asItself: true,
    summary: 'Assign a resource and a driver',
    params: ById,
    body: DriverAssignment,
    reply: AssignedBooking,
    etag,
    refuses: ['impossible_transition', 'over_capacity'],
    handle: (change, { params, body, caller, ifMatch }) =>
      assignBooking(change, caller, { id: params.id, ifMatch }, body),
  }),
  write('post', '/bookings/:id/reassign', {
    scope: 'bookings:write',
    asItself: true,
    summary: 'Another resource or driver for an assigned or running trip',
    params: ById,
    body: NewAssignment,
    reply: AssignedBooking,
    etag,
    refuses: ['impossible_transition', 'over_capacity'],
    handle: (change, { params, body, caller, ifMatch }) =>
      reassignBooking(change, caller, { id: params.id, ifMatch }, body),
  }),
  write('patch', '/bookings/:id', {
    scope: 'bookings:write',
    asItself: true,
    summary: 'Change a booking that has not begun',
    params: ById,
    body: BookingPatch,
    reply: AssignedBooking,
    etag,
    refuses: ['impossible_transition', 'over_capacity', 'invalid'],
    handle: (change, { params, body, caller, ifMatch }) =>
      changeBooking(change, caller, { id: params.id, ifMatch }, body),
  }),
  verb('confirm', 'Confirm a booking', confirmBooking),
  verb('arriving', 'Tell the requester that the vehicle is arriving', announceArrival),
  verb('start', 'The trip starts', startTrip),
  verb('complete', 'The trip is completed', completeTrip),
  write('post', '/bookings/:id/handover', {
    scope: 'bookings:write',
    asItself: true,
    summary: 'Note what was found when a vehicle was taken or given back',
    params: ById,
    body: NewHandover,
    reply: Booking,
    etag,
    refuses: ['impossible_transition', 'invalid'],
    handle: (change, { params, body, caller, ifMatch }) =>
      recordHandover(change, caller, { id: params.id, ifMatch }, body),
  }),
  verb('redirect', 'Hand the booking to an outside service', redirectBooking),
  write('post', '/bookings/:id/cancel', {
    scope: 'bookings:write',
    asItself: true,
    summary: 'Cancel a booking',
    params: ById,
    body: Cancellation,
    reply: Booking,
    etag,
    refuses: ['impossible_transition'],
    handle: (change, { params, body, caller, ifMatch }) =>
      cancelBooking(change, caller, { id: params.id, ifMatch }, body),
  }),
]

async function page(
  { db }: Reading,
  caller: Actor,
  { limit, offset, cursor, ...filter }: Parameters<typeof listBookings>[2] & PagePart,
) {
  const part = { limit, offset, cursor }
  return withTotal(await listBookings(db, caller, filter, part), part, () =>
    countBookings(db, caller, filter),
  )
}
