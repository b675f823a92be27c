// What a row of the table is: a native event and how a client is told it, or what a client asks and the native command it is.

import type { Mark, RoomKind } from '../../../shared/chat/schema.ts'
import type { EventDeclaration } from '../../../shared/kit/declare/event.ts'

/** What goes out: its name and payload. */
export type Emission = readonly [name: string, payload: unknown]
export type Emissions = readonly Emission[]

/** What a row may ask where a frame does not say it. What is still known is answered at once. */
export interface Lookups {
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
  knowledge: Lookups
}

/** Instants are the text that stands in the log; they are passed on as they are. */
interface EventMapping {
  event: string
  says(data: unknown, at: Date, to: Listener): Emissions | Promise<Emissions>
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

export interface CommandMapping extends Answered {
  command(data: unknown): { c: string; data: unknown }
}

/** What cannot be said in a native frame: a file, as it is. */
export interface CommandOutcome extends Answered {
  file(data: unknown): { name: unknown; bytes: unknown }
  /** How it is refused, instead of by `error`. */
  refused(message: string): Emission
}

/** What one document's clients hear and ask. */
export interface NamespaceVocabulary {
  hears: readonly EventMapping[]
  asks: readonly (CommandMapping | CommandOutcome)[]
}

/** Whoever has said nothing yet hears every dialect of it, and then those that they spoke. */
export interface Namespace {
  /** Whether `connected` is emitted once the client is let in. */
  greets: boolean
  dialects: readonly NamespaceVocabulary[]
}

type Says<T> = (data: T, at: Date, to: Listener) => Emissions | Promise<Emissions>

export const mapEvent = <T>(event: EventDeclaration<T>, says: Says<T>): EventMapping => ({
  event: event.name,
  says,
})
export const mapUnderOwnName = <T>(
  event: EventDeclaration<T>,
  payload: (data: T) => unknown = (data) => data,
): EventMapping => mapEvent(event, (data) => [[event.name, payload(data)]])
