// The rules of bookings. Pure.

import { approvalTypeBy, ruleFor } from '../approvals/policy/rules.ts'
import { DEFAULT_POLICY, type Facts } from '../approvals/policy/schema.ts'
import type { ApprovalType } from '../approvals/schema.ts'
import { AppError, changedMeanwhile, conflict, invalid } from '../kit/declare/errors.ts'
import { dayAt } from '../kit/time/zone.ts'
import type { User } from '../users/schema.ts'
import type { Resource } from '../resources/schema.ts'
import type { Booking, BookingAsk, BookingStatus, Conflict, DriverAssignment, Handover } from './schema.ts'
import { isStaff, type Actor, type Role } from '../organisations/roles.ts'
import type { Organisation } from '../organisations/schema.ts'

/** What may follow what. */
const TRANSITIONS: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  PENDING_APPROVAL: ['PENDING', 'CANCELLED'],
  PENDING: ['PENDING_APPROVAL', 'CONFIRMED', 'ASSIGNED', 'REDIRECTED_EXTERNAL', 'CANCELLED'],
  CONFIRMED: ['PENDING_APPROVAL', 'PENDING', 'ASSIGNED', 'REDIRECTED_EXTERNAL', 'CANCELLED'],
  // To itself: another vehicle or driver. Back to PENDING: its vehicle or driver is gone.
  // To PENDING_APPROVAL: what was approved has changed.
  ASSIGNED: ['PENDING_APPROVAL', 'PENDING', 'ASSIGNED', 'IN_PROGRESS', 'REDIRECTED_EXTERNAL', 'CANCELLED'],
  IN_PROGRESS: ['COMPLETED', 'CANCELLED'],
  COMPLETED: [],
  CANCELLED: [],
  REDIRECTED_EXTERNAL: [],
}

/** @throws AppError 409 naming both states */
export function mustBecome(booking: Pick<Booking, 'status'>, next: BookingStatus): void {
  if (!TRANSITIONS[booking.status].includes(next))
    throw conflict(`A booking that is ${booking.status} cannot become ${next}`, 'impossible_transition')
}

/** @param ifMatch the version the client saw; undefined: whatever it is now. @throws AppError 412 */
export function mustMatchVersion(booking: Pick<Booking, 'version'>, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && ifMatch !== booking.version)
    throw changedMeanwhile('booking', booking.version, ifMatch)
}

/** Where an organisation has not set a policy of its own. */
export function approvalTypeOf(
  { positionLevel, userSegment }: Pick<User, 'positionLevel' | 'userSegment'>,
  isBusinessTrip: boolean,
): ApprovalType {
  const facts: Facts = {
    'requester.positionLevel': positionLevel,
    'requester.userSegment': userSegment,
    isBusinessTrip,
  }
  return approvalTypeBy(ruleFor(DEFAULT_POLICY.rules, facts))
}

export function initialStatus(approvalType: ApprovalType): BookingStatus {
  return approvalType === 'MANAGER_APPROVAL' ? 'PENDING_APPROVAL' : 'PENDING'
}

/** @throws AppError 422 */
export function mustEndAfterStart(ask: Pick<BookingAsk, 'scheduledDate' | 'endDate'>): void {
  if (ask.endDate && ask.endDate < ask.scheduledDate)
    throw invalid('endDate must not be before scheduledDate')
}

/** @throws AppError 422 */
export function mustBeOnTheWay(
  { bookingType, stops }: Pick<BookingAsk, 'bookingType' | 'stops'>,
  { startsAt, endsAt }: Pick<Booking, 'startsAt' | 'endsAt'>,
): void {
  if (!stops || !startsAt || !endsAt) return
  if (bookingType !== 'MULTI_STOP') throw invalid('stops: only a MULTI_STOP has them')
  let before = startsAt
  for (const [place, { at }] of stops.entries()) {
    const then = at === undefined ? before : new Date(at)
    if (then < before || then > endsAt)
      throw invalid(
        `stops/${place}/at: must not lie before ${before.toISOString()}, of the stop before or the beginning, ` +
          `nor after ${endsAt.toISOString()}, when the trip is over`,
      )
    before = then
  }
}

/** What has passed is written down by the staff alone, who says that it means to. @throws AppError 422 */
export function mustLieAhead(
  ask: Pick<BookingAsk, 'scheduledDate' | 'backdated'>,
  role: Role,
  { timezone }: Pick<Organisation, 'timezone'>,
  now: Date,
): void {
  if (ask.scheduledDate >= dayAt(timezone, now) || (ask.backdated && isStaff(role))) return
  throw invalid(
    `scheduledDate has passed${isStaff(role) ? '; with backdated: true it is taken all the same' : ''}`,
  )
}

/** Whether it is to be served by a resource of its kind, and by none yet. */
export function isInLine({
  status,
  resourceKind,
  assignedResourceId,
}: Pick<Booking, 'status' | 'resourceKind' | 'assignedResourceId'>): boolean {
  return resourceKind !== null && assignedResourceId === null && ['PENDING', 'CONFIRMED'].includes(status)
}

