// The pages beside the socket: alive, ready, metrics.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Door } from './door.ts'
import type { Page } from './socket/uws.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const PATIENCE = 2000

export function healthPages(door: Door): Record<string, (authorization: string) => Promise<Page>> {
  return {
    '/livez': async () => ({ status: 200, headers: JSON_TYPE, body: '{"status":"ok"}' }),
    '/readyz': () => readiness(door),
    '/metrics': (authorization) => metrics(door, authorization),
  }
}

async function readiness({ house, broker, isClosing }: Door): Promise<Page> {
  const [postgres, redis] = await Promise.all([
    works(house.db.raw('select 1').timeout(PATIENCE)),
    works(house.redis.ping()),
  ])
  const silentPartitions = broker.heartbeat.silentPartitions()
  const isReady = postgres && redis && silentPartitions.length === 0 && !isClosing
  const body = JSON.stringify({ status: isReady ? 'ok' : 'unavailable', checks: { postgres, redis, silentPartitions, isClosing } })
  return { status: isReady ? 200 : 503, headers: JSON_TYPE, body }
}

async function works(asked: PromiseLike<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch {
    return false
  }
}

async function metrics({ house }: Door, authorization: string): Promise<Page> {
  const token = house.config.METRICS_TOKEN
  if (token !== undefined && !isSame(authorization, `Bearer ${token}`)) return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' }, body: '' }
  return { status: 200, headers: { 'Content-Type': house.metrics.registry.contentType }, body: await house.metrics.registry.metrics() }
}

/** In a time that says nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}
