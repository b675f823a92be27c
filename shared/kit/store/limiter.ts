// How often somebody may do something (limits.ts): counted in Redis over all processes; while Redis is away each process
// counts for itself. The only importer of rate-limiter-flexible.

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../process/config.ts'
import { tooMany } from '../declare/errors.ts'
import { readLimits, type Limit, type LimitName } from '../process/limits.ts'
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

/** Seconds after which it makes sense to look again whether something of it is over. */
const LOOK_AGAIN = { 'at once': 1, 'in all': 60 }

export function openLimiter(redis: Redis, config: Config): Limiter {
  const limits = readLimits(config)
  const open = new Map<string, RateLimiterRedis>()
  const limiterFor = (name: LimitName): RateLimiterRedis => {
    const limiter =
      open.get(name) ?? openWindow(redis, `${config.BULLMQ_PREFIX}:limit:${name}`, name, limits[name])
    open.set(name, limiter)
    return limiter
  }

  return {
    limits,
    async count(name, who, amount = 1) {
      try {
        const { remainingPoints, msBeforeNext } = await limiterFor(name).consume(who, amount)
        return { amount: remainingPoints, seconds: Math.ceil(msBeforeNext / 1000) }
      } catch (error) {
        if (error instanceof RateLimiterRes)
          throw tooMany(limits[name].refusal, Math.ceil(error.msBeforeNext / 1000))
        throw error
      }
    },
    mustHaveRoom(name, present) {
      const { amount, seconds, refusal } = limits[name]
      if (present >= amount)
        throw tooMany(refusal, typeof seconds === 'number' ? seconds : LOOK_AGAIN[seconds])
    },
    giveBack: async (name, who, amount = 1) => void (await limiterFor(name).reward(who, amount)),
    forget: async (name, who) => void (await limiterFor(name).delete(who)),
  }
}

/** A window of time in Redis; while Redis is away, one of this process. */
function openWindow(
  redis: Redis,
  keyPrefix: string,
  name: LimitName,
  { amount: points, seconds: duration }: Limit,
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
