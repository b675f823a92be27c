// Shapes of the running of an installation: what failed for good, and how its queues and requests do.

import { choice, id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'

const FAILURE_KINDS = ['job', 'delivery', 'fact'] as const

export const Failure = shape({
  id: id('Of the job, the delivery, or the delivery of a fact.'),
  kind: choice(
    FAILURE_KINDS,
    'A job; something that a person was to be told; or something that a webhook was to hear.',
  ),
  name: line('Which job, on which way (EMAIL, PUSH, …), or which fact.'),
  at: instant('Since when nobody tries any more.'),
  attempts: nullable(Type.Integer({ description: 'How often it was tried; null: not counted.' })),
  reason: nullable(Type.String({ description: 'Why, as far as it may be told.' })),
})
export type Failure = Static<typeof Failure>

export const Retried = shape({ count: Type.Integer({ description: 'How many are tried again.' }) })

const count = (description: string) => Type.Integer({ minimum: 0, description })
const seconds = (description: string) => Type.Number({ minimum: 0, description })
const minutes = (description: string) =>
  Type.Array(Type.Integer(), {
    description: `${description} In each of the last 60 minutes, the newest last.`,
  })

export const Pulse = shape({
  at: instant('When this was measured.'),
  process: id('Of the API that answers. Its counts begin with it; another process has others.'),
  requests: shape({
    count: count('Answered since it began.'),
    seconds: seconds('How long these took together.'),
    failed: count('Of them, those that were answered by 500 or above.'),
  }),
  queues: Type.Array(
    shape({
      name: line('Queue.'),
      waiting: count('Jobs that wait for a worker.'),
      active: count('Jobs that are being done.'),
      delayed: count('Jobs that wait for their time.'),
      failed: count('Jobs that failed for good.'),
      lag: seconds('How long the oldest waits that should have begun.'),
    }),
    { description: 'Of the whole installation.' },
  ),
  outboxAge: seconds('How long the oldest waits that was not handed to Redis.'),
  done: minutes('Jobs that were done.'),
  failed: minutes('Jobs that failed.'),
})
export type Pulse = Static<typeof Pulse>

export const OperationsSummary = shape({
  failures: count('What failed of the organisation; 1001: more than 1000.'),
  installation: nullable(Pulse),
})
