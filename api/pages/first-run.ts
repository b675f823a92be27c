// An empty database shows everybody the page on which its first organisation is made; the code in the log opens it.

import express, { Router, type Request, type RequestHandler } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { makeChange, readingOf } from '../../shared/kit/store/change.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { publicUrl } from '../../shared/kit/outside/signature.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { findFirstRunCode, foundFirstOrganisation } from '../../shared/users/actions/first-run.ts'
import { FirstRun } from '../../shared/users/schema.ts'
import { firstRunPage, FIRST_RUN_PATH, foundedPage, tooLatePage } from './first-run-page.ts'
import { countRequests, showPlain } from './link-pages.ts'
import { plainStyles } from './plain-page.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'
import { pageLocaleOf } from './page-locale.ts'

const checkForm = compileSchema(FirstRun)

/** Once somebody is there, it is gone; whoever comes too late is told so. */
export function firstRunRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  router.use(`${FIRST_RUN_PATH}/pages`, plainStyles)
  router.get('/', onlyWhileEmpty(runtime), countRequests(limits), (req, res) =>
    showPlain(res, 200, firstRunPage(pageLocaleOf(req))),
  )
  router.post(
    FIRST_RUN_PATH,
    countRequests(limits),
    express.urlencoded({ extended: false, limit: '16kb' }),
    async (req, res) => {
      const { status, page } = await found(runtime, req, pageLocaleOf(req))
      showPlain(res, status, page)
    },
  )
  return router
}

/** Into the log, where only those read who operate it. */
export async function announceFirstRun(runtime: Runtime): Promise<void> {
  const code = await findFirstRunCode(runtime)
  if (code === undefined) return
  const about = { code, address: publicUrl(runtime.config) }
  runtime.log.warn(
    about,
    'nobody is here yet: open the address, and make the first organisation with this code',
  )
}

/** Asked of the database until the answer is no, which it stays. */
function onlyWhileEmpty(runtime: Runtime): RequestHandler {
  let isFounded = false
  return async (_req, _res, next) => {
    isFounded ||= (await findFirstRunCode(readingOf(runtime))) === undefined
    next(isFounded ? 'router' : undefined)
  }
}

async function found(
  runtime: Runtime,
  req: Request,
  locale: Locale,
): Promise<{ status: number; page: string }> {
  const given = { ...req.body, locale }
  try {
    mustBeKeepable(given, '')
    const ask = checkForm(given, '')
    await runtime.shares.hold({ part: 'links' }, () =>
      makeChange(runtime, originOf(req), (change) => foundFirstOrganisation(change, ask)),
    )
    return { status: 201, page: foundedPage(locale, ask.name) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.status === 409) return { status: 409, page: tooLatePage(locale) }
    if (error.status === 403) return { status: 403, page: firstRunPage(locale, given, ['code']) }
    if (!error.errors) throw error
    const wrong = error.errors.map(({ path }) => path.split('/')[1] ?? '')
    return { status: 400, page: firstRunPage(locale, given, wrong) }
  }
}
