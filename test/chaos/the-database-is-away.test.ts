// A database that is away for longer than all attempts of a job take. Its alarms ring in vain, wait where they are, and are
// carried out when it is back: nothing lies failed, and nobody has to try it again.

import { expect } from 'chai'
import { Redis } from 'ioredis'
import { queuePrefix } from '../../shared/kit/store/queue.ts'
import { TRIP } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** Seconds. AWAY=100 is the size for which this was made: longer than six attempts and the pauses between them. */
const AWAY = Number(process.env['AWAY'] ?? 5)

describe('a database that is away', function () {
  this.timeout(600_000)
  let bellhop: Processes
  let redis: Redis
  afterEach(async () => {
    redis.disconnect()
    await bellhop.end()
  })

  it('has its alarms rung when it is back, each once, and no attempt was charged', async () => {
    bellhop = await someProcesses(
      { APPROVAL_TTL: '10s', APPROVAL_FIRST_REMINDER: '1h' },
      { isCuttable: true },
    )
    redis = new Redis(bellhop.redis.administrator['REDIS_URL'] ?? '')
    const employee = await bellhop.as('employee')
    const { body: booking } = await employee.post('/bookings', TRIP)
    const alarmOf = () => bellhop.db('jobs').where({ name: 'approvals.expire' }).first()
    await until('its deadline is set', async () => (await alarmOf())?.shippedAt)
    const { id } = await alarmOf()
    const key = (part: string): string =>
      `${queuePrefix({ BULLMQ_PREFIX: bellhop.env['BULLMQ_PREFIX'] ?? '' }, 'approvals')}:approvals:${part}`

    bellhop.cuts?.postgres.reset()
    await until('the alarm rings in vain', async () =>
      (await redis.lrange(key('active'), 0, -1)).includes(id),
    )
    const since = performance.now()
    await until(
      'it was away for long',
      async () => performance.now() - since > AWAY * 1000,
      AWAY * 1000 + 10_000,
    )
    expect([await redis.hget(key(id), 'atm'), (await alarmOf())?.failedAt]).to.deep.equal([null, null])

    bellhop.cuts?.postgres.pass()
    await until(
      'the deadline has passed',
      async () =>
        (await bellhop.db('approvals').where({ subjectId: booking.id }).first())?.status === 'EXPIRED',
    )
    await until(
      'everything is done',
      async () =>
        (await bellhop.db('jobs').where('dueAt', '<', new Date()).orWhereNull('dueAt').limit(1)).length === 0,
    )
    const told = await bellhop
      .db('notifications')
      .where({ type: 'APPROVAL_EXPIRED', bookingId: booking.id })
      .select('userId')
      .count('* as count')
      .groupBy('userId')
    expect(told.filter(({ count }) => count !== 1)).to.deep.equal([])
    expect([told.length > 0, await bellhop.db('jobs').whereNotNull('failedAt')]).to.deep.equal([true, []])
  })
})
