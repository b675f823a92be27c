// Who is signed in here. The session lies in the storage, where other tabs see it, and is refreshed by one of them at a time.

export interface Session {
  accessToken: string
  refreshToken: string
}

/** As much of localStorage as is used; in memory where there is none. */
export interface SessionStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** @param refused that which the server took no longer */
export type GiveToken = (refused?: string) => string | undefined | Promise<string | undefined>

interface SessionOptions {
  storage: SessionStorage
  /** @returns the new session; undefined: it is over. @throws when nobody can be asked */
  refresh: (refreshToken: string) => Promise<Session | undefined>
  onEnd: () => void
}

const KEY = 'bellhop.session'
/** Seconds before its end in which a token counts as ended. */
const EARLY = 30

export class SessionKeeper implements TokenSource {
  readonly #options: SessionOptions
  #refreshing: Promise<Session | undefined> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const other = (event: Event): void => {
      if (Reflect.get(event, 'key') === KEY && !this.current) options.onEnd()
    }
    // Another tab signed out. Node has no such event.
    globalThis.addEventListener?.('storage', other)
  }

  get current(): Session | undefined {
    const text = this.#options.storage.getItem(KEY)
    return text === null ? undefined : JSON.parse(text)
  }

  /** Id of whoever is signed in. */
  get who(): string | undefined {
    const session = this.current
    return session && readClaims(session.accessToken).sub
  }

  keep({ accessToken, refreshToken }: Session): void {
    this.#options.storage.setItem(KEY, JSON.stringify({ accessToken, refreshToken }))
  }

  end(): void {
    this.#options.storage.removeItem(KEY)
    this.#options.onEnd()
  }

  /** One that is good for a while; undefined: nobody is signed in. @param refused that which the server took no longer */
  async token(refused?: string): Promise<string | undefined> {
    const session = this.current
    if (!session || (session.accessToken !== refused && isGood(session.accessToken)))
      return session?.accessToken
    // Whoever comes second finds what the first got.
    this.#refreshing ??= holdLock(KEY, () => this.#refresh(session)).finally(() => {
      this.#refreshing = undefined
    })
    return (await this.#refreshing)?.accessToken
  }

  async #refresh(old: Session): Promise<Session | undefined> {
    const session = this.current
    if (!session || session.accessToken !== old.accessToken) return session
    const fresh = await this.#options.refresh(session.refreshToken)
    if (fresh) this.keep(fresh)
    else this.end()
    return fresh
  }
}

/** Where there are locks, one tab for all. */
export function holdLock<Done>(name: string, work: () => Promise<Done>): Promise<Done> {
  const locks: LockManager | undefined = globalThis.navigator?.locks
  return locks ? locks.request(name, work) : work()
}

/** A clock that is wrong costs a refresh, no more: the server says 401 of a token that has ended. */
const isGood = (token: string): boolean => (readClaims(token).exp ?? 0) - EARLY > Date.now() / 1000

/** Of a token that is none of ours nothing is known. */
export function readClaims(token: string): { iss?: string; sub?: string; iat?: number; exp?: number } {
  try {
    const [, claims = ''] = token.split('.')
    return Object(JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))))
  } catch {
    return {}
  }
}

/** Where tokens come from, and whose they are. */
export interface TokenSource {
  /** @param refused that which the server took no longer */
  token(refused?: string): Promise<string | undefined>
  /** Ids of another system are its own; keys of programs are one to each other. */
  readonly who: string | undefined
}

/**
 * Tokens that the page gives itself.
 * @param onKnown hears once under which name everything stood until a token said whose it is: one that no other page knows
 */
export function followTokens(give: GiveToken, onKnown: (nobody: string) => void): TokenSource {
  const nobody = String(Math.random())
  let who = nobody
  return {
    get who() {
      return who
    },
    async token(refused) {
      const token = await give(refused)
      if (token === undefined) return token
      const { iss, sub } = readClaims(token)
      const before = who
      who = JSON.stringify([iss, sub])
      if (before === nobody) onKnown(nobody)
      return token
    },
  }
}

export function memoryStorage(): SessionStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
