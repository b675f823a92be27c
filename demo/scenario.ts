// What each fate implies. Pure: the play follows it, and the account compares what Bellhop says with it.

import type { CancellationReason, BookingStatus } from '../shared/bookings/schema.ts'
import type { ApprovalStatus, DecidedBy } from '../shared/approvals/schema.ts'
import type { NotificationType } from '../shared/notifications/catalogue.ts'
import type { Fate, Name } from './day.ts'

/** How a request begins: its manager is asked, or only told; nobody has to agree; or nobody can. */
export type Way = 'asked' | 'copied' | 'unasked' | 'nobody'
/** What became of the question. */
export type Decision = 'none' | 'approved' | 'rejected' | 'delegated' | 'expired' | 'withdrawn'
/** What happened to the booking afterwards. */
export type Sequel = 'rest' | 'cancelled' | 'completed' | 'redirected'

export interface Course {
  who: Name
  way: Way
  decision: Decision
  sequel: Sequel
  /** Cancelled before a worker had routed it: then nobody was asked. */
  wasRouted: boolean
  /** As the approval itself counts them. */
  reminders: number
  onExpiry: 'approve' | 'cancel'
}

const WAYS: Readonly<Record<Fate, readonly Way[]>> = {
  approved: ['asked'],
  rejected: ['asked'],
  delegated: ['asked'],
  reminded: ['asked'],
  expired: ['asked'],
  withdrawn: ['asked'],
  hasty: ['asked'],
  cancelled: ['asked', 'copied', 'unasked', 'nobody'],
  completed: ['asked', 'copied', 'unasked', 'nobody'],
  redirected: ['asked', 'copied', 'unasked', 'nobody'],
  copied: ['copied'],
  unasked: ['unasked', 'nobody'],
}

export function suits(fate: Fate, way: Way): boolean {
  return WAYS[fate].includes(way)
}

const DECISIONS: Readonly<Partial<Record<Fate, Decision>>> = {
  rejected: 'rejected',
  delegated: 'delegated',
  expired: 'expired',
  withdrawn: 'withdrawn',
  hasty: 'withdrawn',
}

export function decisionOf(fate: Fate, way: Way): Decision {
  return way === 'asked' ? (DECISIONS[fate] ?? 'approved') : 'none'
}

export function sequelOf(fate: Fate): Sequel {
  return fate === 'cancelled' || fate === 'completed' || fate === 'redirected' ? fate : 'rest'
}

export interface End {
  status: BookingStatus
  cancellationReason: CancellationReason | null
  /** One more than the changes: a move made twice would show. */
  version: number
  approval: { status: ApprovalStatus; decidedBy: DecidedBy | null } | undefined
}

const SEQUELS = {
  rest: { status: 'PENDING', moves: 0 },
  cancelled: { status: 'CANCELLED', moves: 1 },
  completed: { status: 'COMPLETED', moves: 4 },
  redirected: { status: 'REDIRECTED_EXTERNAL', moves: 1 },
} as const

export function endOf(course: Course): End {
  const { way, decision, sequel } = course
  const approval = approvalOf(course)
  if (isCancelledBy(course))
    return { status: 'CANCELLED', cancellationReason: reasonOf(course), version: 2, approval }
  const { status, moves } = SEQUELS[sequel]
  return {
    status,
    cancellationReason: sequel === 'cancelled' ? 'USER_REQUEST' : null,
    version: 1 + moves + (way === 'asked' && decision !== 'none' ? 1 : 0),
    approval,
  }
}

/** Whether the question itself ended the booking. */
export function isCancelledBy({ decision, onExpiry }: Pick<Course, 'decision' | 'onExpiry'>): boolean {
  return (
    decision === 'rejected' || decision === 'withdrawn' || (decision === 'expired' && onExpiry === 'cancel')
  )
}

function reasonOf({ decision }: Course): CancellationReason {
  if (decision === 'rejected') return 'MANAGER_REJECTED'
  return decision === 'withdrawn' ? 'USER_REQUEST' : 'APPROVAL_EXPIRED'
}

function approvalOf({ way, decision }: Course): End['approval'] {
  if (way === 'copied') return { status: 'AUTO_APPROVED', decidedBy: 'policy' }
  if (way !== 'asked') return undefined
  if (decision === 'rejected') return { status: 'REJECTED', decidedBy: 'person' }
  if (decision === 'expired') return { status: 'EXPIRED', decidedBy: 'expiry' }
  return decision === 'withdrawn'
    ? { status: 'WITHDRAWN', decidedBy: null }
    : { status: 'APPROVED', decidedBy: 'person' }
}

type News = readonly [who: Name, type: NotificationType]

/** Who is told what, once per entry; the delegate's share is reckoned from the manager's. */
export function newsOf(course: Course): News[] {
  return [...newsOfAsking(course), ...newsOfDecision(course), ...newsOfSequel(course)]
}

function newsOfAsking({ way, wasRouted, reminders }: Course): News[] {
  if (way === 'copied') return [['manager', 'BOOKING_CC_NOTIFICATION']]
  if (way === 'nobody') return [['admin', 'NO_APPROVER']]
  if (way === 'unasked' || !wasRouted) return []
  return [
    ['manager', 'APPROVAL_REQUIRED'],
    ...Array.from({ length: reminders }, (): News => ['manager', 'APPROVAL_REMINDER']),
  ]
}

function newsOfDecision({ who, decision, wasRouted, onExpiry }: Course): News[] {
  if (decision === 'approved' || decision === 'delegated') return [[who, 'BOOKING_APPROVED']]
  if (decision === 'rejected') return [[who, 'BOOKING_REJECTED']]
  if (decision === 'expired')
    return [
      ['manager', 'APPROVAL_EXPIRED'],
      [who, onExpiry === 'approve' ? 'BOOKING_APPROVED' : 'BOOKING_CANCELLED'],
    ]
  return decision === 'withdrawn' && wasRouted ? [['manager', 'APPROVAL_WITHDRAWN']] : []
}

/** Nobody is told what they did themselves, so a requester hears nothing of the own cancellation. */
function newsOfSequel({ who, sequel }: Course): News[] {
  if (sequel === 'redirected') return [[who, 'BOOKING_REDIRECTED']]
  if (sequel !== 'completed') return []
  const types = [
    'BOOKING_CONFIRMED',
    'BOOKING_ASSIGNED',
    'VEHICLE_ARRIVING',
    'TRIP_STARTED',
    'TRIP_COMPLETED',
  ] as const
  return [...types.map((type): News => [who, type]), ['driver', 'BOOKING_ASSIGNED']]
}

/** What a delegate is told as well, while the delegation holds. */
export const SHARED_WITH_DELEGATE: readonly string[] = [
  'APPROVAL_REQUIRED',
  'APPROVAL_REMINDER',
  'APPROVAL_WITHDRAWN',
] satisfies NotificationType[]
