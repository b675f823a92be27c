// The pages beside the socket: alive, ready, metrics.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Door } from './door.ts'
import type { Page } from './socket/uws.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }
/** Milliseconds that a probe waits for Postgres. */
const PATIENCE = 2000

export function healthPages(door: Door): Record<string, (authorization: string) => Promise<Page>> {
  return {
    '/livez': async () => ({ status: 200, headers: JSON_TYPE, body: '{"status":"ok"}' }),
    '/readyz': () => readiness(door),
    '/metrics': (authorization) => metrics(door, authorization),
  }
}

/** A node whose partition stays silent is not ready, whatever its sockets say. */
async function readiness({ house, broker, isClosing }: Door): Promise<Page> {
  const silent = broker.heartbeat.silentPartitions()
  const checks = {
    postgres: await verdict(house.db.raw('select 1').timeout(PATIENCE)),
    redis: await verdict(house.redis.ping()),
    log: silent.length === 0 ? 'ok' : `partitions ${silent.join(', ')} are silent`,
    node: isClosing ? 'going away' : 'ok',
  }
  const ready = Object.values(checks).every((each) => each === 'ok')
  return { status: ready ? 200 : 503, headers: JSON_TYPE, body: JSON.stringify({ ready, checks }) }
}

async function verdict(asked: PromiseLike<unknown>): Promise<string> {
  try {
    await asked
    return 'ok'
  } catch {
    return 'unavailable'
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
