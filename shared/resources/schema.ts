// What a booking, a ticket or a room is about.

import {
  choice,
  id,
  instant,
  line,
  nullable,
  opaque,
  opaqueGiven,
  shape,
  Type,
  type Static,
} from '../kit/declare/schema.ts'

export const RESOURCE_KINDS = ['VEHICLE', 'STATION', 'PROPERTY'] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]
/** A resource may be for some of these only. */
export const BOOKING_TYPES = ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'] as const
const RESOURCE_STATUSES = ['AVAILABLE', 'IN_USE', 'MAINTENANCE', 'INACTIVE'] as const

/** Nothing can be served by it. */
export function isOutOfService(status: (typeof RESOURCE_STATUSES)[number]): boolean {
  return status === 'MAINTENANCE' || status === 'INACTIVE'
}

const kind = choice(RESOURCE_KINDS, 'What it is.')
const name = line('Name or plate.')
const attributes = opaque('Whatever the organisation keeps about it.')
const attributesGiven = opaqueGiven('Whatever the organisation keeps about it.', 16_384)
const capacity = Type.Integer({ minimum: 1, maximum: 1000, description: 'How many people it takes.' })
const bookingTypes = Type.Array(choice(BOOKING_TYPES, 'A kind of booking.'), {
  minItems: 1,
  uniqueItems: true,
  description: 'For which kinds of bookings it is.',
})
const needsDriver = Type.Boolean({ description: 'Somebody has to be assigned with it.' })
const bufferMinutes = Type.Integer({
  minimum: 0,
  maximum: 1440,
  description: 'For how long after each booking it is made ready for the next.',
})
const status = choice(
  RESOURCE_STATUSES,
  'MAINTENANCE and INACTIVE cannot be assigned; IN_USE: a trip with it runs. AVAILABLE and IN_USE say the same where they are given.',
)
/** As far as a moving thing goes. */
export const odometerKm = Type.Number({
  minimum: 0,
  maximum: 10_000_000,
  description: 'What its odometer shows.',
})

export const Resource = shape({
  id: id('Resource.'),
  kind,
  name,
  attributes,
  capacity: nullable({ ...capacity, description: 'How many people it takes; null: any number.' }),
  bookingTypes: nullable({
    ...bookingTypes,
    description: 'For which kinds of bookings it is; null: for all.',
  }),
  bufferMinutes,
  needsDriver,
  odometerKm: nullable({ ...odometerKm, description: 'What its odometer showed last; null: not known.' }),
  status,
  createdAt: instant('Made.'),
  updatedAt: instant('Last changed.'),
})
export type Resource = Static<typeof Resource>

export const NewResource = shape({
  kind,
  name,
  attributes: Type.Optional(attributesGiven),
  capacity: Type.Optional(capacity),
  bookingTypes: Type.Optional(bookingTypes),
  bufferMinutes: Type.Optional(bufferMinutes),
  needsDriver: Type.Optional({ ...needsDriver, default: true }),
  odometerKm: Type.Optional(odometerKm),
  status: Type.Optional(status),
})
export type NewResource = Static<typeof NewResource>

export const ResourcePatch = Type.Partial(
  shape({
    name,
    attributes: attributesGiven,
    capacity: nullable(capacity),
    bookingTypes: nullable(bookingTypes),
    bufferMinutes,
    needsDriver,
    odometerKm: nullable({ ...odometerKm, description: 'Lower, too: it is another one, or was read wrong.' }),
    status,
  }),
  {
    additionalProperties: false,
    minProperties: 1,
  },
)
export type ResourcePatch = Static<typeof ResourcePatch>
