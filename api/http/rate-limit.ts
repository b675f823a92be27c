// Limits of the HTTP door: requests, what is handed on, and sign-ins that fail.

import type { Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { networkOf } from '../../shared/kit/outside/client-address.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'

export interface RequestLimits {
  /**
   * Counts a request against its person or program, or against where it comes from, and says in the headers
   * what is left. @throws AppError 429
   */
  countRequest(who: { id: string } | { address: string }, res: Response): Promise<void>
  /** Counts what belongs to the realtime process, which counts what is done there. @throws AppError 429 */
  countForwarded(address: string): Promise<void>
  /** Counts a sign-in as failed until told otherwise, so that a hundred at once do not slip through. @throws AppError 429 */
  beginSignIn(account: string, address: string): Promise<SignInAttempt>
}

interface SignInAttempt {
  /**
   * When it succeeds, what failed before is forgotten. Where the password was right and a second factor is asked for, or where nothing
   * was done because a server is away, this one has not failed, and what failed before still counts.
   */
  follow: <T>(signIn: () => Promise<T>) => Promise<T>
}

/** Whether it says something against the password. */
const isFailedSignIn = (error: unknown): boolean =>
  outageOf(error) === undefined &&
  !(error instanceof AppError && ['second_factor_required', 'unavailable'].includes(error.code))

export function openRequestLimits({ limiter }: Pick<Runtime, 'limiter'>): RequestLimits {
  const { amount } = limiter.limits.requests
  return {
    async countRequest(who, res) {
      const left = await limiter.count('requests', 'id' in who ? who.id : networkOf(who.address))
      res.set('RateLimit-Policy', `"default";q=${amount};w=60`)
      res.set('RateLimit', `"default";r=${left.amount};t=${left.seconds}`)
    },
    countForwarded: async (address) => void (await limiter.count('forwarded', networkOf(address))),
    async beginSignIn(account, address) {
      const network = networkOf(address)
      await limiter.count('sign-in.network', network)
      await limiter.count('sign-in.account', account)
      return {
        async follow(signIn) {
          try {
            const signedIn = await signIn()
            await limiter.forget('sign-in.account', account)
            await limiter.giveBack('sign-in.network', network)
            return signedIn
          } catch (error) {
            if (!isFailedSignIn(error)) {
              await limiter.giveBack('sign-in.account', account)
              await limiter.giveBack('sign-in.network', network)
            }
            throw error
          }
        },
      }
    },
  }
}
