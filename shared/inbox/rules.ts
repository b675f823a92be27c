// Which automatic reply, if any. Pure.

import { conflict, invalid } from '../kit/declare/errors.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import type { AutoResponse, Conditions, Faq, QuickReply, TriggerEvent } from './schema.ts'

/** A person who wrote so recently is in the conversation, and must not be talked over. Milliseconds. */
const CONVERSING = 5 * MINUTE

export interface Situation {
  /** By the calendar. */
  isOpen: boolean
  isStaffOnline: boolean
  /** Of the staff, in the last minutes or after the message. */
  hasPersonWritten: boolean
  /** In this closed period; while open, in this waiting period. */
  isOfflineTold: boolean
  /** In this waiting period. */
  isAcknowledged: boolean
  hasAnswer: boolean
  /** No answer is sure, but some may be meant. */
  hasOffer: boolean
  /** Whether it was offered, and only had to be chosen. */
  isChosen: boolean
  answersFaqAfterHours: boolean
}

export type Step = 'silence' | 'offline' | 'faq' | 'offer' | 'acknowledge'

/** At most one automatic reply to one message. */
export function stepFor(situation: Situation): Step {
  if (situation.hasPersonWritten) return 'silence'
  const isAway = !situation.isOpen || !situation.isStaffOnline
  if (situation.hasAnswer && (!isAway || situation.isChosen || situation.answersFaqAfterHours)) return 'faq'
  // Whom a person was called for is not asked again what they mean.
  if (situation.hasOffer && (!isAway || situation.answersFaqAfterHours) && !situation.isAcknowledged)
    return 'offer'
  if (isAway) return situation.isOfflineTold ? 'silence' : 'offline'
  return situation.isAcknowledged ? 'silence' : 'acknowledge'
}

/** When what happened in a conversation. */
export interface Marks {
  waitingSince: Date | null
  lastStaffAt: Date | null
  offlineToldAt: Date | null
  acknowledgedAt: Date | null
  attentionAt: Date | null
}

/** What is known when the desk looks at a customer's message. */
export interface Circumstances extends Pick<
  Situation,
  'isOpen' | 'isStaffOnline' | 'hasAnswer' | 'hasOffer' | 'answersFaqAfterHours'
> {
  writtenAt: Date
  /** Beginning of this closed period; undefined: it is open, or never was. */
  closedSince: Date | undefined
  /** The message chose from what was offered. */
  chosen?: { beganWaiting: boolean; wantsPerson: boolean }
}

interface ReplyDecision {
  step: Step
  /** Whether a person is called, who is told of this message. */
  callsStaff: boolean
  patch: Partial<Marks>
}

/** What the desk says to a message by itself, whom it calls, and since when the customer waits then. */
export function decideReply(marks: Marks, circumstances: Circumstances, now: Date): ReplyDecision {
  const { writtenAt, isOpen, closedSince, chosen } = circumstances
  const isStaffThere = isAtOrAfter(marks.lastStaffAt, writtenAt)
  const hasPersonWritten =
    isStaffThere || (marks.lastStaffAt !== null && marks.lastStaffAt > plusMs(now, -CONVERSING))
  const step = stepFor({
    ...circumstances,
    hasPersonWritten,
    isChosen: chosen !== undefined,
    // Once per closed period; while it is open and nobody is there, once until a person answers.
    isOfflineTold: isAtOrAfter(
      marks.offlineToldAt,
      isOpen ? marks.waitingSince : (closedSince ?? new Date(0)),
    ),
    isAcknowledged: isAtOrAfter(marks.acknowledgedAt, marks.waitingSince),
  })
  const isHelped = step === 'faq' || step === 'offer' || hasPersonWritten
  const callsStaff =
    chosen?.wantsPerson === true ||
    (isOpen && !isHelped && !isAtOrAfter(marks.attentionAt, marks.waitingSince))
  // Who chose what was meant waits no longer for what was asked; who does not choose is seen to wait.
  const waitedSince = step === 'faq' && chosen?.beganWaiting ? null : marks.waitingSince
  const waitingSince = step === 'faq' || isStaffThere ? waitedSince : (marks.waitingSince ?? writtenAt)
  return {
    step,
    callsStaff,
    patch: {
      waitingSince,
      ...(step === 'offline' && { offlineToldAt: now }),
      ...(step === 'acknowledge' && { acknowledgedAt: now }),
      ...(callsStaff && { attentionAt: now }),
    },
  }
}

export function isAtOrAfter(at: Date | null, since: Date | null): boolean {
  return at !== null && since !== null && at >= since
}

/** Where the organisation is, now. */
export interface MomentOfDay {
  /** 0 is Sunday. */
  dayOfWeek: number
  /** Since midnight. */
  minutes: number
  isHoliday: boolean
  closesSoon: boolean
}

export interface Load {
  queueSize: number
  longestWaitSeconds: number
}

