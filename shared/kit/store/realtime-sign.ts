// The sign in Redis that some realtime node is there, for processes that cannot reach one: in production a proxy leads to them.

import type { Runtime } from '../process/runtime.ts'
import { SECOND } from '../time/time.ts'

type Deps = Pick<Runtime, 'redis' | 'config'>

/** Milliseconds. */
export const SIGN_EVERY = 5 * SECOND
const SIGN_LASTS = 3 * SIGN_EVERY

export function realtimeSignKey({ BULLMQ_PREFIX }: { BULLMQ_PREFIX: string }): string {
  return `${BULLMQ_PREFIX}:realtime`
}

export async function showRealtimeSign({ redis, config }: Deps): Promise<void> {
  await redis.set(realtimeSignKey(config), 1, 'PX', SIGN_LASTS)
}

export async function isRealtimeShown({ redis, config }: Deps): Promise<boolean> {
  return (await redis.exists(realtimeSignKey(config))) === 1
}
