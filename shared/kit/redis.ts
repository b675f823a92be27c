// Redis through ioredis; the only importer.
// Producers fail fast, because a person waits for them and the outbox keeps what they could not send.
// Blocking readers wait for ever, because nobody does.

import { Redis } from 'ioredis'
import type { Config } from './config.ts'

export type { Redis }
type Settings = Pick<Config, 'REDIS_URL'>

export function openProducer({ REDIS_URL }: Settings): Redis {
  return quiet(new Redis(REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1000, retryStrategy }))
}

export function openBlocking({ REDIS_URL }: Settings): Redis {
  return quiet(new Redis(REDIS_URL, { maxRetriesPerRequest: null, retryStrategy }))
}

function retryStrategy(times: number): number {
  return Math.min(50 * 2 ** times, 2000)
}

/** Connection errors show as failed commands and in /readyz; the bare event would end the process. */
function quiet(redis: Redis): Redis {
  redis.on('error', () => undefined)
  return redis
}

export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => redis.once('ready', resolve))
}

/** Every evicting policy eats delayed jobs without a word, so Bellhop refuses to run on one. */
export async function refuseEviction(redis: Redis): Promise<void> {
  const info = await redis.info('memory')
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  if (policy === 'noeviction') return
  throw new Error(
    `Redis has maxmemory-policy ${policy}, under which it may throw away jobs that are waiting. Set it to noeviction: redis-cli config set maxmemory-policy noeviction`,
  )
}
