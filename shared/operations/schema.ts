// Shapes of the running of an installation: what failed for good, and how its queues and requests do.

import { choice, id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'

const FAILURE_KINDS = ['job', 'delivery', 'fact'] as const

export const Failure = shape({
  id: id('Of the job or delivery.'),
  kind: choice(FAILURE_KINDS, 'delivery: to a person; fact: to a webhook.'),
  name: line('Which job, channel (EMAIL, PUSH, …) or fact.'),
  at: instant('Since when it is not tried.'),
  attempts: nullable(Type.Integer({ description: 'null: not counted.' })),
  reason: nullable(Type.String({ description: 'As far as it may be told.' })),
})
export type Failure = Static<typeof Failure>

export const Retried = shape({ count: Type.Integer({ description: 'How many.' }) })

const count = (description: string) => Type.Integer({ minimum: 0, description })
const seconds = (description: string) => Type.Number({ minimum: 0, description })
const minutes = (description: string) =>
  Type.Array(Type.Integer(), {
    description: `${description} In each of the last 60 minutes, newest last.`,
  })

export const Pulse = shape({
  at: instant('When.'),
  process: id('Of the API that answers; counts are its own.'),
  requests: shape({
    count: count('Answered since it began.'),
    seconds: seconds('All together.'),
    failed: count('Answered by 500 or above.'),
  }),
  queues: Type.Array(
    shape({
      name: line('Queue.'),
      waiting: count('Jobs that wait for a worker.'),
      active: count('Active.'),
      delayed: count('Jobs that wait for their time.'),
      failed: count('Jobs that failed for good.'),
      lag: seconds('Seconds for which the oldest that is due waits.'),
    }),
    { description: 'Of the whole installation.' },
  ),
  outboxAge: seconds('Seconds for which the oldest waits for Redis.'),
  done: minutes('Jobs.'),
  failed: minutes('Jobs.'),
})
export type Pulse = Static<typeof Pulse>

export const OperationsSummary = shape({
  failures: count('1001: more than 1000.'),
  installation: nullable(Pulse),
})
