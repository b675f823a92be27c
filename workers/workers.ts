// A worker process: the queues it serves, the relay, the reconciler, the schedule, and a small port for its operator.

import { createServer, type Server } from 'node:http'
import { measureOverdue } from '../shared/approvals/measure.ts'
import { OPERATIONS_PATHS, operationsPage } from '../shared/kit/process/health.ts'
import { listenOn } from '../shared/kit/process/listen.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { LONG_QUEUES, QUEUES } from '../shared/kit/declare/job.ts'
import { throttledWarning } from '../shared/kit/process/throttled-log.ts'
import { openBlocking } from '../shared/kit/store/redis.ts'
import { placeAlarms, startAlarmTurns } from './alarm-turns.ts'
import { startAuditSealer } from './audit-sealer.ts'
import { handlersByName } from './handlers/all.ts'
import { startEvictionWatch } from './eviction-watch.ts'
import { startLiveness } from './liveness.ts'
import { startReconciler } from './reconcile.ts'
import { startRelay } from './relay.ts'
import { runQueue } from './runner.ts'
import { enqueueDue, startSchedule } from './schedule.ts'

export interface Workers {
  close(): Promise<void>
}

/**
 * A job holds one connection at a time and never asks for a second; but where the jobs of one lane are more than its
 * connections, they wait for each other, and everybody else behind them.
 */
function mustHaveConnections({ config }: Runtime): void {
  const { DATABASE_POOL, WORKER_CONCURRENCY, DATABASE_LONG_POOL, WORKER_LONG_CONCURRENCY } = config
  if (DATABASE_POOL < WORKER_CONCURRENCY)
    throw new Error(
      `DATABASE_POOL (${DATABASE_POOL}) must be at least WORKER_CONCURRENCY (${WORKER_CONCURRENCY}): the ` +
        `jobs of one queue could take every connection and wait for more.`,
    )
  const least = LONG_QUEUES.length * WORKER_LONG_CONCURRENCY
  if (DATABASE_LONG_POOL < least)
    throw new Error(
      `DATABASE_LONG_POOL (${DATABASE_LONG_POOL}) must be at least ${least}: WORKER_LONG_CONCURRENCY ` +
        `(${WORKER_LONG_CONCURRENCY}) for each of ${LONG_QUEUES.join(' and ')}.`,
    )
}

/** @throws Error when a job has no handler or two, or WORKER_QUEUES names an unknown queue, or connections are too few */
export async function openWorkers(runtime: Runtime, die: () => void): Promise<Workers> {
  mustHaveConnections(runtime)
  const handlers = handlersByName()
  const queues = chosenQueues(runtime)
  const warn = throttledWarning(runtime)
  // Whoever starts while a server is away, or on a machine too busy to reach it in time, works when it answers.
  await placeAlarms(runtime).catch((error: unknown) =>
    warn({ err: error }, 'turns of alarms failed; it will be tried again'),
  )
  const { WORKER_PORT } = runtime.config
  const server = WORKER_PORT === undefined ? undefined : await openPort(runtime, WORKER_PORT)
  const connection = openBlocking(runtime.config)
  const runners = queues.map((queue) => runQueue(runtime, queue, handlers, { connection, warn }))
  await enqueueDue(runtime).catch((error: unknown) =>
    warn({ err: error }, 'schedule failed; it will be tried again'),
  )
  const stops = [...startServices(runtime), startLiveness(runtime, queues, die)]

  return {
    async close() {
      server?.close()
      const closing = Promise.all([
        ...stops.map((stop) => stop()),
        ...runners.map((runner) => runner.close()),
      ])
      // Most of the deadline is for the handlers; the rest for giving their jobs back.
      const impatience = setTimeout(
        () => runners.forEach((runner) => runner.handBack()),
        runtime.config.SHUTDOWN_DEADLINE * 0.7,
      )
      await closing
      clearTimeout(impatience)
      connection.disconnect()
    },
  }
}

/** What runs beside the queues. @returns what stops each */
function startServices(runtime: Runtime): (() => Promise<void> | void)[] {
  return [
    startRelay(runtime),
    startReconciler(runtime),
    startAlarmTurns(runtime),
    startEvictionWatch(runtime),
    startSchedule(runtime),
    startAuditSealer(runtime),
  ]
}

function chosenQueues(runtime: Runtime): readonly string[] {
  const chosen = runtime.config.WORKER_QUEUES
  const unknown = chosen.filter((name) => !QUEUES.some((queue) => queue === name))
  if (unknown.length > 0)
    throw new Error(`WORKER_QUEUES names ${unknown.join(', ')}; there are ${QUEUES.join(', ')}.`)
  return chosen.length > 0 ? chosen : QUEUES
}

async function openPort(runtime: Runtime, port: number): Promise<Server> {
  const server = createServer((req, res) => {
    const path = OPERATIONS_PATHS.find((each) => each === req.url)
    if (!path) return void res.writeHead(404).end()
    operationsPage(runtime, path, req.headers.authorization, { backlog: () => measureOverdue(runtime) })
      .then(({ status, headers, body }) => res.writeHead(status, headers).end(body))
      .catch((error: unknown) => {
        runtime.log.error({ err: error, path }, 'request failed')
        res.writeHead(500).end()
      })
  })
  await listenOn(server, 'WORKER_PORT', runtime.config.HOST, port)
  return server
}
