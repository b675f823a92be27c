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
const capacity = Type.Integer({ minimum: 1, maximum: 1000, description: 'Capacity.' })
const bookingTypes = Type.Array(choice(BOOKING_TYPES, 'Type of booking.'), {
  minItems: 1,
  uniqueItems: true,
  description: 'Types of bookings.',
})
const needsDriver = Type.Boolean({ description: 'Whether it needs a driver.' })
const bufferMinutes = Type.Integer({
  minimum: 0,
  maximum: 1440,
  description: 'To make it ready after each booking.',
})
const status = choice(
  RESOURCE_STATUSES,
  'MAINTENANCE and INACTIVE cannot be assigned; IN_USE: a trip with it runs. Given, it says the same as AVAILABLE.',
)
/** As far as a moving thing goes. */
export const odometerKm = Type.Number({
  minimum: 0,
  maximum: 10_000_000,
  description: 'Odometer.',
})

export const Resource = shape({
  id: id('Resource.'),
  kind,
  name,
  attributes,
  capacity: nullable({ ...capacity, description: 'People; null: any number.' }),
  bookingTypes: nullable({
    ...bookingTypes,
    description: 'null: all.',
  }),
  bufferMinutes,
  needsDriver,
  odometerKm: nullable({ ...odometerKm, description: 'As last seen; null: unknown.' }),
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
    odometerKm: nullable({ ...odometerKm, description: 'Lower, too: another one, or read wrong.' }),
    status,
  }),
  {
    additionalProperties: false,
    minProperties: 1,
  },
)
export type ResourcePatch = Static<typeof ResourcePatch>

export const ResourceChanged = shape({ id: id('Resource.') })
