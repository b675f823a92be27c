// What processes burn while nobody asks anything, and how soon an emptied Redis has its alarms back.

import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { rowsOf, type Db } from '../../shared/kit/store/db.ts'

const SECONDS = 20
/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10

export interface Idle {
  /** Milliseconds of processor for each second. */
  worker: number
  redis: number
}

export async function measureIdle(workerPid: number, redisUrl: string): Promise<Idle> {
  const redis = new Redis(redisUrl)
  const redisPid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  redis.disconnect()
  const spent = (): Promise<number[]> => Promise.all([workerPid, redisPid].map(processorOf))
  const before = await spent()
  await pause(SECONDS * 1000)
  const [worker = 0, server = 0] = (await spent()).map((ms, at) => (ms - (before[at] ?? 0)) / SECONDS)
  return { worker, redis: server }
}

/** In milliseconds, so far. */
async function processorOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

export async function untilShipped(db: Db): Promise<void> {
  for (;;) {
    const [row] = await rowsOf<{ left: number }>(
      db,
      'select count(*)::int as left from jobs where shipped_at is null',
    )
    if (row?.left === 0) return
    await pause(500)
  }
}

/** @param administratorUrl of somebody who may empty it. @returns milliseconds until all alarms are back */
export async function emptyRedis(administratorUrl: string, alarms: number): Promise<number> {
  const redis = new Redis(administratorUrl)
  await redis.flushall()
  const began = performance.now()
  while ((await redis.zcard('{bellhop.approvals}:approvals:delayed')) < alarms) await pause(50)
  const took = performance.now() - began
  redis.disconnect()
  return took
}
