// How often somebody may do something: counted in Redis over all processes; while Redis is away each process counts for
// itself. The only importer of rate-limiter-flexible.

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from './config.ts'
import { tooMany } from './errors.ts'
import type { Redis } from './redis.ts'

export interface Limit {
  /** Part of the key in Redis. */
  readonly name: string
  readonly points: number
  readonly seconds: number
  /** What is said above it. */
  readonly refusal: string
}

export interface Left {
  points: number
  /** Until all points are there again. */
  seconds: number
}

export interface Limiter {
  /** @throws AppError 429 saying when to come back */
  count(limit: Limit, who: string): Promise<Left>
  /** Takes a count back. */
  giveBack(limit: Limit, who: string): Promise<void>
  forget(limit: Limit, who: string): Promise<void>
}

export function openLimiter(redis: Redis, { BULLMQ_PREFIX }: Pick<Config, 'BULLMQ_PREFIX'>): Limiter {
  const open = new Map<string, RateLimiterRedis>()
  const limiterFor = ({ name, points, seconds: duration }: Limit): RateLimiterRedis => {
    const limiter = open.get(name) ?? new RateLimiterRedis({
      storeClient: redis, keyPrefix: `${BULLMQ_PREFIX}:limit:${name}`, points, duration,
      insuranceLimiter: new RateLimiterMemory({ points, duration }), rejectIfRedisNotReady: true,
    })
    open.set(name, limiter)
    return limiter
  }

  return {
    async count(limit, who) {
      try {
        const { remainingPoints, msBeforeNext } = await limiterFor(limit).consume(who)
        return { points: remainingPoints, seconds: Math.ceil(msBeforeNext / 1000) }
      } catch (error) {
        if (error instanceof RateLimiterRes) throw tooMany(limit.refusal, Math.ceil(error.msBeforeNext / 1000))
        throw error
      }
    },
    giveBack: async (limit, who) => void await limiterFor(limit).reward(who),
    forget: async (limit, who) => void await limiterFor(limit).delete(who),
  }
}
