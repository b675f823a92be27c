// Shapes of bookings.

import { APPROVAL_TYPES, SimulatedPlan } from '../approvals/schema.ts'
import { ATTACHMENT, Attachment } from '../files/schema.ts'
import { BOOKING_TYPES, odometerKm, RESOURCE_KINDS } from '../resources/schema.ts'
import {
  choice,
  day,
  id,
  instant,
  instantGiven,
  line,
  neededUnless,
  note,
  nullable,
  prose,
  shape,
  timeOfDay,
  Type,
  type Static,
} from '../kit/declare/schema.ts'

export { BOOKING_TYPES }
export const BOOKING_STATUSES = [
  'PENDING_APPROVAL',
  'PENDING',
  'CONFIRMED',
  'ASSIGNED',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELLED',
  'REDIRECTED_EXTERNAL',
] as const
export type BookingStatus = (typeof BOOKING_STATUSES)[number]
export const CANCELLATION_REASONS = [
  'USER_REQUEST',
  'MANAGER_REJECTED',
  'APPROVAL_EXPIRED',
  'NO_VEHICLE_AVAILABLE',
  'NO_DRIVER_AVAILABLE',
  'QUOTA_EXCEEDED',
  'VEHICLE_BREAKDOWN',
  'SCHEDULE_CONFLICT',
  'WEATHER',
  'EMERGENCY',
  'DUPLICATE',
  'OTHER',
] as const
export type CancellationReason = (typeof CANCELLATION_REASONS)[number]

const bookingType = choice(BOOKING_TYPES, 'What kind of trip.')
const isBusinessTrip = Type.Boolean({ description: 'Private trips always need an approval.' })
const scheduledDate = day("In the organisation's time zone.")
const scheduledTime = timeOfDay("In the organisation's time zone.")
const endDate = day('Not before scheduledDate.')
const durationMinutes = Type.Integer({
  minimum: 5,
  maximum: 10_080,
  description: 'Of a schedule on each day.',
})
const passengerCount = Type.Integer({ minimum: 1, maximum: 1000, description: 'How many passengers.' })
const distanceKm = Type.Number({ minimum: 0, maximum: 100_000, description: 'Expected.' })
const amount = Type.Number({
  minimum: 0,
  maximum: 1e12,
  description: "Expected cost, in the organisation's money.",
})
const resourceKind = choice(RESOURCE_KINDS, 'Kind of resource.')

const stop = shape({
  name: line('Where.'),
  address: Type.Optional(prose('Address.', 500)),
  at: Type.Optional(instantGiven('Between its beginning and end, not before the stop before.')),
})
const stops = Type.Array(stop, { minItems: 1, maxItems: 25, description: 'Of a MULTI_STOP, in order.' })
const WEEKDAY = '(MO|TU|WE|TH|FR|SA|SU)'
const recurrence = Type.String({
  maxLength: 100,
  pattern: `^FREQ=(DAILY|WEEKLY|MONTHLY)(;(BYDAY=(-?[1-5])?${WEEKDAY}(,(-?[1-5])?${WEEKDAY})*|UNTIL=\\d{8}|COUNT=[1-9]\\d{0,2}))*$`,
  description:
    'Of a BLOCK_SCHEDULE: on which days, by a rule of RFC 5545 that falls on scheduledDate. ' +
    'It ends by UNTIL (a day), COUNT or endDate, within a year.',
})

const HANDOVER_MOMENTS = ['START', 'END'] as const
const moment = choice(HANDOVER_MOMENTS, 'Moment.')
const level = Type.Integer({ minimum: 0, maximum: 100, description: 'Fuel or charge, in percent.' })
const Handover = shape({
  moment,
  at: instant('When.'),
  byId: nullable(id('null: a program.')),
  resourceId: id('Resource.'),
  odometerKm: nullable(odometerKm),
  level: nullable(level),
  note: nullable(note('Note.')),
  attachments: Type.Array(Attachment),
})
export type Handover = Static<typeof Handover>

/** At least one thing that was found. */
export const NewHandover = shape({
  moment: Type.Optional({ ...moment, description: 'Unless given: END once the trip has begun.' }),
  odometerKm: Type.Optional(odometerKm),
  level: Type.Optional(level),
  note: Type.Optional(note('Note.')),
  attachments: Type.Optional(
    Type.Array(id('A file that you uploaded.'), { uniqueItems: true, maxItems: ATTACHMENT.perMessage }),
  ),
})
export type NewHandover = Static<typeof NewHandover>

