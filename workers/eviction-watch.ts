// What Redis does with its memory: how full it is, and a maxmemory-policy that throws jobs away, which is refused at start
// (process/run.ts) and may be set while everything runs.

import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { readRedisMemory } from '../shared/kit/store/redis.ts'

const LOOK = 5000

export function startEvictionWatch(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'eviction watch', LOOK, () => watchEviction(runtime))
}

export async function watchEviction({ redis, metrics, log }: Runtime): Promise<void> {
  const { evictingPolicy: policy, share } = await readRedisMemory(redis)
  metrics.redisMemory.set(share)
  metrics.redisEvicts.set(policy === undefined ? 0 : 1)
  if (policy !== undefined)
    log.error({ policy }, 'Redis may throw away jobs: set maxmemory-policy to noeviction')
}
