// Who stands behind a session, believed from memory, so that a request does not ask for what the one before it asked.
// Promise: an end that this process wrote holds from the next request on, and one that another wrote within a second: before
// anybody is believed, what ended lately is read again, at most once in LOOK for all who ask. A new role ends the session. Not
// promised: that a name or language that another process changed is known sooner than in a minute.

import { rememberValue } from '../../shared/kit/process/remember-value.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { sessionEndedEvent } from '../../shared/users/events.ts'
import { findActor, listSessionsEndedSince } from '../../shared/users/queries.ts'

/** Milliseconds; what is left of the second is for the request itself. */
const LOOK = 800
/** An end is dated when its change began, by the clock of the process that wrote it. */
const LATE = 5 * MINUTE
/** At some 400 bytes each. */
const REMEMBERED = 20_000

export class KnownSessions {
  readonly #runtime: Runtime
  readonly #actors = new Map<string, { actor: Actor; readAt: number }>()
  /** By the machine's steady clock, since its start. */
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    runtime.outbox.hear(({ name, channels }) => {
      if (name !== sessionEndedEvent.name) return
      for (const channel of channels) this.#actors.delete(channel.slice('session:'.length))
    })
  }

  /** @returns undefined once it ended or the person was deactivated */
  async find(sessionId: string): Promise<Actor | undefined> {
    if (!this.#actors.has(sessionId)) return this.#read(sessionId)
    await this.#look()
    const known = this.#actors.get(sessionId)
    return known && performance.now() - known.readAt < MINUTE ? known.actor : this.#read(sessionId)
  }

  /** Who its people are is read again. */
  forgetOrganisation(orgId: string): void {
    for (const [sessionId, { actor }] of this.#actors)
      if (actor.orgId === orgId) this.#actors.delete(sessionId)
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#lookedAt < LOOK) return
    this.#looking ??= this.#forgetEnded().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  async #forgetEnded(): Promise<void> {
    const { db, clock } = this.#runtime
    const began = performance.now()
    const ended = await this.#ask(() => listSessionsEndedSince(db, plusMs(clock.now(), -LATE)))
    for (const sessionId of ended) this.#actors.delete(sessionId)
    this.#lookedAt = began
  }

  async #read(sessionId: string): Promise<Actor | undefined> {
    const readAt = performance.now()
    const actor = await this.#ask(() => findActor(this.#runtime.db, sessionId))
    if (actor) rememberValue(this.#actors, sessionId, { actor, readAt }, REMEMBERED)
    else this.#actors.delete(sessionId)
    return actor
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return this.#runtime.shares.hold({ part: 'callers' }, () => retryOnOutage(ask))
  }
}
