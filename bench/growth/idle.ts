// What processes burn while nobody asks anything, and how soon an emptied Redis has its alarms back.

import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { median } from '../messages/figures.ts'

/** The relay hands alarms over every fifteen seconds. */
const PARTS = 6
const SECONDS = 5
/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10

export interface Idle {
  /**
   * Milliseconds of processor for each second, in the median of the parts: once in a minute or two the worker
   * collects garbage, which takes nearly as long as all else of half a minute, and only chance tells into whose half minute it falls.
   */
  worker: number
  /** Of the whole time: in a part it is one hundredth of a second or two. */
  redis: number
}

export async function measureIdle(workerPid: number, redisUrl: string): Promise<Idle> {
  const redis = new Redis(redisUrl)
  const redisPid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  redis.disconnect()
  const spent = (): Promise<number[]> => Promise.all([workerPid, redisPid].map(processorOf))
  const marks = [await spent()]
  for (let part = 0; part < PARTS; part++) {
    await pause(SECONDS * 1000)
    marks.push(await spent())
  }
  const [ofWorker, ofRedis] = [0, 1].map((which) =>
    marks.slice(1).map((mark, at) => ((mark[which] ?? 0) - (marks[at]?.[which] ?? 0)) / SECONDS),
  )
  return { worker: median(ofWorker ?? []), redis: (ofRedis ?? []).reduce((sum, ms) => sum + ms, 0) / PARTS }
}

/** In milliseconds, so far. */
async function processorOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Alarms of the next minutes are handed over, what the start began is carried out, and the audit is sealed. */
export async function untilCalm(db: Db): Promise<void> {
  for (;;) {
    const [row] = await rowsOf<{ left: number }>(
      db,
      `select (select count(*) from jobs where failed_at is null and coalesce(due_at, created_at) < now())
         + (select count(*) from jobs where shipped_at is null and coalesce(due_at, '-infinity') < now() + interval '9 minutes')
         + (select count(*) from audit_sealing where sealed_up_to < (select max(id) from audit_log)) as left`,
    )
    if (row?.left === 0) return
    await pause(500)
  }
}

/** As many alarms as there are in a minute and a half, if all are spread over a day, come near one after the other. */
export async function letAlarmsComeNear(db: Db, alarms: number): Promise<void> {
  await rowsOf(
    db,
    `update jobs set due_at = clock_timestamp() + interval '10 minutes' + n * (interval '1 day' / :alarms::int)
     from (select id, row_number() over (order by due_at) as n from jobs where shipped_at is null order by due_at limit :alarms::int / 960) m
     where jobs.id = m.id`,
    { alarms },
  )
}

export interface Recovery {
  /** Alarms that Redis had. */
  lost: number
  /** Milliseconds until it has as many. */
  took: number
}

/** @param administratorUrl of somebody who may empty it */
export async function emptyRedis(administratorUrl: string): Promise<Recovery> {
  const redis = new Redis(administratorUrl)
  const delayed = (): Promise<number> => redis.zcard('{bellhop.approvals}:approvals:delayed')
  const lost = await delayed()
  await redis.flushall()
  const began = performance.now()
  while ((await delayed()) < lost) await pause(50)
  const took = performance.now() - began
  redis.disconnect()
  return { lost, took }
}
