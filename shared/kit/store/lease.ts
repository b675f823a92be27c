// What one process of all does, for as long as it goes on doing it. No lock: for a moment two may hold it, or nobody.

import { hostname } from 'node:os'
import type { Config } from '../process/config.ts'
import type { Redis } from './redis.ts'

/** Of processes in containers the numbers are alike, and the names of their hosts differ. */
const HOLDER = `${hostname()}:${process.pid}`

/** Takes it where nobody holds it, and keeps it where this one does. @param length milliseconds from the last time that it was asked for */
export async function holdsLease(
  redis: Redis,
  { BULLMQ_PREFIX }: Pick<Config, 'BULLMQ_PREFIX'>,
  { name, length, holder = HOLDER }: { name: string; length: number; holder?: string },
): Promise<boolean> {
  const key = `${BULLMQ_PREFIX}:lease:${name}`
  if ((await redis.set(key, holder, 'PX', length, 'NX')) === 'OK') return true
  if ((await redis.get(key)) !== holder) return false
  await redis.pexpire(key, length)
  return true
}
