// A world: a database, a Redis prefix, an API, workers and a realtime server of its own, under a clock that stands still.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { startApi, type Api } from '../../api/server.ts'
import { openRealtime } from '../../realtime/server.ts'
import { makeChange, type Change } from '../../shared/kit/store/change.ts'
import type { Environment } from '../../shared/kit/process/config.ts'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { queueOf } from '../../shared/kit/store/queue.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import {
  callWebhookJob,
  deliverFactJob,
  deliverMailJob,
  deliverPushJob,
} from '../../shared/notifications/jobs.ts'
import { getUser } from '../../shared/users/queries.ts'
import type { User } from '../../shared/users/schema.ts'
import { openWorkers } from '../../workers/workers.ts'
import { caller, type Caller } from './client.ts'
import { lengthOf, VirtualClock } from './clock.ts'
import { testConfig } from './config.ts'
import { cloneDatabase, dropDatabase, urlOf } from './database.ts'
import { PEOPLE, type Name } from './people.ts'
import { openSocket, type Socket } from './socket.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { PATIENCE } from './patience.ts'

export interface Person extends Caller {
  user: User
  accessToken: string
  refreshToken: string
  /** A socket of theirs, after its hello. */
  socket(): Promise<Socket>
}

export interface World {
  runtime: Runtime
  /** The database as its owner, who may do what Bellhop may not. */
  owner: Db
  clock: VirtualClock
  /** Origin of the API. */
  url: string
  /** Address of the sockets, through the API's own port. */
  socketUrl: string
  anybody: Caller
  /** Everything that was logged, of a world that listens. */
  logs: readonly string[]
  as(name: Name): Promise<Person>
  idOf(name: Name): Promise<string>
  /** Runs an action as Bellhop would. */
  change<T>(work: (change: Change) => Promise<T>): Promise<T>
  /** Waits until everything that is due is done. @throws when a job failed */
  settle(): Promise<void>
  /** Moves the clock, stopping at every alarm on the way. */
  advance(length: string): Promise<void>
  /** Closes everything. @throws when something stayed open */
  end(): Promise<void>
}

interface Options {
  env?: Environment
  /** Which processes it has; all unless given. */
  with?: readonly ('api' | 'workers' | 'realtime')[]
  /** Leads Bellhop to its database by another way. @returns the address of that way */
  detour?: (databaseUrl: string) => Promise<string>
  /** Keeps what is logged, down to the last detail. */
  listens?: boolean
}

export async function aWorld({
  env = {},
  with: doors = ['api', 'workers', 'realtime'],
  detour = async (url) => url,
  listens = false,
}: Options = {}): Promise<World> {
  const database = await cloneDatabase()
  const clock = new VirtualClock()
  const config = testConfig({
    DATABASE_URL: await detour(urlOf(database)),
    BULLMQ_PREFIX: `w${randomBytes(6).toString('hex')}`,
    ...env,
  })
  const logs: string[] = []
  const log = listens
    ? openLog('test', 'trace', { write: (line) => void logs.push(line) })
    : openLog('test', config.LOG_LEVEL)
  const runtime = openRuntime(config, clock, log)
  await whenReady(runtime.redis)
  const owner = openAsOwner(urlOf(database))
  const workers = doors.includes('workers')
    ? await openWorkers(runtime, () => {
        throw new Error('A worker found its queue standing still.')
      })
    : undefined
  const realtime = doors.includes('realtime') ? await openRealtime(runtime) : undefined
  const api: Api | undefined = doors.includes('api')
    ? await startApi({
        ...runtime,
        config: {
          ...config,
          ...(realtime && {
            REALTIME_URL: `http://127.0.0.1:${realtime.port}`,
            SOCKETIO_URL: `http://127.0.0.1:${realtime.socketioPort}`,
          }),
        },
      })
    : undefined
  const url = `http://127.0.0.1:${api?.port}`
  const people = new Map<Name, Promise<Person>>()
  const sockets: Socket[] = []

  const w: World = {
    runtime,
    owner,
    clock,
    url,
    socketUrl: `ws://127.0.0.1:${api?.port}/ws`,
    anybody: caller(url),
    logs,
    as(name) {
      const known = people.get(name) ?? signIn(url, PEOPLE[name], w.socketUrl, sockets)
      people.set(name, known)
      return known
    },
    async idOf(name) {
      const found = await runtime.db('users').where({ email: PEOPLE[name] }).first('id', 'orgId')
      return (await getUser(runtime.db, found.orgId, found.id)).id
    },
    change: (work) => makeChange(runtime, { requestId: 'test' }, work),
    settle: () => settle(runtime),
    async advance(length) {
      const target = new Date(clock.now().getTime() + lengthOf(length))
      await settle(runtime)
      for (let due = await nextDue(runtime, target); due; due = await nextDue(runtime, target)) {
        clock.moveTo(due)
        await ringDue(runtime)
        await settle(runtime)
      }
      clock.moveTo(target)
    },
    async end() {
      await Promise.all(sockets.map((socket) => socket.close()))
      await api?.close()
      await realtime?.close()
      await workers?.close()
      await runtime.close()
      await owner.destroy()
      await dropDatabase(database)
    },
  }
  return w
}

