// An event is a fact for people who are watching. It carries the public shape, so that a client has one parser.

import type { Static, TSchema } from './schema.ts'

export interface EventDeclaration<T> {
  readonly name: string
  readonly schema: TSchema
  readonly about: string
  /** In no log: has no id, and is not told again to whoever comes back. */
  readonly isEphemeral: boolean
  /** The message whose words it holds, if it does. */
  readonly quotes: (data: T) => string | null | undefined
  /** Only TypeScript sees this: what `change.emit` accepts. */
  readonly data?: T
}

/** An event that is not in the log yet, as it stands in the table `outbox`. */
export interface OutboxEvent {
  id: string
  name: string
  channels: readonly string[]
  data: unknown
  at: Date
}

const declared = new Map<string, EventDeclaration<unknown>>()

interface EventOptions<T> {
  /** The message whose words it holds: when they are deleted or changed, it loses them, too. */
  quotes?: EventDeclaration<T>['quotes']
  isEphemeral?: boolean
}

export function declareEvent<S extends TSchema>(
  name: string,
  schema: S,
  about: string,
  { quotes = () => undefined, isEphemeral = false }: EventOptions<Static<S>> = {},
): EventDeclaration<Static<S>> {
  if (declared.has(name)) throw new Error(`The event ${name} is declared twice.`)
  const it: EventDeclaration<Static<S>> = { name, schema, about, isEphemeral, quotes }
  declared.set(name, it)
  return it
}

/** What an organisation's own systems may hear of as well: the same for everybody, about one thing, and no message's words. */
export interface FactDeclaration<T> extends EventDeclaration<T> {
  readonly isFact: true
}

export function declareFact<S extends TSchema>(
  name: string,
  schema: S,
  about: string,
): FactDeclaration<Static<S>> {
  const fact = { ...declareEvent(name, schema, about), isFact: true } as const
  declared.set(name, fact)
  return fact
}

/** Their names, in alphabetical order. */
export function declaredFacts(): readonly string[] {
  return declaredEvents().flatMap((event) => ('isFact' in event ? [event.name] : []))
}

/** @param data as the event of this name carries them */
export function quotedBy(name: string, data: unknown): string | undefined {
  return declared.get(name)?.quotes(data) ?? undefined
}

export function declaredEvents(): readonly EventDeclaration<unknown>[] {
  return [...declared.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}

export const userChannel = (userId: string): string => `user:${userId}`
export const roleChannel = (orgId: string, role: string): string => `org:${orgId}:${role}`
/** Heard by the nodes themselves, never by a client: where a session's end is said. */
export const sessionChannel = (sessionId: string): string => `session:${sessionId}`
