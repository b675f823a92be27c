// For operators and their machines: /livez, /readyz, /metrics.

import { Router } from 'express'
import { measureOverdue } from '../../shared/approvals/measure.ts'
import { OPERATIONS_PATHS, operationsPage } from '../../shared/kit/process/health.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { isRealtimeShown } from '../../shared/kit/store/realtime-sign.ts'
import { refuseOtherMethods } from './methods.ts'

export function operationsRouter(runtime: Runtime): Router {
  const router = Router()
  for (const path of OPERATIONS_PATHS) {
    router.get(path, async (req, res) => {
      const { status, headers, body } = await operationsPage(runtime, path, req.get('authorization'), {
        warnings: () => warningsOf(runtime),
        backlog: () => measureOverdue(runtime),
      })
      res.status(status).set(headers).send(body)
    })
  }
  return router.use(refuseOtherMethods(OPERATIONS_PATHS.map((path) => ({ method: 'get', path }))))
}

/** Not ready it would be only for sockets: all requests go on. That Redis is away is said already. */
async function warningsOf(runtime: Runtime): Promise<string[]> {
  const isThere = await isRealtimeShown(runtime).catch(() => true)
  return isThere ? [] : ['no realtime node answers: sockets and streams of events are not served']
}
