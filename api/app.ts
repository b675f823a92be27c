// The whole order in which a request passes through, top to bottom.

import express, { type Express, type RequestHandler } from 'express'
import type { House } from '../shared/kit/house.ts'
import { addressOf } from './http/caller-address.ts'
import { answerErrors, unknownPath } from './http/errors.ts'
import { operations } from './http/health.ts'
import { keyStyle } from './http/key-style.ts'
import { crossOrigin } from './http/cors.ts'
import { forwardRequests } from './http/proxy.ts'
import { openLimits } from './http/rate-limit.ts'
import { newRequestId, serve } from './http/serve.ts'
import { openUploadGate } from './http/upload.ts'
import { board } from './http/board.ts'
import { BOARD_PATH } from './http/board-session.ts'
import { DECISIONS_PATH } from './http/decision-pages.ts'
import { decisions } from './http/decisions.ts'
import { documentation } from './http/documentation.ts'
import { UNSUBSCRIBE_PATH, unsubscribing } from './http/unsubscribe.ts'
import { allRoutes } from './routes/all.ts'

const BODY_LIMIT = '1mb'

export function makeApp(house: House): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('trust proxy', house.config.TRUST_PROXY)
  app.set('query parser', 'simple')

  const limits = openLimits(house)
  const uploads = openUploadGate(house)
  const routes = allRoutes(limits)

  app.use(identify(house), requestLog(house), securityHeaders)
  app.use(crossOrigin(house.config.CORS_ORIGINS))
  app.use(operations(house), forwardRequests(house, limits))
  app.use(documentation(routes))
  app.use(BOARD_PATH, board(house, limits))
  app.use(DECISIONS_PATH, decisions(house, limits)).use(UNSUBSCRIBE_PATH, unsubscribing(house, limits))
  app.use(express.json({ limit: BODY_LIMIT, strict: true }), keyStyle)

  const router = express.Router({ caseSensitive: true })
  for (const route of routes) router[route.method](route.path, serve(house, limits, uploads, route))
  // The documents' clients use all three; /api/v1 is the one to write down.
  app.use('/api/v1', router).use('/api', router).use(router)

  app.use(unknownPath(limits))
  app.use(answerErrors(house))
  return app
}

/** Who asks for what, as logs and limits name it. */
const identify = ({ config }: House): RequestHandler => (req, res, next) => {
  req.address = addressOf(config, req)
  req.requestId = newRequestId(req.get('x-request-id'))
  req.keyStyle = 'camel'
  res.set('X-Request-Id', req.requestId)
  next()
}

/** Writes and refusals are worth a line each; reads only to whoever debugs. Paths without queries, where a ticket could stand. */
function requestLog({ log, clock }: House): RequestHandler {
  return (req, res, next) => {
    const began = clock.now().getTime()
    const { path } = req
    res.on('finish', () => {
      const level = res.statusCode >= 400 || req.method !== 'GET' ? 'info' : 'debug'
      log[level]({ method: req.method, path, status: res.statusCode, ms: clock.now().getTime() - began, requestId: req.requestId }, 'request')
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
