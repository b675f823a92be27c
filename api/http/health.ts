// For operators and their machines: /livez, /readyz, /metrics.

import { Router } from 'express'
import { OPERATIONS_PATHS, operationsPage } from '../../shared/kit/process/health.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { refuseOtherMethods } from './methods.ts'

export function operationsRouter(runtime: Runtime): Router {
  const router = Router()
  for (const path of OPERATIONS_PATHS) {
    router.get(path, async (req, res) => {
      const { status, headers, body } = await operationsPage(runtime, path, req.get('authorization'))
      res.status(status).set(headers).send(body)
    })
  }
  return router.use(refuseOtherMethods(OPERATIONS_PATHS.map((path) => ({ method: 'get', path }))))
}