/** Of those that fit, the one that was made for just this; of these the oldest. */
export function responseFor(
  responses: readonly AutoResponse[],
  event: TriggerEvent,
  moment: MomentOfDay,
  load: Load,
): AutoResponse | undefined {
  const fitting = responses.filter(
    (each) =>
      each.isActive &&
      each.trigger.event === event &&
      isInSeason(each, moment) &&
      fitsConditions(each.trigger.conditions ?? {}, moment, load),
  )
  return fitting.toSorted((a, b) => weightOf(b) - weightOf(a))[0]
}

/** A word about the holiday on a holiday, about closing when we close; each only then. */
function isInSeason({ responseType }: AutoResponse, { isHoliday, closesSoon }: MomentOfDay): boolean {
  if (responseType === 'holiday') return isHoliday
  return responseType !== 'closing-soon' || closesSoon
}

const SEASONAL: readonly string[] = ['holiday', 'closing-soon']

function weightOf({ responseType, trigger }: AutoResponse): number {
  return (SEASONAL.includes(responseType) ? 10 : 0) + Object.keys(trigger.conditions ?? {}).length
}

export function fitsConditions(
  { dayOfWeek, timeRange, maxWaitTime, queueSize }: Conditions,
  moment: MomentOfDay,
  load: Load,
): boolean {
  if (maxWaitTime !== undefined && load.longestWaitSeconds <= maxWaitTime) return false
  if (queueSize !== undefined && load.queueSize < queueSize) return false
  const day = timeRange ? dayInRange(timeRange, moment) : moment.dayOfWeek
  return day !== undefined && (dayOfWeek === undefined || dayOfWeek.includes(day))
}

/** The day on which the range began that holds the moment: over midnight it was yesterday. */
function dayInRange(
  { start, end }: NonNullable<Conditions['timeRange']>,
  { dayOfWeek, minutes }: MomentOfDay,
): number | undefined {
  const [from, to] = [minutesOf(start), minutesOf(end)]
  if (from < to) return minutes >= from && minutes < to ? dayOfWeek : undefined
  if (minutes >= from) return dayOfWeek
  return minutes < to ? (dayOfWeek + 6) % 7 : undefined
}

function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number)
  return hours * 60 + minutes
}

const PLACEHOLDERS = ['name', 'organisation', 'nextOpening', 'waitingTime'] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]

/** @throws AppError 422 naming every placeholder that there is not */
export function mustBeFillable(message: string): void {
  const unknown = [...message.matchAll(/\{([^{}\s]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !PLACEHOLDERS.some((each) => each === name))
  if (unknown.length > 0)
    throw invalid(
      `message: there is no placeholder ${unknown.map((name) => `{${name}}`).join(', ')}; there are ` +
        `${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
    )
}

export function fillIn(message: string, values: Readonly<Record<Placeholder, string>>): string {
  return message.replaceAll(
    /\{(name|organisation|nextOpening|waitingTime)\}/g,
    (_, name: Placeholder) => values[name],
  )
}

/** Of what choosing may do, a bare text does the least. */
export function quickRepliesOf(given: readonly (string | QuickReply)[]): QuickReply[] {
  return given.map((each) => (typeof each === 'string' ? { text: each } : each))
}

/** Of one organisation: every message of a customer is compared with all of them, in a process that others share. */
export const FAQ_LIMITS = { count: 2_000, characters: 300_000 } as const
export const MAX_AUTO_RESPONSES = 100

/** Of what a text is compared with. */
export function charactersOf({
  question,
  alternativeQuestions,
  keywords,
}: Pick<Faq, 'question' | 'alternativeQuestions' | 'keywords'>): number {
  return [question, ...alternativeQuestions, ...keywords].reduce((sum, each) => sum + each.length, 0)
}

export interface FaqTotals {
  count: number
  characters: number
}

/**
 * @param before, after of all FAQs of the organisation. Whoever has too many from before may still make
 * them fewer. @throws AppError 409
 */
export function mustFitFaqs(before: FaqTotals, after: FaqTotals): void {
  if (after.count > FAQ_LIMITS.count && after.count > before.count) {
    throw conflict(
      `There are ${before.count} FAQs, and at most ${FAQ_LIMITS.count} are allowed`,
      'too_many_faqs',
    )
  }
  if (after.characters > FAQ_LIMITS.characters && after.characters > before.characters) {
    throw conflict(
      'The questions, alternative questions and keywords of all FAQs would have ' +
        `${after.characters} characters, and at most ${FAQ_LIMITS.characters} are allowed`,
      'too_many_faqs',
    )
  }
}

const FAQ_OUTCOMES = ['answered', 'offered', 'left'] as const
export type FaqOutcome = (typeof FAQ_OUTCOMES)[number]
const OFFER_FROM = 20
const OFFERED = 2

/**
 * What becomes of each candidate: the first that is sure answers; where none is, and the best fits well
 * enough, the best two are offered. Never both.
 */
export function outcomesOf(
  candidates: readonly { score: number; isSure: boolean }[],
  offerFrom: number = OFFER_FROM,
): FaqOutcome[] {
  const [best] = candidates
  const isOffered = best !== undefined && best.score >= offerFrom && offerFrom < 100
  return candidates.map((_, at) => {
    if (best?.isSure) return at === 0 ? 'answered' : 'left'
    return isOffered && at < OFFERED ? 'offered' : 'left'
  })
}
