// HTTP as a careful client does it: every write carries an Idempotency-Key, so that asking again is harmless.
// Promise: a server that restarts, is busy or is away for less than PATIENCE goes unnoticed, but for `retried`.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export interface Answer<T> {
  status: number
  body: T
  /** When it came, by performance.now(). */
  at: number
  /** From the first try on. */
  ms: number
}

export interface Session {
  /** Undefined before the first sign-in. */
  token: string | undefined
  /** Signs in anew, because the token has ended. */
  renew(): Promise<void>
}

export class Refused extends Error {
  readonly status: number
  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }
}

const PATIENCE = 60_000
const ONE_TRY = 15_000
const LONGEST_PAUSE = 2000

export class Http {
  readonly #url: string
  readonly #session: Session | undefined
  readonly #retried: (why: string) => void

  constructor(url: string, session: Session | undefined, retried: (why: string) => void) {
    this.#url = url
    this.#session = session
    this.#retried = retried
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.#call('GET', path)
  }

  /** Undefined: there is no such thing, or not for this person. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return (await this.get<T>(path)).body
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined
      throw error
    }
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#call('POST', path, body)
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.#call('DELETE', path)
  }

  /** @throws Refused on what the server will not do */
  async #call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const since = performance.now()
    const key = randomUUID()
    let response = await this.#persist(method, path, key, body)
    if (response.status === 401 && this.#session?.token) {
      await this.#session.renew()
      response = await this.#persist(method, path, key, body)
    }
    const text = await response.text()
    if (!response.ok)
      throw new Refused(
        response.status,
        `${method} ${path} answers ${response.status}: ${text.slice(0, 300)}`,
      )
    const at = performance.now()
    return { status: response.status, body: JSON.parse(text), at, ms: at - since }
  }

  async #persist(method: string, path: string, key: string, body: unknown): Promise<Response> {
    const deadline = performance.now() + PATIENCE
    for (let wait = 200; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      const outcome = await this.#send(method, path, key, body).catch((error: unknown) => String(error))
      const isOver = performance.now() + wait > deadline
      if (typeof outcome === 'string') {
        if (isOver) throw new Error(`${method} ${path} found nobody for ${PATIENCE / 1000} s: ${outcome}`)
      } else {
        if (isOver || (outcome.status < 500 && outcome.status !== 429)) return outcome
        await outcome.body?.cancel()
      }
      this.#retried(`${method} ${path}: ${typeof outcome === 'string' ? outcome : outcome.status}`)
      await pause(Math.max(wait, retryAfter(outcome)))
    }
  }

  #send(method: string, path: string, key: string, body: unknown): Promise<Response> {
    const token = this.#session?.token
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(method !== 'GET' && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    return fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(ONE_TRY),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
}

/** Milliseconds; a server that asks for more than LONGEST_PAUSE is asked again sooner, within PATIENCE. */
function retryAfter(outcome: Response | string): number {
  const seconds = typeof outcome === 'string' ? 0 : Number(outcome.headers.get('retry-after') ?? 0)
  return Math.min(Number.isFinite(seconds) ? seconds * 1000 : 0, 5 * LONGEST_PAUSE)
}
