// How often somebody may do something (limits.ts): counted in Redis over all processes; while Redis is away each process
// counts for itself. The only importer of rate-limiter-flexible.
// Where a limit has parts, a process takes one at once and counts it out by itself, and gives out half of one before it asks for the
// first, which that then pays for. So whoever comes now and then costs Redis nothing. One process is exact; whoever several serve
// may get up to half a part more, or one less, for each of the others.

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../process/config.ts'
import { tooMany } from '../declare/errors.ts'
import { readLimits, type Limit, type LimitName } from '../process/limits.ts'
import { rememberValue } from '../process/remember-value.ts'
import type { Redis } from './redis.ts'

export interface Left {
  amount: number
  /** Until all of it is there again. */
  seconds: number
}

export interface Limiter {
  limits: Readonly<Record<LimitName, Limit>>
  /** @param amount of what is counted; one unless given. @throws AppError 429 saying when to come back */
  count(name: LimitName, who: string, amount?: number): Promise<Left>
  /** Of what is counted elsewhere, and not in a window of time. @throws AppError 429 when there are as many as there may be */
  mustHaveRoom(name: LimitName, present: number): void
  /** Takes a count back. */
  giveBack(name: LimitName, who: string, amount?: number): Promise<void>
  forget(name: LimitName, who: string): Promise<void>
}

/** Shares in memory, at some 200 bytes each. */
const MOST_KEPT = 50_000

/** Seconds after which it makes sense to look again whether something of it is over. */
const LOOK_AGAIN = { 'at once': 1, 'in all': 60 }

export function openLimiter(redis: Redis, config: Config): Limiter {
  const limits = readLimits(config)
  const windowOf = openWindows(redis, config, limits)
  const shares = new Shares()
  const take = async (name: LimitName, who: string, asked: number): Promise<Share> =>
    shareOf(limits[name], asked, await windowOf(name).consume(who, asked).catch(refusalIn))

  return {
    limits,
    async count(name, who, amount = 1) {
      const limit = limits[name]
      const share =
        limit.parts === undefined
          ? await take(name, who, amount)
          : await shares.spend(`${name} ${who}`, limit, limit.parts, (asked) => take(name, who, asked))
      const seconds = Math.ceil((share.until - performance.now()) / 1000)
      if (share.granted < amount) throw tooMany(limit.refusal, seconds)
      return { amount: share.granted - amount + share.elsewhere, seconds }
    },
    mustHaveRoom(name, present) {
      const { amount, seconds, refusal } = limits[name]
      if (present >= amount)
        throw tooMany(refusal, typeof seconds === 'number' ? seconds : LOOK_AGAIN[seconds])
    },
    giveBack: async (name, who, amount = 1) => void (await windowOf(name).reward(who, amount)),
    forget: async (name, who) => void (await windowOf(name).delete(who)),
  }
}

/** Of a window, what this process may give out. */
interface Share {
  granted: number
  /** What Redis has left besides. */
  elsewhere: number
  /** When the window ends, by the machine's steady clock. */
  until: number
}

/** A share of which Redis may not know yet. */
interface OpenShare extends Share {
  owed: number
}

class Shares {
  readonly #kept = new Map<string, OpenShare>()
  readonly #taking = new Map<string, Promise<void>>()

  /**
   * One of them. All who ask at the same moment share one taking.
   * @param take from Redis, so many @returns what there was before it is spent: nothing granted, it may not be
   */
  async spend(
    key: string,
    limit: Limit,
    parts: number,
    take: (asked: number) => Promise<Share>,
  ): Promise<Share> {
    const part = Math.max(1, Math.floor(limit.amount / parts))
    for (;;) {
      const share = this.#current(key) ?? this.#keep(key, openShare(limit, Math.floor(part / 2)))
      if (share.granted > 0 || share.elsewhere === 0)
        return { ...share, granted: share.granted > 0 ? share.granted-- : 0 }
      await (this.#taking.get(key) ?? this.#pay(key, share.owed, (owed) => take(owed + part)))
    }
  }

  #current(key: string): OpenShare | undefined {
    const share = this.#kept.get(key)
    return share && performance.now() < share.until ? share : undefined
  }

  #keep(key: string, share: OpenShare): OpenShare {
    rememberValue(this.#kept, key, share, MOST_KEPT)
    return share
  }

  #pay(key: string, owed: number, take: (owed: number) => Promise<Share>): Promise<void> {
    const taking = take(owed)
      .then((share) => {
        this.#keep(key, { ...share, granted: Math.max(0, share.granted - owed), owed: 0 })
      })
      .finally(() => this.#taking.delete(key))
    this.#taking.set(key, taking)
    return taking
  }
}

/** Of a window that begins here: what is given out before Redis is asked. */
const openShare = ({ amount, seconds }: Limit, granted: number): OpenShare => ({
  granted,
  elsewhere: amount - granted,
  until: performance.now() + Number(seconds) * 1000,
  owed: granted,
})

const refusalIn = (error: unknown): RateLimiterRes => {
  if (error instanceof RateLimiterRes) return error
  throw error
}

/** A part of what was asked for is granted, where not all of it is there. */
function shareOf({ amount }: Limit, asked: number, { consumedPoints, msBeforeNext }: RateLimiterRes): Share {
  const there = Math.max(0, amount - (consumedPoints - asked))
  const granted = Math.min(asked, there)
  return { granted, elsewhere: there - granted, until: performance.now() + msBeforeNext }
}

function openWindows(
  redis: Redis,
  { BULLMQ_PREFIX }: Config,
  limits: Limiter['limits'],
): (name: LimitName) => RateLimiterRedis {
  const open = new Map<LimitName, RateLimiterRedis>()
  return (name) => {
    const window = open.get(name) ?? openWindow(redis, `${BULLMQ_PREFIX}:limit:${name}`, limits[name])
    open.set(name, window)
    return window
  }
}

/** A window of time in Redis; while Redis is away, one of this process. */
function openWindow(
  redis: Redis,
  keyPrefix: string,
  { name, amount: points, seconds: duration }: Limit,
): RateLimiterRedis {
  if (typeof duration !== 'number') throw new Error(`The limit ${name} is not counted in time.`)
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix,
    points,
    duration,
    insuranceLimiter: new RateLimiterMemory({ points, duration }),
    rejectIfRedisNotReady: true,
  })
}
