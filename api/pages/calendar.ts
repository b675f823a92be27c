// What calendar programs read. They do not sign in: whoever knows the address reads, and it says nothing about others.

import { createHash } from 'node:crypto'
import { Router } from 'express'
import { readFeed } from '../../shared/calendars/queries.ts'
import { readingOf } from '../../shared/kit/store/change.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { countRequests, orUnknownPage } from './link-pages.ts'

/** Programs ask every few minutes; most of the time nothing has changed, and the ETag says so. */
const FRESH_SECONDS = 60

export function calendarRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  router.use(countRequests(limits))
  router.get('/:file', (req, res) =>
    orUnknownPage(runtime, res, async () => {
      const calendar = await readFeed(readingOf(runtime), req.params.file)
      res.set('Cache-Control', `private, max-age=${FRESH_SECONDS}`)
      res.set('ETag', `"${createHash('sha256').update(calendar).digest('base64url')}"`)
      res.type('text/calendar; charset=utf-8').send(calendar)
    }),
  )
  return router
}
