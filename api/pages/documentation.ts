// For people who write clients: /openapi.json with its examples, /asyncapi.json, and /docs, a page that reads them.
// The page and its guides are static files of our own: no build, no font, no script of others.

import { fileURLToPath } from 'node:url'
import express, { Router, type RequestHandler } from 'express'
import { asyncApi } from '../../shared/protocol/asyncapi.ts'
import { declaredEvents } from '../../shared/kit/declare/event.ts'
import { sessionEndedEvent } from '../../shared/users/events.ts'
import { NamedShapes } from '../http/named-shapes.ts'
import { refuseOtherMethods } from '../http/methods.ts'
import { EXAMPLES_PATH, readOpenApiExamples } from '../http/openapi-examples.ts'
import { openApiDocument } from '../http/openapi.ts'
import type { Route } from '../http/route.ts'
import { withoutEmptyDescriptions } from '../http/said-by-names.ts'

const PAGE = fileURLToPath(new URL('./docs', import.meta.url))
const CSP = `default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'`

export function documentationRouter(routes: readonly Route[]): Router {
  const router = Router()
  const documents = (): ReturnType<typeof documentsOf> => documentsOf(routes)
  router.get(
    '/openapi.json',
    answer(() => documents().api),
  )
  router.get(
    '/asyncapi.json',
    answer(() => documents().events),
  )
  router.get(EXAMPLES_PATH, answer(readOpenApiExamples))
  router.use('/docs', pageHeaders, express.static(PAGE, { index: false, redirect: false }))
  router.get('/docs', (_req, res) => res.sendFile('page.html', { root: PAGE, cacheControl: false }))
  return router.use(
    refuseOtherMethods(
      ['/openapi.json', '/asyncapi.json', EXAMPLES_PATH, '/docs'].map((path) => ({ method: 'get', path })),
    ),
  )
}

/** A session's end is heard by the nodes, which close its sockets, and by no client. */
export function documentsOf(routes: readonly Route[]): { api: object; events: object } {
  const heard = declaredEvents().filter((event) => event.name !== sessionEndedEvent.name)
  return {
    api: openApiDocument(routes),
    events: withoutEmptyDescriptions(asyncApi(heard, new NamedShapes())),
  }
}

/** Written once, by the first who asks: the declarations do not change while the process lives. */
function answer(write: () => object): RequestHandler {
  let text: string | undefined
  return (_req, res) =>
    void res
      .set('Cache-Control', 'no-cache')
      .type('json')
      .send((text ??= JSON.stringify(write())))
}

const pageHeaders: RequestHandler = (_req, res, next) => {
  res.set({ 'Content-Security-Policy': CSP, 'Cache-Control': 'no-cache' })
  next()
}
