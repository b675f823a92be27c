// A token bucket: so many a second, and so many at once after a pause. In milliseconds of whatever clock it is asked by.

interface Rate {
  perSecond: number
  burst: number
}

export class TokenBucket {
  readonly #rate: Rate
  #level: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#level = rate.burst
    this.#at = now
  }

  /** Takes one where there is one. @returns whether there was */
  take(now: number): boolean {
    this.#refill(now)
    if (this.#level < 1) return false
    this.#level -= 1
    return true
  }

  /** Takes one in any case. @returns what is left; below zero: how many too many there were */
  charge(now: number): number {
    this.#refill(now)
    this.#level -= 1
    return this.#level
  }

  #refill(now: number): void {
    const { perSecond, burst } = this.#rate
    const gained = Math.max(0, ((now - this.#at) * perSecond) / 1000)
    this.#level = Math.min(burst, this.#level + gained)
    this.#at = now
  }
}
