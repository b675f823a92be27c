// When whoever is asked is reminded, until when they have time, and who decides in their place. Pure.

import { addOpenTime, type Calendar } from '../../kit/time/calendar.ts'
import { plusMs } from '../../kit/time/time.ts'
import type { Config } from '../../kit/process/config.ts'
import { parseDuration } from '../../kit/process/config-parsers.ts'
import type { OrganisationSettings } from '../../organisations/schema.ts'
import { mayBeAsked, type User } from '../../users/schema.ts'
import type { PolicyStep } from '../policy/schema.ts'
import type { Approval, Delegation } from '../schema.ts'

export type Durations = Pick<
  Config,
  'APPROVAL_TTL' | 'APPROVAL_FIRST_REMINDER' | 'APPROVAL_REMINDER_EVERY' | 'APPROVAL_MAX_REMINDERS'
>

/** When so many milliseconds have passed since an instant, as the organisation counts them. */
export type DurationCount = (from: Date, milliseconds: number) => Date

/** Where it is not open for so long within a year, all hours count: a request never waits for ever. */
export function countBy({ approvalHours }: OrganisationSettings, calendar: Calendar): DurationCount {
  if (approvalHours !== 'open') return plusMs
  return (from, milliseconds) => addOpenTime(calendar, from, milliseconds) ?? plusMs(from, milliseconds)
}

export type Superior = Pick<User, 'id' | 'fullName' | 'isActive' | 'role'>

/**
 * The nearest manager who may decide: somebody who left, or became a customer, can neither decide nor let
 * everything pass. Nobody decides their own request.
 */
export function approverAmong<S extends Superior>(
  superiors: readonly S[],
  requesterId: string,
): S | undefined {
  return superiors.find((each) => mayBeAsked(each) && each.id !== requesterId)
}

/** Half-open, so that one delegation can follow another without a moment of two. */
export function isActiveAt(
  delegation: Pick<Delegation, 'fromAt' | 'untilAt' | 'revokedAt'>,
  at: Date,
): boolean {
  return (
    delegation.fromAt <= at &&
    at < delegation.untilAt &&
    (delegation.revokedAt === null || at < delegation.revokedAt)
  )
}

/** Who may decide in the approver's place. Nobody decides their own request, not even by delegation. */
export function delegateAt(
  delegations: readonly Delegation[],
  requesterId: string,
  at: Date,
): string | undefined {
  return delegations.find((each) => isActiveAt(each, at) && each.delegateId !== requesterId)?.delegateId
}

/** All reminders, if nobody decides: the first, then at even distances, none at or after the deadline. */
export function reminderTimes(
  routedAt: Date,
  expiresAt: Date,
  durations: Durations,
  count: DurationCount,
): Date[] {
  const first = count(routedAt, durations.APPROVAL_FIRST_REMINDER)
  return Array.from({ length: durations.APPROVAL_MAX_REMINDERS }, (_, n) =>
    count(first, n * durations.APPROVAL_REMINDER_EVERY),
  ).filter((at) => at < expiresAt)
}

/** Counted from the reminder just sent: after an outage one comes at once, and not all that were missed. */
export function reminderAfter(
  approval: Pick<Approval, 'reminderCount' | 'expiresAt'>,
  sentAt: Date,
  durations: Durations,
  count: DurationCount,
): Date | null {
  const next = count(sentAt, durations.APPROVAL_REMINDER_EVERY)
  const exhausted = approval.reminderCount >= durations.APPROVAL_MAX_REMINDERS
  return exhausted || !approval.expiresAt || next >= approval.expiresAt ? null : next
}

/** The settings as a step of a policy has them. */
export function durationsOf({ ttl, reminders }: PolicyStep, durations: Durations): Durations {
  const given = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : parseDuration(text)
  return {
    APPROVAL_TTL: given(ttl, durations.APPROVAL_TTL),
    APPROVAL_FIRST_REMINDER: given(reminders?.first, durations.APPROVAL_FIRST_REMINDER),
    APPROVAL_REMINDER_EVERY: given(reminders?.every, durations.APPROVAL_REMINDER_EVERY),
    APPROVAL_MAX_REMINDERS: reminders?.max ?? durations.APPROVAL_MAX_REMINDERS,
  }
}

/** The settings of an organisation as a step of a policy has them. */
export function settingsOf({ hours }: PolicyStep, settings: OrganisationSettings): OrganisationSettings {
  return hours ? { ...settings, approvalHours: hours } : settings
}
