// Watches the play: tells each happening with how long it took, keeps the hops' times, and notes trouble and problems.
// A hop begins when the answer to its cause was in (or when an alarm was due) and ends when the socket said it. An event
// that overtook the answer took 0 ms. Notifications of reminders are told without a time: their cause is no answer.

import type { Person, Reports } from './person.ts'
import type { Name, Row } from './day.ts'
import type { Decision, Sequel, Way } from './scenario.ts'
import { bookingOf, type BookingSeen, type SeenEvent } from './wire.ts'

/** What sets a hop off. */
export type Mark =
  | 'ask'
  | 'decide'
  | 'remind'
  | 'deadline'
  | 'confirm'
  | 'assign'
  | 'arriving'
  | 'start'
  | 'complete'
  | 'redirect'
  | 'cancel'

export interface Story {
  row: Row
  way: Way
  decision: Decision
  sequel: Sequel
  /** Set once it was asked for. */
  booking: BookingSeen | undefined
  /** The deadline came before the decision, as trouble can bring about. */
  overtaken: boolean
  /** By performance.now(). */
  marks: Map<Mark, number>
}

export interface Happening {
  /** Since the play began. */
  seconds: number
  code: string
  who: string
  what: string
  hop?: string
  ms?: number
  /** The booking's state, where this says it. */
  state?: string
  trouble?: boolean
  /** Nothing more is to come of this booking. */
  done?: boolean
}

export type Log = (happening: Happening) => void

const CAUSES: Readonly<Record<Mark, string>> = {
  ask: 'booking',
  decide: 'decision',
  remind: 'alarm',
  deadline: 'deadline',
  confirm: 'move',
  assign: 'move',
  arriving: 'move',
  start: 'move',
  complete: 'move',
  redirect: 'move',
  cancel: 'cancellation',
}

/** From an approval's event, a booking's state, or a notification's type, to what can have caused it, likeliest first. */
const CAUSES_OF: Readonly<Record<string, readonly Mark[]>> = {
  'approval.requested': ['ask'],
  'approval.reminded': ['remind'],
  'approval.decided': ['decide', 'cancel'],
  'approval.expired': ['deadline'],
  PENDING: ['decide', 'deadline'],
  CONFIRMED: ['confirm'],
  ASSIGNED: ['assign'],
  IN_PROGRESS: ['start'],
  COMPLETED: ['complete'],
  REDIRECTED_EXTERNAL: ['redirect'],
  CANCELLED: ['cancel', 'decide', 'deadline'],
  APPROVAL_REQUIRED: ['ask'],
  APPROVAL_EXPIRED: ['deadline'],
  APPROVAL_WITHDRAWN: ['cancel'],
  NO_APPROVER: ['ask'],
  BOOKING_CC_NOTIFICATION: ['ask'],
  BOOKING_APPROVED: ['decide', 'deadline'],
  BOOKING_REJECTED: ['decide'],
  BOOKING_CONFIRMED: ['confirm'],
  BOOKING_ASSIGNED: ['assign'],
  VEHICLE_ARRIVING: ['arriving'],
  TRIP_STARTED: ['start'],
  TRIP_COMPLETED: ['complete'],
  BOOKING_REDIRECTED: ['redirect'],
  BOOKING_CANCELLED: ['cancel', 'deadline'],
}

export class Narrator implements Reports {
  readonly hops = new Map<string, number[]>()
  readonly troubles: string[] = []
  readonly problems: string[] = []
  /** Milliseconds from a reminder to the next. */
  reminderEvery = 0
  readonly #log: Log
  readonly #since = performance.now()
  readonly #stories = new Map<string, Story>()
  /** About bookings whose answer is still on its way. */
  readonly #parked: { who: Person; frame: SeenEvent; at: number }[] = []

  constructor(log: Log) {
    this.#log = log
  }

  say(happening: Omit<Happening, 'seconds'>): void {
    this.#log({ seconds: (performance.now() - this.#since) / 1000, ...happening })
  }

