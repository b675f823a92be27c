// A job that reaches outside has three steps: it claims its work in a change, makes an attempt with nothing open, and
// records in another change what came of it (workers/outside.ts carries it out).

import type { Config } from './config.ts'
import type { Mailer } from './mailer.ts'
import type { Outgoing } from './outgoing.ts'

/** The ways out. There is no database among them: nothing waits for an outside server with a transaction open. */
export interface Outside {
  readonly config: Config
  readonly now: Date
  readonly mailer: Mailer | undefined
  readonly outgoing: Outgoing
  readonly outgoingPush: Outgoing
}

/** Work to be done now, or not before then, or nothing to do at all. */
export type Claimed<W> = { work: W } | { notBefore: Date } | undefined

export type Verdict = 'done' | { again: Date } | { givenUp: string }
