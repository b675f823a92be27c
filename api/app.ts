// The whole order in which a request passes through, top to bottom.

import { once } from 'node:events'
import compression from 'compression'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import { malformed } from '../shared/kit/declare/errors.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { addressOf } from './http/caller-address.ts'
import { PROBLEMS_PATH } from '../shared/kit/declare/problem-codes.ts'
import { gatherWrites } from './http/answers.ts'
import { answerErrors, unknownPath } from './http/errors.ts'
import { operationsRouter } from './http/health.ts'
import { styleOf } from './http/key-style.ts'
import { refuseOtherMethods } from './http/methods.ts'
import { problemPages } from './pages/problem-pages.ts'
import { crossOrigin } from './http/cors.ts'
import { forwardRequests } from './http/proxy.ts'
import { readTraceparent } from '../shared/kit/process/tracing.ts'
import { openPulse } from './http/pulse.ts'
import { openRequestLimits, type RequestLimits } from './http/rate-limit.ts'
import { IssuerTokens } from '../shared/issuers/issuer-tokens.ts'
import { SIGN_IN_PATH } from '../shared/issuers/queries.ts'
import { KnownKeys } from './http/known-keys.ts'
import { KnownSessions } from './http/known-sessions.ts'
import { newRequestId } from './http/origin.ts'
import { serveRoute } from './http/serve.ts'
import { SHOWN_FILES_PATH } from '../shared/files/address.ts'
import { CALENDAR_PATH } from '../shared/calendars/feed-url.ts'
import { ACCOUNT_PATH } from '../shared/users/account-links.ts'
import { openUploadGate } from './http/upload.ts'
import { boardRouter } from './board/board.ts'
import { BOARD_PATH } from './board/session.ts'
import { openConsole } from './console/console.ts'
import { DECISIONS_PATH } from './pages/decision-pages.ts'
import { calendarRouter } from './pages/calendar.ts'
import { decisionRouter } from './pages/decisions.ts'
import { documentationRouter } from './pages/documentation.ts'
import { accountRouter } from './pages/account.ts'
import { firstRunRouter } from './pages/first-run.ts'
import { issuerSignInRouter } from './pages/issuer-sign-in.ts'
import { shownFilesRouter } from './pages/shown-files.ts'
import { UNSUBSCRIBE_PATH, unsubscribeRouter } from './pages/unsubscribe.ts'
import { allRoutes } from './routes/all.ts'

export function makeApp(runtime: Runtime): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('trust proxy', runtime.config.TRUST_PROXY)
  app.set('query parser', 'simple')

  const limits = openRequestLimits(runtime)
  const door = openDoor(runtime, limits)
  const routes = allRoutes(limits, openPulse(runtime))

  app.use(identify(runtime), ...traceRequests(runtime), requestLog(runtime), securityHeaders, mustDecode)
  app.use(crossOrigin(runtime.config.CORS_ORIGINS))
  app.use(operationsRouter(runtime), forwardRequests(runtime, limits))
  app.use(compression({ filter: isCompressed }))
  app.use(documentationRouter(routes)).use(PROBLEMS_PATH, problemPages())
  app.use(BOARD_PATH, boardRouter(runtime, door.sessions, limits))
  const { router: consoleRouter, showConsole } = openConsole(runtime, routes)
  app
    .use(DECISIONS_PATH, decisionRouter(runtime, limits))
    .use(UNSUBSCRIBE_PATH, unsubscribeRouter(runtime, limits))
    .use(CALENDAR_PATH, calendarRouter(runtime, limits))
    .use(SHOWN_FILES_PATH, shownFilesRouter(runtime, limits))
    .use(ACCOUNT_PATH, accountRouter(runtime, limits))
    .use(SIGN_IN_PATH, issuerSignInRouter(runtime, limits, door.issuerTokens))
    .use(firstRunRouter(runtime, limits))
    .use(consoleRouter)

  const router = express.Router({ caseSensitive: true })
  for (const route of routes) router[route.method](route.path, serveRoute(door, route))
  router.use(refuseOtherMethods(routes))
  // The documents' clients use all three; /api/v1 is the one to write down.
  app.use('/api/v1', router).use('/api', router).use(router)

  app.use(unknownPath(limits, showConsole))
  app.use(answerErrors(runtime))
  return app
}

const openDoor = (runtime: Runtime, limits: RequestLimits) => ({
  runtime,
  limits,
  uploads: openUploadGate(runtime),
  together: gatherWrites(runtime),
  sessions: new KnownSessions(runtime),
  keys: new KnownKeys(runtime),
  issuerTokens: new IssuerTokens(runtime),
})

/** Who asks for what, as logs and limits name it. */
const identify =
  ({ config, tracing }: Runtime): RequestHandler =>
  (req, res, next) => {
    req.address = addressOf(config, req)
    const traced = tracing.isOn ? readTraceparent(req.get('traceparent'))?.traceId : undefined
    req.requestId = newRequestId(req.get('x-request-id') ?? traced)
    req.keyStyle = styleOf(req)
    res.set('X-Request-Id', req.requestId)
    next()
  }

/** A span of each request, below that of whoever asks where they trace as well. */
function traceRequests({ tracing }: Runtime): RequestHandler[] {
  if (!tracing.isOn) return []
  const follow: RequestHandler = (req, res, next) => {
    const { method, requestId } = req
    const parent = req.get('traceparent')
    void tracing.follow({ name: method, kind: 'server', requestId, parent }, async (span) => {
      const done = once(res, 'close')
      next()
      await done
      const route: unknown = req.route?.path
      span.describe(typeof route === 'string' ? `${method} ${route}` : method, {
        'http.request.method': method,
        'http.response.status_code': res.statusCode,
        ...(typeof route === 'string' && { 'http.route': route }),
      })
    })
  }
  return [follow]
}

/** A path or query that is not percent-encoded UTF-8 would be read as something else. @throws AppError 400 */
const mustDecode: RequestHandler = (req, _res, next) => {
  const [path = '', query = ''] = req.url.split('?', 2)
  const problems = [
    ['/path', path],
    ['/query', query.replaceAll('+', ' ')],
  ].filter(([, text = '']) => !decodes(text))
  if (problems.length > 0)
    throw malformed(problems.map(([at = '']) => ({ path: at, message: 'is not percent-encoded UTF-8' })))
  next()
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whole answers of text; not what is streamed, whose pieces would wait for each other, nor files, which are read in ranges. */
function isCompressed(req: Request, res: Response): boolean {
  return (
    res.getHeader('Content-Length') !== undefined &&
    res.getHeader('Content-Disposition') === undefined &&
    compression.filter(req, res)
  )
}

/** Writes and refusals are worth a line each; reads only to whoever debugs. Paths without queries, where a ticket could stand. */
function requestLog({ log, clock }: Runtime): RequestHandler {
  return (req, res, next) => {
    const began = clock.now().getTime()
    const { path } = req
    res.on('finish', () => {
      const level = res.statusCode >= 400 || req.method !== 'GET' ? 'info' : 'debug'
      log[level](
        {
          method: req.method,
          path,
          status: res.statusCode,
          ms: clock.now().getTime() - began,
          requestId: req.requestId,
          ...req.askedBy,
        },
        'request',
      )
    })
    next()
  }
}

const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; frame-ancestors 'none'`,
  })
  next()
}
