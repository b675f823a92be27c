// The API and the workers are killed while approvals of three steps are decided, real processes on the real clock: each step is decided
// once, each reminder is sent once, and nothing is stuck.

import { expect } from 'chai'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { someProcesses, type Member, type Processes } from '../support/processes.ts'
import { choicesOf, seedOfThisRun } from '../support/seed.ts'
import { until } from '../support/until.ts'

/** APPROVALS=500 is the size for which this was made. */
const APPROVALS = Number(process.env['APPROVALS'] ?? 40)
const KILLS = Math.max(4, APPROVALS / 20)
const DECIDERS = ['manager', 'owner', 'supervisor', 'director'] as const satisfies readonly Name[]
const PATIENCE = 3_000_000

interface Shown {
  id: string
  reminderCount: number
}

describe('an API and workers that die under approvals', function () {
  this.timeout(PATIENCE)
  let bellhop: Processes
  const people = new Map<Name, Member>()
  const as = (name: Name): Member => {
    const person = people.get(name)
    if (!person) throw new Error(`${name} is not signed in.`)
    return person
  }
  before(async () => {
    bellhop = await someProcesses()
    for (const name of ['admin', 'employee', ...DECIDERS] as const) people.set(name, await bellhop.as(name))
    const [owner, supervisor, director] = [as('owner'), as('supervisor'), as('director')]
    const soon = { ttl: '1h', reminders: { first: '3s', every: '1h', max: 1 } }
    const rules = [
      {
        name: 'Three steps',
        steps: [
          { approvers: [{ manager: 1 }], ...soon },
          { approvers: [{ userIds: [owner.user.id, supervisor.user.id] }], need: 'all', ...soon },
          { approvers: [{ userIds: [director.user.id] }], ...soon },
        ],
      },
    ]
    expect((await as('admin').put('/organisation/approval-policies', { rules })).status).to.equal(200)
  })
  after(() => bellhop.end())

  /** What a dead API does not answer is asked again by the next round. */
  const attempt = <T>(ask: () => Promise<T>): Promise<T | undefined> => ask().catch(() => undefined)

  /** Every other one is decided once it was reminded of, the others at once. */
  async function decideRound(name: Name, waiting: ReadonlySet<string>): Promise<void> {
    const pending = await attempt(() => as(name).get('/approvals/pending?limit=100'))
    const shown: Shown[] = pending?.status === 200 ? pending.body : []
    for (const { id, reminderCount } of shown)
      if (reminderCount > 0 || !waiting.has(id))
        await attempt(() => as(name).post(`/approvals/${id}/approve`))
  }

  async function askAll(): Promise<void> {
    for (let n = 0; n < APPROVALS; n++) {
      const key = { 'idempotency-key': `trip-${n}` }
      await until(
        `trip ${n} is asked for`,
        async () => {
          const asked = await attempt(() => as('employee').post('/bookings', tripOnItsDay(), key))
          return asked?.status === 201
        },
        PATIENCE,
      )
    }
  }

  const countParts = async (): Promise<number> => {
    const [row] = await rowsOf<{ count: number }>(
      bellhop.db,
      `select count(*) from approval_history where action = 'approved'`,
    )
    return row?.count ?? 0
  }

  it('decide each step once, remind once, and leave nothing stuck', async () => {
    const seed = seedOfThisRun()
    console.log(`      seed ${seed}`)
    const choose = choicesOf(seed)
    const parts = APPROVALS * 4
    let isOver = false
    const asking = askAll()
    const killing = (async () => {
      for (let kills = 1; kills <= KILLS; kills++) {
        const enough = (kills * parts) / (KILLS + 1)
        await until('some are decided', async () => isOver || (await countParts()) >= enough, PATIENCE)
        const service = choose.oneOf(['api', 'workers'] as const)
        await bellhop.kill(service)
        await bellhop.start(service)
      }
    })()
    await until(
      'all are decided',
      async () => {
        const ids: string[] = await bellhop.db('approvals').orderBy('id').pluck('id')
        const waiting = new Set(ids.filter((_, at) => at % 2 === 0))
        await Promise.all(DECIDERS.map((name) => decideRound(name, waiting)))
        return (await bellhop.db('approvals').where({ status: 'APPROVED' })).length === APPROVALS
      },
      PATIENCE,
    ).finally(() => (isOver = true))
    await Promise.all([asking, killing])
    await until(
      'nothing is left to be done',
      async () =>
        (await bellhop.db('jobs').whereNull('dueAt').orWhere('dueAt', '<', new Date())).length === 0,
      PATIENCE,
    )
    await mustBeEven()
  })

  async function mustBeEven(): Promise<void> {
    const bookings = await bellhop.db('bookings').where({ requesterId: as('employee').user.id })
    expect(bookings.map(({ status }) => status)).to.deep.equal(
      Array.from({ length: APPROVALS }, () => 'PENDING'),
    )
    const approvals = await bellhop.db('approvals')
    for (const { id, route } of approvals)
      expect(
        route.steps.map(({ state, decisions }: { state: string; decisions: object[] }) => [
          state,
          decisions.length,
        ]),
        id,
      ).to.deep.equal([
        ['approved', 1],
        ['approved', 2],
        ['approved', 1],
      ])
    expect(await countParts()).to.equal(APPROVALS * 4)
    // Of one step one reminder, to each person who had not decided: told as often as it stands in the history, and once.
    const [reminders] = await rowsOf<{ written: number; told: number; twice: number }>(
      bellhop.db,
      `select (select coalesce(sum(cardinality(people)), 0)::int from approval_history where action = 'reminded') as written,
         (select count(*)::int from notifications where type = 'APPROVAL_REMINDER') as told,
         (select count(*)::int from (select from notifications where type = 'APPROVAL_REMINDER'
           group by user_id, data->>'approvalId' having count(*) > 1) t) as twice`,
    )
    expect([reminders?.told, reminders?.twice]).to.deep.equal([reminders?.written, 0])
    expect(reminders?.written).to.be.above(APPROVALS / 2)
    const asked = await rowsOf<{ times: number }>(
      bellhop.db,
      `select count(*)::int as times from notifications where type = 'APPROVAL_REQUIRED' group by user_id, data->>'approvalId'`,
    )
    expect(asked.filter(({ times }) => times > 1)).to.deep.equal([])
    expect(asked).to.have.length(APPROVALS * 4)
    const outcomes = await bellhop.db('notifications').where({ type: 'BOOKING_APPROVED' })
    expect(outcomes).to.have.length(APPROVALS)
  }
})
