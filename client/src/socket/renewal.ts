// Brings a newer token before the present one ends, so that the socket stays. The server's clock counts: it is asked for
// the time, as that of a phone may be anything. When it fails, the socket ends with its token, and comes back with another.

interface Instants {
  /** Of `ping`. */
  at?: string
  /** Of `token`. */
  tokenExpiresAt?: string
}

interface RenewalOptions {
  token: () => Promise<string | undefined>
  /** Sends a command on the present connection. */
  ask: (c: string, data?: unknown) => Promise<unknown>
}

/** Of the time that is left, and up to a tenth less by chance. */
const PART = 0.8
const CHANCE = 0.1
/** A longer timer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1

export class Renewal {
  readonly #options: RenewalOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Counts starts and stops, so that an answer that comes late is nobody's. */
  #round = 0

  constructor(options: RenewalOptions) {
    this.#options = options
  }

  /** @param expiresAt as the server said it */
  start(expiresAt: string): void {
    const round = ++this.#round
    const wait = async (): Promise<void> => {
      const remaining = await this.#remaining(expiresAt)
      if (round !== this.#round) return
      const delay = remaining * (PART - Math.random() * CHANCE)
      this.#timer = setTimeout(
        () => void this.#renew(round).catch(() => undefined),
        Math.min(delay, LONGEST_TIMER),
      )
    }
    wait().catch(() => undefined)
  }

  stop(): void {
    this.#round++
    clearTimeout(this.#timer)
  }

  async #remaining(expiresAt: string): Promise<number> {
    const { at = expiresAt }: Instants = Object(await this.#options.ask('ping'))
    return Math.max(0, Date.parse(expiresAt) - Date.parse(at))
  }

  async #renew(round: number): Promise<void> {
    const token = await this.#options.token()
    if (token === undefined || round !== this.#round) return
    const { tokenExpiresAt }: Instants = Object(await this.#options.ask('token', { token }))
    if (tokenExpiresAt !== undefined && round === this.#round) this.start(tokenExpiresAt)
  }
}
