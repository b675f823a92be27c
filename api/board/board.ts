// Bull Board at /admin/queues, behind a sign-in of its own. This file is the way in; queues.ts is what is inside.
// Mounted before the API's body parser and key spelling, which it must not pass.

import { fileURLToPath } from 'node:url'
import express, {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { compileSchema, Type } from '../../shared/kit/declare/schema.ts'
import { SecondStep } from '../../shared/users/schema.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import { codePage, enrolFirstPage, refusedPage, signInPage, signOutPage } from './pages.ts'
import type { boardQueues } from './queues.ts'
import {
  BOARD_PATH,
  signInToBoard,
  signInToBoardByCode,
  signOutOfBoard,
  sameOriginWrites,
  boardUserOf,
} from './session.ts'
import { PLAIN_CSP, plainStyles } from '../pages/plain-page.ts'
import type { KnownSessions } from '../http/known-sessions.ts'
import type { RequestLimits } from '../http/rate-limit.ts'

const PAGES = fileURLToPath(new URL('./static', import.meta.url))
/** Bull Board sets styles from its scripts, and asks for a web font, which this forbids. */
const CSP =
  `default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; ` +
  `font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'`

const checkForm = compileSchema(
  Type.Object({ email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 200 }) }),
)

const checkCodeForm = compileSchema(SecondStep)

export function boardRouter(runtime: Runtime, sessions: KnownSessions, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  let queues: ReturnType<typeof boardQueues> | undefined
  router.use(pageHeaders, sameOriginWrites)
  router.use('/pages', express.static(PAGES, { index: false, redirect: false }), plainStyles)
  router.get('/sign-in', (_req, res) => show(res, 200, signInPage()))
  router.post('/sign-in', express.urlencoded({ extended: false, limit: '4kb' }), signInBy(runtime, limits))
  router.post(
    '/sign-in/code',
    express.urlencoded({ extended: false, limit: '4kb' }),
    signInByCode(runtime, limits),
  )
  router.get('/sign-out', async (req, res) =>
    show(res, 200, signOutPage(await boardUserOf(runtime, sessions, req, res))),
  )
  router.post('/sign-out', async (req, res) => {
    await signOutOfBoard(runtime, req, res, await boardUserOf(runtime, sessions, req, res))
    res.redirect(303, `${BOARD_PATH}/sign-in`)
  })
  router.use('/static', longLived)
  router.use(async (req, res, next) => {
    const visitor = await boardUserOf(runtime, sessions, req, res)
    // Loaded by the first who may look: a process that starts does not need it.
    queues ??= (await import('./queues.ts')).boardQueues(runtime)
    queues(visitor, req, res, next)
  })
  router.use(refuse(runtime))
  return router
}

function signInBy(runtime: Runtime, limits: RequestLimits): RequestHandler {
  return async (req, res) => {
    mustBeKeepable(req.body, '/form')
    const form = checkForm(req.body, '/form')
    try {
      await signInToBoard(runtime, limits, req, res, form)
      res.redirect(303, `${BOARD_PATH}/`)
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500 || error.status === 403) throw error
      if (error.code === 'second_factor_required') return show(res, 200, secondStepPage(error))
      runtime.metrics.refusals.inc({ code: error.code })
      if (error.retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(error.retryAfter)))
      show(res, error.status, signInPage({ problem: sentenceOf(error), email: form.email }))
    }
  }
}

function secondStepPage({ more }: AppError): string {
  return more?.['isEnrolled'] ? codePage(String(more['challenge'])) : enrolFirstPage()
}

/** Of a challenge that is over one begins anew. */
function signInByCode(runtime: Runtime, limits: RequestLimits): RequestHandler {
  return async (req, res) => {
    mustBeKeepable(req.body, '/form')
    const step = checkCodeForm(req.body, '/form')
    try {
      await signInToBoardByCode(runtime, limits, req, res, step)
      res.redirect(303, `${BOARD_PATH}/`)
    } catch (error) {
      if (!(error instanceof AppError) || ![401, 422, 429].includes(error.status)) throw error
      runtime.metrics.refusals.inc({ code: error.code })
      show(res, error.status, codePage(step.challenge, sentenceOf(error)))
    }
  }
}

function sentenceOf({ message, retryAfter }: AppError): string {
  return retryAfter === undefined
    ? `${message}.`
    : `${message}. Try again in ${Math.ceil(retryAfter / 60)} min.`
}

/** A person gets a page; the board's own requests, and everything unexpected, get a problem object. */
function refuse(runtime: Runtime): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!(error instanceof AppError) || isForPrograms(req) || res.headersSent) return next(error)
    if (error.status === 401) return res.redirect(303, `${BOARD_PATH}/sign-in`)
    if (error.status !== 403) return next(error)
    runtime.log.warn({ requestId: req.requestId, path: req.originalUrl }, 'refused at the queue board')
    runtime.metrics.refusals.inc({ code: error.code })
    show(res, 403, refusedPage(error.message))
  }
}

function show(res: Response, status: number, page: string): void {
  res.status(status).set('Content-Security-Policy', PLAIN_CSP).type('html').send(page)
}

const isForPrograms = (req: Request): boolean => req.path.startsWith('/api/')

/** Without a referrer policy of same-origin a form would say that it comes from nowhere. */
const pageHeaders: RequestHandler = (_req, res, next) => {
  res.set({ 'Content-Security-Policy': CSP, 'Referrer-Policy': 'same-origin' })
  next()
}

/** Bull Board's scripts carry a hash of their content in their names. */
const longLived: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'private, max-age=3600')
  next()
}
