// Setting up a second factor on a page: first the password, then a code. Nobody is signed in by it.

import express, { Router, type Request, type Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { compileSchema, shape, Type } from '../../shared/kit/declare/schema.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { makeChange, type Change } from '../../shared/kit/store/change.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { accountNameOf } from '../../shared/users/accounts.ts'
import {
  confirmEnrolment,
  enrolApp,
  mustShowCode,
  readChallenge,
  readEnrolment,
  removeSecondFactor,
} from '../../shared/users/actions/second-factor.ts'
import { challengeFor, recognisePerson } from '../../shared/users/actions/sign-in.ts'
import { SecondStep, type User } from '../../shared/users/schema.ts'
import { getSecondFactor } from '../../shared/users/second-factors.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'
import { showPlain } from './link-pages.ts'
import { pageLocaleOf } from './page-locale.ts'
import {
  challengeOverPage,
  enrolPage,
  provePasswordPage,
  recoveryCodesPage,
  removedPage,
  removePage,
  wrongPassword,
} from './second-factor-pages.ts'

const checkProof = compileSchema(
  shape({
    email: Type.String({ maxLength: 254 }),
    password: Type.String({ maxLength: 200 }),
    org: Type.Optional(Type.String({ maxLength: 200 })),
  }),
)
const checkStep = compileSchema(SecondStep)

interface Answer {
  status: number
  page: string
}

export function secondFactorRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  const answer =
    (work: (req: Request, locale: Locale) => Promise<Answer>) =>
    async (req: Request, res: Response): Promise<void> => {
      mustBeKeepable(req.body ?? {}, '/form')
      const { status, page } = await runtime.shares.hold({ part: 'links' }, () =>
        work(req, pageLocaleOf(req)),
      )
      showPlain(res, status, page)
    }
  router.use(express.urlencoded({ extended: false, limit: '4kb' }))
  router.get('/', (req, res) => showPlain(res, 200, provePasswordPage(pageLocaleOf(req))))
  router.post(
    '/',
    answer((req, locale) => provePassword(runtime, limits, req, locale)),
  )
  router.post(
    '/on',
    answer((req, locale) => turnOn(runtime, limits, req, locale)),
  )
  router.post(
    '/off',
    answer((req, locale) => remove(runtime, limits, req, locale)),
  )
  return router
}

/** Leads on to the code, of a new app or of the one that is there. */
async function provePassword(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  locale: Locale,
): Promise<Answer> {
  const { email, password, org } = checkProof(req.body ?? {}, '/form')
  try {
    const attempt = await limits.beginSignIn(await accountNameOf(runtime.db, email), req.address)
    return await attempt.follow(() =>
      makeChange(runtime, originOf(req), async (change) => {
        const user = await recognisePerson(change, { emailOrPhone: email, password, ...(org && { org }) })
        const { challenge } = await challengeFor(change, user.id)
        const isOn = (await getSecondFactor(change.db, user.id)).isOn
        return {
          status: 200,
          page: isOn
            ? removePage(locale, challenge)
            : enrolPage(locale, await enrolApp(change, user), challenge),
        }
      }),
    )
  } catch (error) {
    if (!(error instanceof AppError) || ![401, 409, 429].includes(error.status)) throw error
    const problem = error.status === 401 ? wrongPassword(locale) : `${error.message}.`
    const orgs = error.errors?.map(({ message }) => [message.split(':')[0] ?? '', message] as const)
    return {
      status: error.status,
      page: provePasswordPage(locale, { given: email, problem, ...(orgs && { orgs }) }),
    }
  }
}

async function turnOn(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  locale: Locale,
): Promise<Answer> {
  return byCode(runtime, limits, req, locale, {
    carryOut: async (change, user, code) =>
      recoveryCodesPage(locale, await confirmEnrolment(change, user, code)),
    again: async (change, user, challenge) =>
      enrolPage(locale, await readEnrolment(change, user), challenge, true),
  })
}

async function remove(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  locale: Locale,
): Promise<Answer> {
  return byCode(runtime, limits, req, locale, {
    carryOut: async (change, user, code) => {
      await mustShowCode(change, user, code)
      await removeSecondFactor(change, user, user.id)
      return removedPage(locale)
    },
    again: async (_change, _user, challenge) => removePage(locale, challenge, true),
  })
}

interface Step {
  /** @throws AppError 401, 422 for a wrong code */
  carryOut: (change: Change, user: User, code: string) => Promise<string>
  again: (change: Change, user: User, challenge: string) => Promise<string>
}

async function byCode(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  locale: Locale,
  { carryOut, again }: Step,
): Promise<Answer> {
  const change = <T>(work: (change: Change) => Promise<T>): Promise<T> =>
    makeChange(runtime, originOf(req), work)
  const { challenge, code } = checkStep(req.body ?? {}, '/form')
  const user = await change((each) => readChallenge(each, challenge)).catch(orUndefined)
  if (!user) return { status: 401, page: challengeOverPage(locale) }
  try {
    const attempt = await limits.beginSignIn(user.id, req.address)
    return {
      status: 200,
      page: await attempt.follow(() => change((each) => carryOut(each, user, code))),
    }
  } catch (error) {
    if (!(error instanceof AppError) || ![401, 404, 409, 422, 429].includes(error.status)) throw error
    // It was set up, or removed, meanwhile: by whoever pressed the button twice.
    if (error.status === 404 || error.status === 409)
      return { status: error.status, page: challengeOverPage(locale) }
    return { status: error.status, page: await change((each) => again(each, user, challenge)) }
  }
}

function orUndefined(error: unknown): undefined {
  if (!(error instanceof AppError) || error.status !== 401) throw error
}
