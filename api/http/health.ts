// For operators and their machines: /livez, /readyz, /metrics.

import { Router } from 'express'
import { unauthorized } from '../../shared/kit/errors.ts'
import { checkReadiness, measure } from '../../shared/kit/health.ts'
import type { House } from '../../shared/kit/house.ts'

export function operations(house: House): Router {
  const router = Router()
  router.get('/livez', (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', async (_req, res) => {
    const readiness = await checkReadiness(house)
    res.status(readiness.ready ? 200 : 503).json(readiness)
  })
  router.get('/metrics', async (req, res) => {
    const { METRICS_TOKEN } = house.config
    if (METRICS_TOKEN && req.get('authorization') !== `Bearer ${METRICS_TOKEN}`) throw unauthorized('The metrics token is missing or wrong')
    await measure(house)
    res.type(house.metrics.registry.contentType).send(await house.metrics.registry.metrics())
  })
  return router
}
