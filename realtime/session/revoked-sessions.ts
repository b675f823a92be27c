// Which sessions have ended lately: so that an access token is believed without asking Postgres, and a node's death does
// not become a query for each socket that comes back.
// Promise: an end is known here soon after it was written, for as long as a token of that session could live. While that
// is not so (after a loss of the log), `isSure` says it, and whoever comes in is looked for in Postgres.

import { repeatEvery } from '../../shared/kit/process/repeat.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { MINUTE, plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { listSessionsEndedSince } from '../../shared/users/queries.ts'
import { longestTokenLife } from '../../shared/users/tokens.ts'

const LOOK = SECOND
/** An end is dated by the clock of the process that wrote it, and a token by another's. */
const SLACK = MINUTE

export class RevokedSessions {
  readonly #runtime: Runtime
  readonly #over: (sessionId: string) => void
  /** Of each session, when it may be forgotten. */
  readonly #ended = new Map<string, Date>()
  /** Losses so far, and how many of them a read has made good. */
  #losses = 1
  #mended = 0
  #stop: () => Promise<void> = async () => undefined

  /** @param over hears of each end once, as soon as it is known */
  constructor(runtime: Runtime, over: (sessionId: string) => void) {
    this.#runtime = runtime
    this.#over = over
  }

  /** To be called when the log is being followed: what ended before stands in the rows. */
  async start(): Promise<void> {
    await this.#read()
    this.#stop = repeatEvery(this.#runtime, 'reading which sessions ended', LOOK, () => this.#look())
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  get isSure(): boolean {
    return this.#mended === this.#losses
  }

  has(sessionId: string): boolean {
    return this.#ended.has(sessionId)
  }

  add(sessionId: string): void {
    const isNew = !this.#ended.has(sessionId)
    this.#ended.set(sessionId, plusMs(this.#runtime.clock.now(), this.#life()))
    if (isNew) this.#over(sessionId)
  }

  /** The log may have lost an end. The next look reads them all again, in one query however many sockets are open. */
  doubt(): void {
    this.#losses++
  }

  async #look(): Promise<void> {
    const now = this.#runtime.clock.now()
    for (const [sessionId, until] of this.#ended) if (until < now) this.#ended.delete(sessionId)
    if (!this.isSure) await this.#read()
  }

  async #read(): Promise<void> {
    const losses = this.#losses
    for (const sessionId of await listSessionsEndedSince(
      this.#runtime.db,
      plusMs(this.#runtime.clock.now(), -this.#life()),
    ))
      this.add(sessionId)
    this.#mended = losses
  }

  #life(): number {
    return longestTokenLife(this.#runtime.config) + SLACK
  }
}
