// Who stands behind a session or a key, believed from memory, so that a request does not ask for what the one before it asked.
// Promise: an end that this process wrote holds from the next request on, and one that another wrote within a second: before
// anybody is believed, what ended lately is read again, at most once in LOOK for all who ask.

import { rememberValue } from '../../shared/kit/process/remember-value.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'

/** Milliseconds; what is left of the second is for the request itself. */
const LOOK = 800
/** An end is dated when its change began, by the clock of the process that wrote it. */
const LATE = 5 * MINUTE
/** At some 400 bytes each. */
const REMEMBERED = 20_000

interface Reads<T> {
  /** Of the connections to the database, whose share it takes. */
  part: string
  find: (db: Db, name: string) => Promise<T | undefined>
  /** Ids of those that ended. */
  listEndedSince: (db: Db, since: Date) => Promise<readonly string[]>
  idOf: (caller: T) => string
}

export class RememberedCallers<T> {
  readonly #runtime: Runtime
  readonly #reads: Reads<T>
  readonly #known = new Map<string, { caller: T; readAt: number }>()
  /** By the machine's steady clock, since its start. */
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined

  constructor(runtime: Runtime, reads: Reads<T>) {
    this.#runtime = runtime
    this.#reads = reads
  }

  /** @param name what they came with. @returns undefined for what is unknown or has ended */
  async find(name: string): Promise<T | undefined> {
    if (!this.#known.has(name)) return this.#read(name)
    await this.#look()
    const known = this.#known.get(name)
    return known && performance.now() - known.readAt < MINUTE ? known.caller : this.#read(name)
  }

  /** They are read again. */
  forget(isMeant: (caller: T) => boolean): void {
    for (const [name, { caller }] of this.#known) if (isMeant(caller)) this.#known.delete(name)
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
    const { listEndedSince, idOf } = this.#reads
    const began = performance.now()
    const ended = new Set(await this.#ask(() => listEndedSince(db, plusMs(clock.now(), -LATE))))
    if (ended.size > 0) this.forget((caller) => ended.has(idOf(caller)))
    this.#lookedAt = began
  }

  async #read(name: string): Promise<T | undefined> {
    const readAt = performance.now()
    const caller = await this.#ask(() => this.#reads.find(this.#runtime.db, name))
    if (caller) rememberValue(this.#known, name, { caller, readAt }, REMEMBERED)
    else this.#known.delete(name)
    return caller
  }

  #ask<R>(ask: () => Promise<R>): Promise<R> {
    return this.#runtime.shares.hold({ part: this.#reads.part }, () => retryOnOutage(ask))
  }
}
