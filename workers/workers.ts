// A worker process: the queues it serves, the relay, the reconciler, the schedule, and a small port for its operator.

import { createServer, type Server } from 'node:http'
import { OPERATIONS_PATHS, operationsPage } from '../shared/kit/health.ts'
import type { House } from '../shared/kit/house.ts'
import { QUEUES } from '../shared/kit/job.ts'
import { troubleTeller } from '../shared/kit/trouble.ts'
import { startAuditSealer } from './audit-sealer.ts'
import { handlersByName } from './handlers/all.ts'
import { startLiveness } from './liveness.ts'
import { startReconciler } from './reconcile.ts'
import { startRelay } from './relay.ts'
import { runQueue } from './runner.ts'
import { enqueueDue, startSchedule } from './schedule.ts'

export interface Workers {
  close(): Promise<void>
}

/** @throws Error when a job has no handler or two, or WORKER_QUEUES names an unknown queue */
export async function openWorkers(house: House, die: () => void): Promise<Workers> {
  const handlers = handlersByName()
  const queues = chosenQueues(house)
  const warn = troubleTeller(house)
  const runners = queues.map((queue) => runQueue(house, queue, handlers, warn))
  await enqueueDue(house)
  const stops = [startRelay(house), startReconciler(house), startSchedule(house), startAuditSealer(house), startLiveness(house, queues, die)]
  const server = house.config.WORKER_PORT === undefined ? undefined : openPort(house, house.config.WORKER_PORT)

  return {
    async close() {
      server?.close()
      const closing = Promise.all([...stops.map((stop) => stop()), ...runners.map((runner) => runner.close())])
      // Most of the deadline is for the handlers; the rest for giving their jobs back.
      const impatience = setTimeout(() => runners.forEach((runner) => runner.handBack()), house.config.SHUTDOWN_DEADLINE * 0.7)
      await closing
      clearTimeout(impatience)
    },
  }
}

function chosenQueues(house: House): readonly string[] {
  const chosen = house.config.WORKER_QUEUES
  const unknown = chosen.filter((name) => !QUEUES.some((queue) => queue === name))
  if (unknown.length > 0) throw new Error(`WORKER_QUEUES names ${unknown.join(', ')}; there are ${QUEUES.join(', ')}.`)
  return chosen.length > 0 ? chosen : QUEUES
}

function openPort(house: House, port: number): Server {
  const server = createServer((req, res) => {
    const path = OPERATIONS_PATHS.find((each) => each === req.url)
    if (!path) return void res.writeHead(404).end()
    operationsPage(house, path, req.headers.authorization)
      .then(({ status, headers, body }) => res.writeHead(status, headers).end(body))
      .catch((error: unknown) => {
        house.log.error({ err: error, path }, 'page failed')
        res.writeHead(500).end()
      })
  })
  return server.listen(port, house.config.HOST)
}
