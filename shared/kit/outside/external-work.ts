// A job that reaches outside has three steps: it claims its work in a change, makes an attempt with nothing open, and
// records in another change what came of it (workers/outside.ts carries it out).

import type { Config } from '../process/config.ts'
import type { Db } from '../store/db.ts'
import type { Mailer } from './mailer.ts'
import type { HttpClient } from './http-client.ts'
import type { Entry } from '../store/stream.ts'

/** The ways out. There is no database among them: nothing waits for an outside server with a transaction open. */
export interface ExternalWork {
  readonly config: Config
  readonly now: Date
  readonly mailer: Mailer | undefined
  readonly outgoing: HttpClient
  readonly outgoingPush: HttpClient
}

/** What takes minutes brings its own: connections of a small pool that is for such work alone, held for one statement at a time. */
export interface LongWork {
  readonly db: Db
  now(): Date
  /** Shown at the job in Bull Board. */
  progress(percent: number): Promise<void>
  /** Into the log at once: how far it is. */
  append(entry: Entry): Promise<string>
}

/** Work to be done now, or not before then, or nothing to do at all. */
export type ClaimedWork<W> = { work: W } | { notBefore: Date } | undefined

export type ExternalOutcome = 'done' | { again: Date } | { givenUp: string }
