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

interface SessionOptions {
  storage: SessionStorage
  /** @returns the new session; undefined: it is over. @throws when nobody can be asked */
  refresh: (refreshToken: string) => Promise<Session | undefined>
  onEnd: () => void
}

const KEY = 'bellhop.session'
/** Seconds before its end in which a token counts as ended. */
const EARLY = 30

export class SessionKeeper {
  readonly #options: SessionOptions
  #refreshing: Promise<Session | undefined> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const other = (event: Event): void => {
      if (Reflect.get(event, 'key') === KEY && !this.current) options.onEnd()
    }
    // Another tab signed out. Node has no such event.
    Reflect.get(globalThis, 'addEventListener')?.call(globalThis, 'storage', other)
  }

  get current(): Session | undefined {
    const text = this.#options.storage.getItem(KEY)
    return text === null ? undefined : JSON.parse(text)
  }

  /** Id of whoever is signed in. */
  get who(): string | undefined {
    const session = this.current
    return session && claimsOf(session.accessToken).sub
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
    this.#refreshing ??= this.#refreshAlone(session).finally(() => {
      this.#refreshing = undefined
    })
    return (await this.#refreshing)?.accessToken
  }

  /** Where there are locks, over all tabs: whoever comes second finds what the first got. */
  #refreshAlone(old: Session): Promise<Session | undefined> {
    const locks: LockManager | undefined = Reflect.get(globalThis, 'navigator')?.locks
    const refresh = (): Promise<Session | undefined> => this.#refresh(old)
    return locks ? locks.request(KEY, refresh) : refresh()
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

/** A clock that is wrong costs a refresh, no more: the server says 401 of a token that has ended. */
const isGood = (token: string): boolean => (claimsOf(token).exp ?? 0) - EARLY > Date.now() / 1000

function claimsOf(token: string): { exp?: number; sub?: string } {
  const [, claims = ''] = token.split('.')
  return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
}

export function memoryStorage(): SessionStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
