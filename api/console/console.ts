// The console at `/` and below its sections, for whoever asks for a page. Who asks for JSON is answered by the routes.

import express, { Router, type Request, type RequestHandler } from 'express'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import { SECTIONS } from '../../web/sections.ts'
import { operationsOf } from '../http/operations.ts'
import type { Route } from '../http/route.ts'
import { bundleConsole } from './bundle.ts'
import { CONSOLE_PATH } from './page.ts'

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** `/`, a section, and one thing in it. */
const ADDRESSES = ['/', ...SECTIONS.flatMap((section) => [`/${section}`, `/${section}/:id`])]
/** Seconds: the names of the files are made of what is in them. */
const A_YEAR = 31_536_000

export function consoleRouter(runtime: Runtime, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true })
  // While the process starts; whoever opens the console before that is done waits.
  const bundled = bundleConsole(operationsOf(routes)).catch((error: unknown) => {
    runtime.log.error({ err: error }, 'the console could not be built, and is not served')
  })
  router.use(CONSOLE_PATH, assets(bundled))
  // Of all methods, lest a router that knows GET alone answers OPTIONS in place of the routes.
  router.all(ADDRESSES, async (req, res, next) => {
    if (!wantsPage(req)) return next()
    res.set({ 'Content-Security-Policy': CSP, 'Cache-Control': 'no-cache' }).vary('Accept')
    res.sendFile('page.html', { root: await folderOf(bundled), cacheControl: false })
  })
  return router
}

/** Said in so many words, as browsers do: of a program that takes anything, JSON is expected. */
const wantsPage = (req: Request): boolean =>
  ['GET', 'HEAD'].includes(req.method) && /\btext\/html\b/.test(req.get('accept') ?? '')

async function folderOf(bundled: Promise<string | void>): Promise<string> {
  const folder = await bundled
  if (folder === undefined) throw unavailable('The console could not be built; the log says why')
  return folder
}

function assets(bundled: Promise<string | void>): RequestHandler {
  let serve: RequestHandler | undefined
  return async (req, res, next) => {
    serve ??= express.static(await folderOf(bundled), {
      index: false,
      redirect: false,
      setHeaders: (reply) => reply.setHeader('Cache-Control', `public, max-age=${A_YEAR}, immutable`),
    })
    return serve(req, res, next)
  }
}
