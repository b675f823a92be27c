// What a request would be: its times, and who is to be asked about it.

import { planFor, policyIn } from '../../approvals/actions/next-step.ts'
import { isCovered, type PlannedRequest } from '../../approvals/plan/rules.ts'
import { ruleFor } from '../../approvals/policy/rules.ts'
import type { PolicyRule } from '../../approvals/policy/schema.ts'
import type { RouteFacts } from '../../approvals/route-facts.ts'
import type { ApprovalType } from '../../approvals/schema.ts'
import { invalid } from '../../kit/declare/errors.ts'
import type { Reading } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import { mustBeOnTheWay, mustEndAfterStart } from '../rules.ts'
import type { Booking, BookingAsk } from '../schema.ts'
import { mustEndInAYear, spansOf, usualMinutes, wholeOf } from '../span.ts'
import { factsOf } from '../subject.ts'

/** @throws AppError 422 */
export function mustHoldTogether(ask: BookingAsk, organisation: RouteFacts['organisation']): void {
  mustEndAfterStart(ask)
  mustEndInAYear(ask)
  mustBeOnTheWay(ask, timesOf(ask, organisation))
}

export type AskedUnder = { version: number; rule: number } | undefined

/** By the rule that it meets. @returns also which one that is, unless it is one of the default policy */
export async function planOf(
  reading: Pick<Reading, 'db' | 'config' | 'now'>,
  { orgId }: Pick<Actor, 'orgId'>,
  facts: RouteFacts,
  ask: BookingAsk,
): Promise<{ plan: PlannedRequest; rule: PolicyRule; policy: AskedUnder }> {
  const { startsAt } = timesOf(ask, facts.organisation)
  const leadTime = startsAt && startsAt.getTime() - reading.now.getTime()
  const { version, rules } = policyIn(facts)
  const rule = ruleFor(rules, factsOf(ask, facts.requester, leadTime))
  const plan = await planFor(reading, orgId, facts, rule)
  return { plan, rule, policy: facts.policy ? { version, rule: rules.indexOf(rule) } : undefined }
}

const NO_APPROVER =
  'You have no manager who could approve it, and your organisation does not approve such bookings'

/** @throws AppError 422 where nobody could approve it, and the organisation wants somebody to */
export function approvalTypeIn(plan: PlannedRequest, { settings }: RouteFacts['organisation']): ApprovalType {
  if (plan.lacksApprover && settings.noApprover === 'refuse') throw invalid(NO_APPROVER)
  return plan.lacksApprover || isCovered(plan) ? 'AUTO_APPROVED' : plan.approvalType
}

export function timesOf(
  ask: BookingAsk,
  organisation: RouteFacts['organisation'],
): Pick<Booking, 'durationMinutes' | 'startsAt' | 'endsAt'> {
  const when = {
    ...ask,
    bookingType: ask.bookingType ?? 'SINGLE_TRIP',
    endDate: ask.endDate ?? null,
    recurrence: ask.recurrence ?? null,
  }
  const durationMinutes = ask.durationMinutes ?? usualMinutes(when.bookingType, organisation)
  return { durationMinutes, ...wholeOf(spansOf(when, durationMinutes, organisation.timezone)) }
}

/** What it says, as a row has it. */
export function newDetails(ask: BookingAsk) {
  return {
    bookingType: ask.bookingType ?? 'SINGLE_TRIP',
    isBusinessTrip: ask.isBusinessTrip ?? true,
    scheduledDate: ask.scheduledDate,
    scheduledTime: ask.scheduledTime,
    endDate: ask.endDate ?? null,
    recurrence: ask.recurrence ?? null,
    stops: ask.stops ?? null,
    purpose: ask.purpose ?? null,
    passengerCount: ask.passengerCount,
    distanceKm: ask.distanceKm ?? null,
    amount: ask.amount ?? null,
    resourceKind: ask.resourceKind ?? null,
    notes: ask.notes ?? null,
  }
}
