// A worker process for the test of jobs that end their workers: one delivery ends it, every other takes a while.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { runProcess } from '../../shared/kit/process/run.ts'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { handleJob } from '../../workers/handlers/handler.ts'
import { runQueue } from '../../workers/runner.ts'

/** So that all of them are under way when the worker ends. */
const WHILE = 300

const [, , poison = randomUUID()] = process.argv

await runProcess('worker', async (runtime) => {
  const runner = runQueue(
    runtime,
    deliverNotificationJob.queue,
    new Map([
      [
        deliverNotificationJob.name,
        handleJob(deliverNotificationJob, async (_change, { deliveryId }) => {
          await pause(WHILE)
          if (deliveryId === poison) process.kill(process.pid, 'SIGKILL')
        }),
      ],
    ]),
  )
  return () => runner.close()
})
