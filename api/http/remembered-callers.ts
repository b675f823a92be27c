// Who stands behind a session or a key, believed from memory, so that a request does not ask for what the one before it asked.
// Promise: an end that this process wrote holds from the next request on, and one that another wrote within a second: before
// anybody is believed, what ended lately is read again, at most once in LOOK for all who ask. Who they are is read again after a
// minute; where somebody keeps those rows locked, what was known goes on being believed.

import { setTimeout as pause } from 'node:timers/promises'
import { rememberValue } from '../../shared/kit/process/remember-value.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'

/** Milliseconds; what is left of the second is for the request itself. */
const LOOK = 800
/** An end is dated when its change began, by the clock of the process that wrote it. */
const LATE = 5 * MINUTE
/** Milliseconds that a request waits for what it could do without. */
const PATIENCE = 500
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

interface Known<T> {
  caller: T
  readAt: number
  isReading: boolean
}

export class RememberedCallers<T> {
  readonly #runtime: Runtime
  readonly #reads: Reads<T>
  /** Of the machine's steady clock. */
  readonly #now: () => number
  readonly #known = new Map<string, Known<T>>()
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined

  /** @param now monotonic milliseconds */
  constructor(runtime: Runtime, reads: Reads<T>, now = (): number => performance.now()) {
    this.#runtime = runtime
    this.#reads = reads
    this.#now = now
  }

  /** @param name what they came with. @returns undefined for what is unknown or has ended */
  async find(name: string): Promise<T | undefined> {
    if (!this.#known.has(name)) return this.#read(name)
    await this.#look()
    const known = this.#known.get(name)
    if (!known) return this.#read(name)
    return this.#now() - known.readAt < MINUTE || known.isReading
      ? known.caller
      : this.#readAgain(name, known)
  }

  /** One at a time of each, so that those who wait for a lock are few. */
  #readAgain(name: string, known: Known<T>): Promise<T | undefined> {
    known.isReading = true
    const reading = this.#read(name).finally(() => {
      known.isReading = false
    })
    return Promise.race([reading, pause(PATIENCE, known.caller, { ref: false })])
  }

  /** They are read again. */
  forget(isMeant: (caller: T) => boolean): void {
    for (const [name, { caller }] of this.#known) if (isMeant(caller)) this.#known.delete(name)
  }

  async #look(): Promise<void> {
    if (this.#now() - this.#lookedAt < LOOK) return
    this.#looking ??= this.#forgetEnded().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  async #forgetEnded(): Promise<void> {
    const { db, clock } = this.#runtime
    const { part, listEndedSince, idOf } = this.#reads
    const began = this.#now()
    const since = plusMs(clock.now(), -LATE)
    // A share of its own: those who wait to be read must not keep anybody from being believed.
    const ended = new Set(await this.#ask(`ends of ${part}`, () => listEndedSince(db, since)))
    if (ended.size > 0) this.forget((caller) => ended.has(idOf(caller)))
    this.#lookedAt = began
  }

  async #read(name: string): Promise<T | undefined> {
    const readAt = this.#now()
    const caller = await this.#ask(this.#reads.part, () => this.#reads.find(this.#runtime.db, name))
    if (caller) rememberValue(this.#known, name, { caller, readAt, isReading: false }, REMEMBERED)
    else this.#known.delete(name)
    return caller
  }

  #ask<R>(part: string, ask: () => Promise<R>): Promise<R> {
    return this.#runtime.shares.hold({ part }, () => retryOnOutage(ask))
  }
}
