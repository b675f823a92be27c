// The console at `/` and below its sections, for whoever asks for a page, and the widgets for pages of others. Who asks for JSON
// is answered by the routes.

import type { ServerResponse } from 'node:http'
import path from 'node:path'
import express, { Router, type RequestHandler } from 'express'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import { SECTIONS } from '../../web/sections.ts'
import { wantsPage } from '../http/errors.ts'
import { operationsOf } from '../http/operations.ts'
import type { Route } from '../http/route.ts'
import { bundleConsole, WIDGETS_SCRIPT, WIDGETS_WORDS } from './bundle.ts'
import { CONSOLE_PATH } from './page.ts'
import { WIDGETS_PATH } from './widgets-page.ts'

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** `/`, a section, and one thing in it. */
const ADDRESSES = ['/', ...SECTIONS.flatMap((section) => [`/${section}`, `/${section}/:id`])]
/** Seconds: the names of the files are made of what is in them. */
const A_YEAR = 31_536_000
/** Seconds in which a new release of the widgets reaches those who ask by a name that never changes. */
const A_WHILE = 300

/** The console as a router, and its page for whoever asks for one where nothing is. */
export function openConsole(
  runtime: Runtime,
  routes: readonly Route[],
): { router: Router; showConsole: RequestHandler } {
  const router = Router({ caseSensitive: true })
  // While the process starts; whoever opens the console before that is done waits.
  const bundled = bundleConsole(operationsOf(routes)).catch((error: unknown) => {
    runtime.log.error({ err: error }, 'the console could not be built, and is not served')
  })
  router.use(CONSOLE_PATH, assets(bundled))
  router.get(WIDGETS_PATH, page(bundled, 'widgets.html'))
  router.use(WIDGETS_PATH, assets(bundled, 'widgets', shareWithOthers))
  // Of all methods, lest a router that knows GET alone answers OPTIONS in place of the routes.
  const showConsole = page(bundled, 'page.html')
  router.all(ADDRESSES, (req, res, next) => (wantsPage(req) ? showConsole(req, res, next) : next()))
  return { router, showConsole }
}

type Bundled = Promise<string | void>

const page =
  (bundled: Bundled, file: string): RequestHandler =>
  async (_req, res) => {
    res.set({ 'Content-Security-Policy': CSP, 'Cache-Control': 'no-cache' }).vary('Accept')
    res.sendFile(file, { root: await folderOf(bundled), cacheControl: false })
  }

/** Pages of any origin may run it: it says nothing of anybody. What it asks for is refused to those whom CORS_ORIGINS does not name. */
function shareWithOthers(reply: ServerResponse, file: string): void {
  reply.setHeader('Access-Control-Allow-Origin', '*')
  reply.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
  if ([WIDGETS_SCRIPT, WIDGETS_WORDS].includes(path.basename(file)))
    reply.setHeader('Cache-Control', `public, max-age=${A_WHILE}`)
}

async function folderOf(bundled: Bundled): Promise<string> {
  const folder = await bundled
  if (folder === undefined) throw unavailable('The console could not be built; the log says why')
  return folder
}

/** @param change headers of one of them */
function assets(
  bundled: Bundled,
  below = '',
  change?: (reply: ServerResponse, file: string) => void,
): RequestHandler {
  let serve: RequestHandler | undefined
  return async (req, res, next) => {
    serve ??= express.static(path.join(await folderOf(bundled), below), {
      index: false,
      redirect: false,
      setHeaders(reply, file) {
        reply.setHeader('Cache-Control', `public, max-age=${A_YEAR}, immutable`)
        change?.(reply, file)
      },
    })
    return serve(req, res, next)
  }
}
