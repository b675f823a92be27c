// Choosing a password by the link in a mail. GET and HEAD only show, for mail scanners open every link; a POST saves.

import express, { Router, type Request, type Response } from 'express'
import { AppError, malformed } from '../../shared/kit/declare/errors.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { makeChange, makeReading } from '../../shared/kit/store/change.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import { requestPasswordReset } from '../../shared/people/actions/accounts.ts'
import { readAccountLink, setPasswordByLink } from '../../shared/users/actions/account.ts'
import { ForgottenPassword, NewPassword } from '../../shared/users/schema.ts'
import {
  choosePasswordPage,
  forgotPage,
  linkOverPage,
  linkSentPage,
  passwordSavedPage,
} from './account-pages.ts'
import { countRequests, orUnknownPage, showPlain } from './link-pages.ts'
import { pageLocaleOf } from './page-locale.ts'
import { plainStyles } from './plain-page.ts'
import { secondFactorRouter } from './second-factor.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'

const checkPasswordForm = compileSchema(NewPassword)
const checkForgotForm = compileSchema(ForgottenPassword)

export function accountRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  const form = express.urlencoded({ extended: false, limit: '4kb' })
  const orOver = (req: Request, res: Response, work: () => Promise<void>): Promise<void> =>
    orUnknownPage(runtime, res, work, linkOverPage(pageLocaleOf(req)))
  router.use('/pages', plainStyles)
  router.use(countRequests(limits))
  router.get('/', async (req, res) => {
    const link = String(req.query['link'] ?? '')
    await orOver(req, res, async () =>
      showPlain(
        res,
        200,
        choosePasswordPage(await makeReading(runtime, (reading) => readAccountLink(reading, link)), link),
      ),
    )
  })
  router.post('/', form, async (req, res) => {
    await orOver(req, res, () => savePassword(runtime, req, res))
  })
  router.get('/forgot', (req, res) => showPlain(res, 200, forgotPage(pageLocaleOf(req))))
  router.post('/forgot', form, async (req, res) => {
    await sendLink(runtime, req, res)
  })
  router.use('/second-factor', secondFactorRouter(runtime, limits))
  return router
}

async function savePassword(runtime: Runtime, req: Request, res: Response): Promise<void> {
  const { link, password } = fieldsOf(req)
  const view = await makeReading(runtime, (reading) => readAccountLink(reading, link))
  const ask = orUndefined(() => checkPasswordForm({ password }, ''))
  if (!ask) return showPlain(res, 400, choosePasswordPage(view, link, true))
  const reader = await makeChange(runtime, originOf(req), (change) =>
    setPasswordByLink(change, link, ask.password),
  )
  showPlain(res, 200, passwordSavedPage(reader, runtime.config.APP_URL ?? '/'))
}

async function sendLink(runtime: Runtime, req: Request, res: Response): Promise<void> {
  const locale = pageLocaleOf(req)
  const { email } = fieldsOf(req)
  const ask = orUndefined(() => checkForgotForm({ email }, ''))
  if (!ask) return showPlain(res, 400, forgotPage(locale, email, true))
  await makeChange(runtime, originOf(req), (change) => requestPasswordReset(change, ask))
  showPlain(res, 202, linkSentPage(locale))
}

/** @throws AppError 400 for what cannot be kept */
function fieldsOf({ body }: Request): { link: string; password: string; email: string } {
  const fields: Record<string, unknown> = body ?? {}
  mustBeKeepable(fields, '/form')
  const one = (name: string): string => (typeof fields[name] === 'string' ? fields[name].trim() : '')
  if (Array.isArray(fields['password']))
    throw malformed([{ path: '/form/password', message: 'stands there twice' }])
  return { link: one('link'), email: one('email'), password: String(fields['password'] ?? '') }
}

function orUndefined<T>(check: () => T): T | undefined {
  try {
    return check()
  } catch (error) {
    if (error instanceof AppError && error.status === 400) return undefined
    throw error
  }
}