async function signIn(url: string, email: string, socketUrl: string, sockets: Socket[]): Promise<Person> {
  const { status, body } = await caller(url).post('/auth/login', { email, password: DEMO_PASSWORD })
  if (status !== 200) throw new Error(`${email} could not sign in: ${JSON.stringify(body)}`)
  return {
    ...body,
    ...caller(`${url}/api/v1`, body.accessToken),
    async socket() {
      const socket = await openSocket(socketUrl, { headers: { authorization: `Bearer ${body.accessToken}` } })
      sockets.push(socket)
      await socket.next((frame) => frame.t === 'hello')
      return socket
    },
  }
}

const OUTSIDE = [deliverMailJob, deliverPushJob, callWebhookJob, deliverFactJob].map(({ name }) => name)
/** A delivery that nobody takes is kept as failed until somebody tries it again: that is no fault of Bellhop. */
const GIVEN_UP = `(failed_at is not null and name in (${OUTSIDE.map((name) => `'${name}'`).join(', ')}))`

/** Milliseconds between two looks: little is done soon, and looking at much that takes long would make it take longer. */
const LOOKS = [1, 2, 4, 8, 16] as const

async function settle(runtime: Runtime): Promise<void> {
  const deadline = Date.now() + PATIENCE
  for (let look = 0; ; look++) {
    await runtime.outbox.settled()
    const open = await rowsOf<{ id: string; name: string }>(
      runtime.db,
      `select id, name from jobs where (due_at is null or due_at <= ?) and not ${GIVEN_UP} union all select id, name from outbox`,
      [runtime.clock.now()],
    )
    if (open.length === 0 && !(await isAnyActive(runtime))) return
    const pauseFor = LOOKS[look]
    if (pauseFor === undefined) await mustNotHaveFailed(runtime, open)
    if (Date.now() > deadline) throw new Error(`Still not done: ${open.map((each) => each.name).join(', ')}`)
    await pause(pauseFor ?? LOOKS.at(-1))
  }
}

async function isAnyActive({ queues }: Runtime): Promise<boolean> {
  const active = await Promise.all(queues.all.map((queue) => queue.getActiveCount()))
  return active.some((count) => count > 0)
}

async function mustNotHaveFailed(
  runtime: Runtime,
  open: readonly { id: string; name: string }[],
): Promise<void> {
  for (const { id, name } of open) {
    const isJob = runtime.queues.all.some((queue) => queue.name === queueOf(name))
    const job = isJob ? await runtime.queues.get(queueOf(name)).getJob(id) : undefined
    if (job?.failedReason && !OUTSIDE.includes(name))
      throw new Error(`${name} failed: ${job.failedReason}\n${job.stacktrace?.join('\n')}`)
  }
}

async function nextDue(runtime: Runtime, until: Date): Promise<Date | undefined> {
  const [row] = await rowsOf<{ dueAt: Date | null }>(
    runtime.db,
    `select min(due_at) as due_at from jobs where due_at <= ? and not ${GIVEN_UP}`,
    [until],
  )
  return row?.dueAt ?? undefined
}

/** The alarm clock of BullMQ runs on real time, which has not reached this due time: ring it by hand. */
export async function ringDue(runtime: Runtime): Promise<void> {
  await runtime.outbox.sweep(0)
  const due = await rowsOf<{ id: string; name: string }>(
    runtime.db,
    'select id, name from jobs where due_at <= ?',
    [runtime.clock.now()],
  )
  for (const { id, name } of due) {
    const job = await runtime.queues.get(queueOf(name)).getJob(id)
    if (await job?.isDelayed()) await job?.promote()
  }
}
