// What a row of the table is: a native event and how a client is told it, or what a client asks and the native command it is.

import type { Mark, RoomKind } from '../../../shared/chat/schema.ts'
import type { Event } from '../../../shared/kit/event.ts'

/** What goes out: its name and payload. */
export type Emission = readonly [name: string, payload: unknown]
export type Spoken = readonly Emission[]

/** What a row may ask where a frame does not say it. What is still known is answered at once. */
export interface Knowledge {
  /** @throws AppError 404 */
  kindOf(roomId: string): RoomKind | Promise<RoomKind>
  /** @throws AppError 404 */
  nameOf(orgId: string, userId: string): string | Promise<string>
  /** Messages that a mark of this kind has come to cover, newest first, at most a page of them. */
  newlyMarked(kind: string, mark: Mark): Promise<readonly string[]>
}

/** Who is told. */
export interface Listener {
  id: string
  orgId: string
  knowledge: Knowledge
}

/** Instants are the text that stands in the log; they are passed on as they are. */
export interface Told {
  event: string
  says(data: unknown, at: Date, to: Listener): Spoken | Promise<Spoken>
}

interface Answered {
  name: string
  /** What an answer tells; what it is natively unless given. */
  answer?(done: unknown, asked: unknown): unknown
  /** The event that tells it, too. */
  says?: string
  /** How a 404 reads in its words. */
  missing?: string
}

export interface Asked extends Answered {
  command(data: unknown): { c: string; data: unknown }
}

/** What cannot be said in a native frame: a file, as it is. */
export interface Carried extends Answered {
  file(data: unknown): { name: unknown; bytes: unknown }
  /** How it is refused, instead of by `error`. */
  refused(message: string): Emission
}

/** What one document's clients hear and ask. */
export interface Dialect {
  hears: readonly Told[]
  asks: readonly (Asked | Carried)[]
}

/** Whoever has said nothing yet hears every dialect of it, and then those that they spoke. */
export interface Namespace {
  /** Whether `connected` is emitted once the client is let in. */
  greets: boolean
  dialects: readonly Dialect[]
}

type Says<T> = (data: T, at: Date, to: Listener) => Spoken | Promise<Spoken>

export const told = <T>(event: Event<T>, says: Says<T>): Told => ({ event: event.name, says })
export const byItsOwnName = <T>(event: Event<T>, payload: (data: T) => unknown = (data) => data): Told => told(event, (data) => [[event.name, payload(data)]])
