// Limits of the HTTP door: requests, and sign-ins that fail.

import type { Response } from 'express'
import type { House } from '../../shared/kit/house.ts'

export interface Limits {
  /** Counts a request against its person or address, and says in the headers what is left. @throws AppError 429 */
  countRequest(who: string, res: Response): Promise<void>
  /** Counts a sign-in as failed until told otherwise, so that a hundred at once do not slip through. @throws AppError 429 */
  beginSignIn(account: string, address: string): Promise<{ succeeded: () => Promise<void> }>
}

const FAILURES_PER_ACCOUNT = 5
const FAILURES_PER_ADDRESS = 20

export function openLimits({ config, limiter }: Pick<House, 'config' | 'limiter'>): Limits {
  const signIn = { seconds: Math.ceil(config.LOGIN_WINDOW / 1000) }
  const accounts = { ...signIn, name: 'sign-in.account', points: FAILURES_PER_ACCOUNT, refusal: 'Too many failed sign-ins to this account' }
  const addresses = { ...signIn, name: 'sign-in.address', points: FAILURES_PER_ADDRESS, refusal: 'Too many failed sign-ins from this address' }
  const perMinute = config.RATE_LIMIT_PER_MINUTE
  const requests = { name: 'requests', points: perMinute, seconds: 60, refusal: 'Too many requests' }

  return {
    async countRequest(who, res) {
      const left = await limiter.count(requests, who)
      res.set('RateLimit-Policy', `"default";q=${perMinute};w=60`)
      res.set('RateLimit', `"default";r=${left.points};t=${left.seconds}`)
    },
    async beginSignIn(account, address) {
      await limiter.count(addresses, address)
      await limiter.count(accounts, account)
      return { succeeded: async () => void await Promise.all([limiter.forget(accounts, account), limiter.giveBack(addresses, address)]) }
    },
  }
}
