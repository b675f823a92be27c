// A maxmemory-policy that throws jobs away is refused at start (process.ts), and may be set while everything runs.

import { every } from '../shared/kit/every.ts'
import type { House } from '../shared/kit/house.ts'
import { findEvictingPolicy } from '../shared/kit/redis.ts'

const LOOK = 5000

export function startEvictionWatch(house: House): () => Promise<void> {
  return every(house, 'eviction watch', LOOK, () => watchEviction(house))
}

export async function watchEviction({ redis, metrics, log }: House): Promise<void> {
  const policy = await findEvictingPolicy(redis)
  metrics.redisEvicts.set(policy === undefined ? 0 : 1)
  if (policy !== undefined) log.error({ policy }, 'Redis may throw away jobs: set maxmemory-policy to noeviction')
}