  /** Whatever the account will say of it. */
  ended({ booking }: Story): void {
    if (booking) this.say({ code: booking.bookingCode, who: '', what: '', done: true })
  }

  trouble(who: Name, what: string): void {
    this.troubles.push(`${who} ${what}`)
    this.say({ code: '', who, what, trouble: true })
  }

  problem(what: string): void {
    this.problems.push(what)
    this.say({ code: '', who: '', what, trouble: true })
  }

  /** A write is on its way: what it causes may be heard before its answer. */
  sending(story: Story, mark: Mark): void {
    story.marks.set(mark, Number.POSITIVE_INFINITY)
  }

  /** Bellhop answered to a write. */
  answered(
    story: Story,
    who: Name,
    what: string,
    mark: Mark,
    { at, ms, status }: { at: number; ms: number; status: number },
  ): void {
    story.marks.set(mark, at)
    this.#took(story, who, what, `POST ${CAUSES[mark]} → ${status}`, ms)
  }

  /** From now on events about this booking belong to a story. */
  begin(story: Story, booking: BookingSeen): void {
    story.booking = booking
    this.#stories.set(booking.id, story)
    for (const { who, frame, at } of this.#parked)
      if (bookingOf(frame) === booking.id) this.#tell(story, who, frame, at)
  }

  heard(who: Person, frame: SeenEvent, at: number): void {
    const story = this.#stories.get(bookingOf(frame) ?? '')
    if (story) this.#tell(story, who, frame, at)
    else this.#parked.push({ who, frame, at })
  }

  /** Only what reaches the one it is meant for; that others hear it too is counted, not told. */
  #tell(story: Story, who: Person, { ev, data }: SeenEvent, at: number): void {
    const isRequester = who.name === story.row.who
    if ('bookingCode' in data) {
      if (isRequester)
        this.#hop(
          story,
          who,
          ev,
          ev === 'booking.created' ? ['ask'] : CAUSES_OF[data.status],
          at,
          data.status,
        )
    } else if ('reminderCount' in data) {
      const isFor =
        ev === 'approval.requested' || ev === 'approval.reminded'
          ? data.approverId === who.user.id
          : isRequester
      if (isFor) this.#hop(story, who, ev, CAUSES_OF[ev], at)
      if (isFor && ev === 'approval.reminded') story.marks.set('remind', at + this.reminderEvery)
    } else {
      this.#hop(story, who, ev, CAUSES_OF[data.type], at, undefined, data.type)
    }
  }

  #hop(
    story: Story,
    who: Person,
    ev: string,
    causes: readonly Mark[] | undefined,
    at: number,
    state?: string,
    detail = '',
  ): void {
    const what = detail || 'hears of it'
    if (!causes) return this.say({ code: story.booking?.bookingCode ?? '', who: who.name, what })
    const { mark, since } = causeAmong(causes, story, at)
    this.#took(story, who.name, what, `${CAUSES[mark]} → ${ev}`, Math.max(0, at - since), state)
  }

  #took(story: Story, who: string, what: string, hop: string, ms: number, state?: string): void {
    this.hops.set(hop, [...(this.hops.get(hop) ?? []), ms])
    this.say({ code: story.booking?.bookingCode ?? '', who, what, hop, ms, ...(state && { state }) })
  }
}

/** What was answered or due, else what is on its way, else what is still to come: a clock runs a little fast. */
function causeAmong(causes: readonly Mark[], { marks }: Story, at: number): { mark: Mark; since: number } {
  const known = causes
    .flatMap((mark) => ({ mark, since: marks.get(mark) ?? Number.NaN }))
    .filter(({ since }) => !Number.isNaN(since))
  return (
    known.find(({ since }) => since <= at) ??
    known.find(({ since }) => since === Number.POSITIVE_INFINITY) ??
    known[0] ?? { mark: causes[0] ?? 'ask', since: at }
  )
}
