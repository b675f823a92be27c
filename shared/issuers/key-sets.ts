// Sets of keys as their addresses have them. Fetched through the guard of outgoing requests, kept for a while, and fetched anew when
// a token names a key that is not among them.
// Promise: whoever sends tokens cannot make us ask an address more often than FRESH, PATIENCE and UNKNOWN_EVERY say.

import type { JsonWebKey } from 'node:crypto'
import { unavailable } from '../kit/declare/errors.ts'
import type { Runtime } from '../kit/process/runtime.ts'
import { rememberValue } from '../kit/process/remember-value.ts'
import { HOUR, MINUTE, SECOND } from '../kit/time/time.ts'
import { readJwk, type VerificationKey } from './public-keys.ts'

const FRESH = 10 * MINUTE
/** Where its address does not answer any more. */
const STALE = HOUR
/** After an attempt that failed. */
const PATIENCE = 10 * SECOND
const UNKNOWN_EVERY = MINUTE
const MOST_KEYS = 100
const MOST_SETS = 1000

type Needs = Pick<Runtime, 'clock' | 'log' | 'outgoing'>
type NamedKey = VerificationKey & { kid: string | undefined }

export class KeySets {
  readonly #needs: Needs
  readonly #sets = new Map<string, KeySet>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @param kid undefined: whichever fit. @returns none where none of that name is there. @throws AppError 503 where none can be had */
  find(url: string, kid: string | undefined): Promise<readonly VerificationKey[]> {
    const set = this.#sets.get(url) ?? new KeySet(this.#needs, url)
    rememberValue(this.#sets, url, set, MOST_SETS)
    return set.find(kid)
  }
}

class KeySet {
  readonly #needs: Needs
  readonly #url: string
  #keys: readonly NamedKey[] | undefined
  /** Milliseconds since 1970. */
  #fetchedAt = 0
  #failedAt = 0
  #unknownAt = 0
  #fetching: Promise<void> | undefined

  constructor(needs: Needs, url: string) {
    this.#needs = needs
    this.#url = url
  }

  async find(kid: string | undefined): Promise<readonly VerificationKey[]> {
    const now = this.#needs.clock.now().getTime()
    const isFresh = this.#keys !== undefined && now - this.#fetchedAt < FRESH
    if (!isFresh && now - this.#failedAt >= PATIENCE) await this.#fetch()
    if (isFresh && this.#named(kid).length === 0 && now - this.#unknownAt >= UNKNOWN_EVERY) {
      this.#unknownAt = now
      await this.#fetch()
    }
    if (this.#keys === undefined || now - this.#fetchedAt >= STALE)
      throw unavailable('The keys of the issuer cannot be fetched right now')
    return this.#named(kid)
  }

  #named(kid: string | undefined): readonly NamedKey[] {
    return (this.#keys ?? []).filter((each) => kid === undefined || each.kid === kid)
  }

  /** One for all who wait. What fails leaves the keys as they were. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#read()
      .catch((error: unknown) => {
        this.#failedAt = this.#needs.clock.now().getTime()
        this.#needs.log.warn({ err: error, url: this.#url }, 'the keys of an issuer could not be fetched')
      })
      .finally(() => {
        this.#fetching = undefined
      })
    return this.#fetching
  }

  async #read(): Promise<void> {
    const { clock, outgoing } = this.#needs
    const { code, body } = await outgoing.ask(this.#url, { headers: { accept: 'application/json' } })
    if (code !== 200) throw new Error(`it answers ${code}`)
    this.#keys = keysIn(JSON.parse(body))
    this.#fetchedAt = clock.now().getTime()
  }
}

/** @throws Error for what is no set of keys */
function keysIn(set: unknown): NamedKey[] {
  const keys: unknown = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined
  if (!Array.isArray(keys)) throw new Error('it answers no set of keys')
  if (keys.length > MOST_KEYS) throw new Error(`it answers more than ${MOST_KEYS} keys`)
  return keys.filter(isJwk).flatMap((jwk) => {
    const key = readJwk(jwk)
    return key ? { ...key, kid: typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined } : []
  })
}

const isJwk = (value: unknown): value is JsonWebKey => typeof value === 'object' && value !== null
