// Limits, counted in Redis over all processes; while Redis is away each process counts for itself.

import type { Response } from 'express'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { tooMany } from '../../shared/kit/errors.ts'
import type { House } from '../../shared/kit/house.ts'

export interface Limits {
  /** Counts a request against its person or address, and says in the headers what is left. @throws AppError 429 */
  countRequest(who: string, res: Response): Promise<void>
  /** Counts a sign-in as failed until told otherwise, so that a hundred at once do not slip through. @throws AppError 429 */
  beginSignIn(account: string, address: string): Promise<{ succeeded: () => Promise<void> }>
}

const FAILURES_PER_ACCOUNT = 5
const FAILURES_PER_ADDRESS = 20

export function openLimits(house: House): Limits {
  const limiter = (name: string, points: number, milliseconds: number): RateLimiterRedis => {
    const duration = Math.ceil(milliseconds / 1000)
    const insuranceLimiter = new RateLimiterMemory({ points, duration })
    return new RateLimiterRedis({ storeClient: house.redis, keyPrefix: `${house.config.BULLMQ_PREFIX}:limit:${name}`, points, duration, insuranceLimiter, rejectIfRedisNotReady: true })
  }
  const perMinute = house.config.RATE_LIMIT_PER_MINUTE
  const requests = limiter('requests', perMinute, 60_000)
  const accounts = limiter('sign-in.account', FAILURES_PER_ACCOUNT, house.config.LOGIN_WINDOW)
  const addresses = limiter('sign-in.address', FAILURES_PER_ADDRESS, house.config.LOGIN_WINDOW)

  return {
    async countRequest(who, res) {
      const left = await consume(requests, who, 'Too many requests')
      res.set('RateLimit-Policy', `"default";q=${perMinute};w=60`)
      res.set('RateLimit', `"default";r=${left.remainingPoints};t=${Math.ceil(left.msBeforeNext / 1000)}`)
    },
    async beginSignIn(account, address) {
      await consume(addresses, address, 'Too many failed sign-ins from this address')
      await consume(accounts, account, 'Too many failed sign-ins to this account')
      return { succeeded: async () => void await Promise.all([accounts.delete(account), addresses.reward(address)]) }
    },
  }
}

async function consume(limiter: RateLimiterRedis, key: string, refusal: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key)
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(refusal, Math.ceil(error.msBeforeNext / 1000))
    throw error
  }
}