/** What it had is free for others: it is over, goes on with something else, or takes place at another time. */
export function givesBack(before: Booking, moved: Booking): boolean {
  const holds = ({ status }: Booking): boolean => status === 'ASSIGNED' || status === 'IN_PROGRESS'
  if (!holds(before) || !before.assignedResourceId) return false
  return (
    !holds(moved) ||
    (['assignedResourceId', 'startsAt', 'endsAt', 'recurrence'] as const).some(
      (name) => String(moved[name]) !== String(before[name]),
    )
  )
}

/** @throws AppError 409 for what nothing serves, or no longer */
export function mustBeServed({
  status,
  assignedResourceId: resourceId,
  assignedDriverId: driverId,
}: Booking): DriverAssignment {
  if (!['ASSIGNED', 'IN_PROGRESS'].includes(status) || !resourceId)
    throw conflict(
      `A booking that is ${status} cannot be reassigned; it must be ASSIGNED or IN_PROGRESS`,
      'impossible_transition',
    )
  return { resourceId, ...(driverId && { driverId }) }
}

/** What has begun, or is over, stays as it is. @throws AppError 409 */
export function mustBeAhead({ status }: Pick<Booking, 'status'>): void {
  if (!AHEAD.includes(status))
    throw conflict(`A booking that is ${status} cannot be changed any more`, 'impossible_transition')
}

/** Before a trip it is START, once it runs or is over END, unless somebody says which. @throws AppError 409 */
export function momentOf(
  { status }: Pick<Booking, 'status'>,
  given?: Handover['moment'],
): Handover['moment'] {
  const moment = given ?? (status === 'ASSIGNED' ? 'START' : 'END')
  if (MOMENTS[moment].includes(status)) return moment
  throw conflict(
    `A booking that is ${status} has no hand-over ${moment}; it must be ${MOMENTS[moment].join(' or ')}`,
    'impossible_transition',
  )
}

const MOMENTS: Readonly<Record<Handover['moment'], readonly BookingStatus[]>> = {
  START: ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED'],
  END: ['IN_PROGRESS', 'COMPLETED'],
}

const AHEAD: readonly BookingStatus[] = ['PENDING_APPROVAL', 'PENDING', 'CONFIRMED', 'ASSIGNED']

/** @throws AppError 409 with what is in the way */
export function mustBeFree(conflicts: readonly Conflict[]): void {
  if (conflicts.length === 0) return
  throw new AppError(409, 'conflict', conflictText(conflicts), { more: { conflicts } })
}

export function conflictText(conflicts: readonly Conflict[]): string {
  const parts = conflicts.map(
    ({ of, bookingCode, startsAt, endsAt }) =>
      `the ${of} has ${bookingCode} from ${startsAt.toISOString()} to ${endsAt.toISOString()}`,
  )
  return `At that time ${parts.join(', and ')}`
}

/** @returns undefined: they all have a place */
export function crowdText(
  booking: Pick<Booking, 'passengerCount'>,
  { name, capacity }: Pick<Resource, 'name' | 'capacity'>,
): string | undefined {
  return capacity !== null && booking.passengerCount > capacity
    ? `${name} takes ${capacity} people, and ${booking.passengerCount} travel`
    : undefined
}

/** @throws AppError 422 */
export function mustSuit(
  { resourceKind, bookingType }: Pick<Booking, 'resourceKind' | 'bookingType'>,
  { name, kind, bookingTypes }: Pick<Resource, 'name' | 'kind' | 'bookingTypes'>,
): void {
  if (resourceKind && resourceKind !== kind)
    throw invalid(`resourceId: ${name} is a ${kind}, and the booking needs a ${resourceKind}`)
  if (bookingTypes && !bookingTypes.includes(bookingType))
    throw invalid(
      `resourceId: ${name} is for ${bookingTypes.join(', ')}, and the booking is a ${bookingType}`,
    )
}

/** Dispatching is the staff's; everybody else asks. */
export function mayDispatch(actor: Pick<Actor, 'role'>): boolean {
  return isStaff(actor.role)
}

/** Who drives says how the trip goes, and so may the staff. */
export function mayDrive(
  actor: Pick<Actor, 'id' | 'role'>,
  booking: Pick<Booking, 'assignedDriverId'>,
): boolean {
  return isStaff(actor.role) || booking.assignedDriverId === actor.id
}

/** And so may who asked change it, before it begins. */
export function mayCancel(actor: Pick<Actor, 'id' | 'role'>, booking: Pick<Booking, 'requesterId'>): boolean {
  return isStaff(actor.role) || booking.requesterId === actor.id
}

/** @param day YYYY-MM-DD · @param number counts from 1; a day with more than 9,999 bookings gets longer codes, not equal ones */
export function bookingCode(slug: string, day: string, number: number): string {
  return `${slug.toUpperCase()}-${day.replaceAll('-', '')}-${String(number).padStart(4, '0')}`
}
