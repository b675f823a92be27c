// What existing Socket.IO clients say and hear, beside what it is natively: one row each, per namespace, and nothing else
// of ours knows these words. A new event or command of theirs is a row here; what it does is decided where it is native.

import { approvalDecided, approvalExpired, approvalReminded, approvalRequested } from '../../shared/approvals/events.ts'
import { bookingChanged, bookingCreated } from '../../shared/bookings/events.ts'
import type { Booking } from '../../shared/bookings/schema.ts'
import { snake } from '../../shared/kit/db.ts'
import type { Event } from '../../shared/kit/event.ts'
import { notificationCreated } from '../../shared/notifications/events.ts'
import type { Notification } from '../../shared/notifications/schema.ts'
import { presenceChanged } from '../../shared/users/events.ts'

/** What goes out: its name and payload. */
export type Emission = readonly [name: string, payload: unknown]

/** A native event, and how a client is told it. Instants are the text that stands in the log; they are passed on as they are. */
export interface Told {
  event: string
  says(data: unknown, at: Date): Emission
}

/** What a client asks for, the native command that it is, and what is emitted when it is done and nobody gave a callback. */
export interface Asked {
  name: string
  command(data: unknown): { c: string; data: unknown }
  done?(data: unknown): Emission
}

export interface Namespace {
  /** Whether `connected` is emitted once the client is let in. */
  greets: boolean
  hears: readonly Told[]
  asks: readonly Asked[]
}

const told = <T>(event: Event<T>, says: (data: T, at: Date) => Emission): Told => ({ event: event.name, says })
const byItsOwnName = <T>(event: Event<T>, payload: (data: T) => unknown = (data) => data): Told => told(event, (data) => [event.name, payload(data)])

/** Access tokens are short: whoever says this in time with a newer one need not reconnect. Not in the documents. */
const renewal: Asked = { name: 'token', command: (data) => ({ c: 'token', data }), done: (data) => ['token_renewed', data] }

export const NAMESPACES: Readonly<Record<string, Namespace>> = {
  /** Workplace chat (requirements 2). */
  '/': {
    greets: false,
    hears: [told(presenceChanged, ({ userId, isOnline }, at) => [isOnline ? 'user_online' : 'user_offline', { userId, isOnline, lastSeen: at }])],
    asks: [renewal],
  },
  /** Chat of a trip and chat in pairs (requirements 1 and 3), as soon as there are rooms. */
  '/chat': {
    greets: true,
    hears: [],
    asks: [renewal],
  },
  /** Support (requirements 4). */
  '/notifications': {
    greets: true,
    hears: [told(notificationCreated, (notification) => ['notification:new', forSupport(notification)])],
    asks: [renewal],
  },
  /** Business dashboard (requirements 5). */
  '/realtime': {
    greets: true,
    hears: [
      told(notificationCreated, (notification) => ['notification:new', forDashboard(notification)]),
      byItsOwnName(bookingCreated, withMessage), byItsOwnName(bookingChanged, withMessage),
      byItsOwnName(approvalRequested), byItsOwnName(approvalReminded), byItsOwnName(approvalDecided), byItsOwnName(approvalExpired),
    ],
    asks: [renewal],
  },
}

/** Why a connection ends, in words; reasons without any are told otherwise or need none. */
export const FAREWELLS: Readonly<Record<string, string>> = {
  token_expired: 'The access token has expired',
  session_ended: 'The session has ended',
  rate_limited: 'Too many commands',
  too_many_sockets: 'This person has too many sockets',
  unavailable: 'Something went wrong on our side',
}

function forSupport({ id, type, title, message, data, bookingId, createdAt, priority }: Notification): object {
  const ids = Object.entries({ ...data, ...(bookingId && { bookingId }) }).map(([key, value]) => [snake(key), value])
  return { id, type: type.toLowerCase(), title, message, data: Object.fromEntries(ids), timestamp: createdAt, priority }
}

/** There `type` is what it is about: booking, payment, … */
function forDashboard(notification: Notification): object {
  return { ...notification, type: notification.category, event: notification.type, timestamp: notification.createdAt }
}

/** A dashboard shows `message`; code, day and time read the same in every language. */
function withMessage(booking: Booking): object {
  return { ...booking, message: `${booking.bookingCode}, ${booking.scheduledDate} ${booking.scheduledTime}` }
}
