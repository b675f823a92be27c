// All deadlines of a holiday fall on the same minute. Everybody is told once, and whoever does something else meanwhile waits
// for a moment, not until all of that is done.

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { TRIP } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** ALARMS=20000 is the size for which this was made. */
const ALARMS = Number(process.env['ALARMS'] ?? 2000)

describe('thousands of deadlines at one instant', function () {
  this.timeout(1_200_000)
  let bellhop: Processes
  afterEach(() => bellhop.end())

  it('all pass once, and somebody of another organisation is served in between', async () => {
    bellhop = await someProcesses()
    const [employee, manager, foreigner] = [
      await bellhop.as('employee'),
      await bellhop.as('manager'),
      await bellhop.as('foreigner'),
    ]
    const { body: model } = await employee.post('/bookings', TRIP)
    await until('one is routed', async () => (await manager.get('/approvals/pending')).body.length === 1)
    await copyMany(bellhop, model.id)
    const [waiting] = await bellhop.db('approvals').where({ status: 'PENDING' }).count<{ count: number }[]>()
    expect(waiting?.count).to.equal(ALARMS + 1)
    await until('some have passed', async () => (await expired(bellhop)) > 20, 120_000)

    const asked = await foreigner.post('/bookings', TRIP)
    expect(asked.status).to.equal(201)
    await until(
      'the other organisation is served',
      // Nobody decides there, so that it passes by itself.
      async () =>
        (await bellhop.db('bookings').where({ id: asked.body.id }).first('status')).status === 'PENDING',
      120_000,
    )
    expect(await expired(bellhop), 'before all deadlines have passed').to.be.lessThan(ALARMS)

    await until('all have passed', async () => (await expired(bellhop)) === ALARMS, 1_000_000)
    await until(
      'everything is done',
      async () =>
        (await bellhop.db('jobs').where('dueAt', '<', new Date()).orWhereNull('dueAt').limit(1)).length === 0,
      600_000,
    )
    expect(
      await bellhop
        .db('bookings')
        .where({ status: 'PENDING', orgId: employee.user.orgId })
        .count<{ count: number }[]>(),
    ).to.deep.equal([{ count: ALARMS }])
    const told = await bellhop
      .db('notifications')
      .where({ type: 'APPROVAL_EXPIRED' })
      .select('bookingId')
      .count('* as count')
      .groupBy('bookingId')
    expect(told).to.have.length(ALARMS)
    expect(told.filter(({ count }) => count !== 1)).to.deep.equal([])
  })
})

async function expired({ db }: Processes): Promise<number> {
  const [row] = await db('approvals').where({ status: 'EXPIRED' }).count<{ count: number }[]>()
  return row?.count ?? 0
}

/** As many requests like this one, all of them due now; their jobs are shipped by the relay, like those that a process left behind. */
async function copyMany({ db }: Processes, bookingId: string): Promise<void> {
  const due = new Date()
  await db.transaction(async (trx) => {
    const [booking, approval] = [
      await trx('bookings').where({ id: bookingId }).first(),
      await trx('approvals').where({ subjectId: bookingId }).first(),
    ]
    const copies = Array.from({ length: ALARMS }, (_, n) => ({
      n,
      bookingId: randomUUID(),
      approvalId: randomUUID(),
    }))
    await trx.batchInsert(
      'bookings',
      copies.map((copy) => ({ ...booking, id: copy.bookingId, bookingCode: `COPY-${copy.n}` })),
      500,
    )
    await trx.batchInsert(
      'approvals',
      copies.map((copy) => ({
        ...approval,
        id: copy.approvalId,
        subjectId: copy.bookingId,
        subjectLabel: JSON.stringify(approval.subjectLabel),
        expiresAt: due,
        nextReminderAt: null,
      })),
      500,
    )
    await trx.batchInsert(
      'jobs',
      copies.map((copy) => ({
        id: randomUUID(),
        name: 'approvals.expire',
        payload: JSON.stringify({ approvalId: copy.approvalId }),
        dueAt: due,
        requestId: 'test',
      })),
      500,
    )
  })
}
