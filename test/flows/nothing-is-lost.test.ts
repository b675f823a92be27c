import { expect } from 'chai'
import { TRIP } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

describe('nothing accepted is lost, and nothing happens twice', () => {
  let bellhop: Processes
  afterEach(() => bellhop.end())

  it('when the API is killed between its commit and the queue', async () => {
    bellhop = await someProcesses()
    const [employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
    // A frozen Redis holds the hand-over, so that the kill falls exactly between the commit and the queue.
    bellhop.redis.freeze()
    const asked = await employee.post('/bookings', TRIP)
    expect(asked.status).to.equal(201)
    await bellhop.kill('api')
    bellhop.redis.thaw()
    await bellhop.start('api')
    await until(
      'the manager is asked',
      async () => (await manager.get('/approvals/pending')).body.length === 1,
    )
    await finished(bellhop)
    expect(await notificationsOf(manager)).to.deep.equal(['APPROVAL_REQUIRED'])
  })

  it('when the worker is killed again and again under a hundred bookings', async () => {
    bellhop = await someProcesses()
    const [employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
    const socket = await manager.socket()
    const asking = Promise.all(Array.from({ length: 100 }, () => employee.post('/bookings', TRIP)))
    for (let kills = 0; kills < 3; kills++) {
      await until('some are routed', async () => (await count(bellhop, 'approvals')) > kills * 20)
      await bellhop.kill('workers')
      await bellhop.start('workers')
    }
    for (const { status } of await asking) expect(status).to.equal(201)
    await finished(bellhop)
    expect(await count(bellhop, 'approvals')).to.equal(100)
    expect(await notificationsOf(manager)).to.have.length(100)
    await until('the socket heard all', async () => socket.events('notification.created').length >= 100)
    expect(new Set(socket.events('notification.created').map((frame) => frame['data'].id)).size).to.equal(100)
    expect(socket.events('notification.created')).to.have.length(100)
    expect(socket.events('approval.requested')).to.have.length(100)
  })

  it('when Redis forgets everything while reminders and deadlines are pending', async () => {
    bellhop = await someProcesses({
      APPROVAL_TTL: '30s',
      APPROVAL_FIRST_REMINDER: '14s',
      APPROVAL_REMINDER_EVERY: '60s',
    })
    const [employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
    await Promise.all(Array.from({ length: 20 }, () => employee.post('/bookings', TRIP)))
    await until('all are routed', async () => (await count(bellhop, 'approvals')) === 20)
    await bellhop.redis.flushall()
    await until(
      'all have expired',
      async () => (await bellhop.db('approvals').where({ status: 'EXPIRED' })).length === 20,
      90_000,
    )
    await finished(bellhop)
    expect(tally(await notificationsOf(manager))).to.deep.equal({
      APPROVAL_REQUIRED: 20,
      APPROVAL_REMINDER: 20,
      APPROVAL_EXPIRED: 20,
    })
    expect(tally(await notificationsOf(employee))).to.deep.equal({ BOOKING_APPROVED: 20 })
    expect(await bellhop.db('bookings').where({ status: 'PENDING' })).to.have.length(20)
  })

  it('with durations of seconds: exactly five reminders, then the policy, and both are told', async () => {
    // Each reminder counts from when the one before it was sent: on a busy machine they take longer than five seconds.
    bellhop = await someProcesses({
      APPROVAL_TTL: '20s',
      APPROVAL_FIRST_REMINDER: '1s',
      APPROVAL_REMINDER_EVERY: '1s',
    })
    const [employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
    const socket = await manager.socket()
    const asked = await employee.post('/bookings', TRIP)
    await socket.event('approval.expired')
    await finished(bellhop)
    expect(socket.events('approval.reminded').map((frame) => frame['data'].reminderCount)).to.deep.equal([
      1, 2, 3, 4, 5,
    ])
    expect(tally(await notificationsOf(manager))).to.deep.equal({
      APPROVAL_REQUIRED: 1,
      APPROVAL_REMINDER: 5,
      APPROVAL_EXPIRED: 1,
    })
    expect(tally(await notificationsOf(employee))).to.deep.equal({ BOOKING_APPROVED: 1 })
    expect((await employee.get(`/bookings/${asked.body.id}`)).body.status).to.equal('PENDING')
  })
})

/** No job is due and no event waits. A worker that was killed keeps its jobs for a while. */
async function finished({ db }: Processes): Promise<void> {
  let open: unknown[] = []
  await until('everything is done', async () => {
    open = [
      ...(await db('jobs').whereNull('dueAt').orWhere('dueAt', '<', new Date())),
      ...(await db('outbox')),
    ]
    return open.length === 0
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; open: ${JSON.stringify(open)}`)
  })
}

async function count({ db }: Processes, table: string): Promise<number> {
  const [row] = await db(table).count<{ count: number }[]>()
  return row?.count ?? 0
}

async function notificationsOf(person: {
  get: (path: string) => Promise<{ body: { type: string }[] }>
}): Promise<string[]> {
  const pages = await Promise.all(
    [0, 100].map((offset) => person.get(`/notifications?limit=100&offset=${offset}`)),
  )
  return pages.flatMap((page) => page.body.map((each) => each.type))
}

function tally(types: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