export const Booking = shape({
  id: id('Booking.'),
  bookingCode: line('ORG-YYYYMMDD-NNNN: scheduled day and its counter.'),
  requesterId: id('Requester.'),
  bookingType,
  status: choice(BOOKING_STATUSES, 'Where it stands.'),
  approvalType: nullable(choice(APPROVAL_TYPES, 'Approval type.')),
  isBusinessTrip,
  scheduledDate,
  scheduledTime,
  endDate: nullable(endDate),
  durationMinutes: nullable({
    ...durationMinutes,
    description: 'Of a schedule on each day; null: asked for before this was known.',
  }),
  startsAt: nullable(instant('When it begins.')),
  endsAt: nullable(instant('When it is over.')),
  recurrence: nullable(recurrence),
  stops: nullable(stops),
  purpose: nullable(note('Why.')),
  passengerCount,
  distanceKm: nullable(distanceKm),
  amount: nullable(amount),
  resourceKind: nullable({ ...resourceKind, description: 'null: any.' }),
  notes: nullable(note('Notes.')),
  assignedResourceId: nullable(id('Resource.')),
  assignedDriverId: nullable(id('Driver.')),
  waitingSince: nullable(instant('Since when no resource of its kind is free; null: it does not wait.')),
  reassignedById: nullable(id('Who reassigned it.')),
  reassignmentReason: nullable(note('Why.')),
  handovers: Type.Array(Handover, { description: 'At its beginning and end.' }),
  startedAt: nullable(instant('As it was driven.')),
  completedAt: nullable(instant('When it was completed.')),
  cancelledAt: nullable(instant('When it was cancelled.')),
  cancelledById: nullable(id('null: a policy or an expiry.')),
  cancellationReason: nullable(choice(CANCELLATION_REASONS, 'Why.')),
  cancellationNotes: nullable(note('Notes.')),
  version: Type.Integer({ description: 'Counts changes; the ETag.' }),
  createdAt: instant('When it was asked for.'),
  updatedAt: instant('When it last changed.'),
})
export type Booking = Static<typeof Booking>

const request = {
  bookingType: Type.Optional({ ...bookingType, default: 'SINGLE_TRIP' }),
  isBusinessTrip: Type.Optional({ ...isBusinessTrip, default: true }),
  scheduledDate: Type.Optional(scheduledDate),
  scheduledTime: Type.Optional(scheduledTime),
  startsAt: Type.Optional(instantGiven('Instead of scheduledDate and scheduledTime.')),
  endsAt: Type.Optional(instantGiven('Instead of endDate and durationMinutes.')),
  endDate: Type.Optional(endDate),
  durationMinutes: Type.Optional({
    ...durationMinutes,
    description: 'Of a schedule on each day; unless given, as the organisation says for its kind.',
  }),
  recurrence: Type.Optional(recurrence),
  stops: Type.Optional(stops),
  purpose: Type.Optional(note('Why.')),
  passengerCount,
  distanceKm: Type.Optional(distanceKm),
  amount: Type.Optional(amount),
  resourceKind: Type.Optional(resourceKind),
  notes: Type.Optional(note('Notes.')),
  backdated: Type.Optional(Type.Boolean({ description: 'The staff writes down a trip of a past day.' })),
}
const needsStart = neededUnless('startsAt', ['scheduledDate', 'scheduledTime'])
export const BookingRequest = shape(request, needsStart)
export type BookingRequest = Static<typeof BookingRequest>
/** With its times in the organisation's time zone, as a booking has them. */
export type BookingAsk = Omit<BookingRequest, 'startsAt' | 'endsAt'> &
  Pick<Booking, 'scheduledDate' | 'scheduledTime'>

export const BookingPatch = Type.Partial(
  shape({
    bookingType,
    isBusinessTrip,
    scheduledDate,
    scheduledTime,
    startsAt: request.startsAt,
    endsAt: request.endsAt,
    endDate: nullable(endDate),
    durationMinutes,
    recurrence: nullable(recurrence),
    stops: nullable(stops),
    purpose: nullable(note('Why.')),
    passengerCount,
    distanceKm: nullable(distanceKm),
    amount: nullable(amount),
    resourceKind: nullable(resourceKind),
    notes: nullable(note('Notes.')),
    backdated: request.backdated,
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type BookingPatch = Static<typeof BookingPatch>

export const Simulation = shape(
  { ...request, at: Type.Optional(instantGiven('When it is asked; now unless given.')) },
  needsStart,
)
export type Simulation = Static<typeof Simulation>
export const SimulatedRoute = shape({
  ...SimulatedPlan.properties,
  status: choice([...BOOKING_STATUSES, 'REFUSED'], 'As it would begin; REFUSED: not taken.'),
})
export type SimulatedRoute = Static<typeof SimulatedRoute>

export const DriverAssignment = shape({
  resourceId: id('Resource.'),
  driverId: Type.Optional(id('A DRIVER; needed where the resource needs one.')),
})
export type DriverAssignment = Static<typeof DriverAssignment>

/** What is not named stays. */
export const NewAssignment = shape(
  {
    resourceId: Type.Optional(id('Resource.')),
    driverId: Type.Optional(id('A DRIVER.')),
    reason: prose('Those concerned are told.', 500),
  },
  neededUnless('resourceId', ['driverId']),
)
export type NewAssignment = Static<typeof NewAssignment>

/** What stands in the way of an assignment. */
export const Conflict = shape({
  of: choice(['resource', 'driver'], 'Of which.'),
  bookingId: id('Who has it.'),
  bookingCode: line('Booking code.'),
  startsAt: instant('From when on.'),
  endsAt: instant('With the time to make it ready.'),
})
export type Conflict = Static<typeof Conflict>

export const AssignedBooking = shape({
  ...Booking.properties,
  warnings: Type.Optional(
    Type.Array(
      shape({
        code: choice(['conflict', 'over_capacity'], 'Code.'),
        detail: line('What is wrong.', 1000),
        conflicts: Type.Optional(Type.Array(Conflict, { description: 'With which bookings.' })),
      }),
      { description: 'Where settings.conflicts lets it pass.' },
    ),
  ),
})
export type AssignedBooking = Static<typeof AssignedBooking>
export const Cancellation = shape({
  reason: choice(CANCELLATION_REASONS, 'Why.'),
  notes: Type.Optional(note('Notes.')),
})
export type Cancellation = Static<typeof Cancellation>
