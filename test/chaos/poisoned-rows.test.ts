// Rows that nobody here can do anything with: of a newer release, of a queue that is no more, with contents that no handler
// takes. Each stays where it can be looked at, or for whoever knows it; none of them stops anything else.

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { reconcileQueues } from '../../workers/reconcile.ts'
import { TRIP } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a row that cannot be carried out', () => {
  let w: World
  afterEach(() => w.end())

  async function write(name: string, payload: object): Promise<string> {
    const id = randomUUID()
    await w.runtime.db('jobs').insert({
      id,
      name,
      payload: JSON.stringify(payload),
      requestId: 'test',
      createdAt: new Date(Date.now() - 60_000),
    })
    return id
  }

  const rowOf = (id: string): Promise<{ failedAt: Date | null } | undefined> =>
    w.runtime.db('jobs').where({ id }).first('failedAt')

  it('of a release to come waits until somebody knows it, and everything else goes on', async () => {
    w = await aWorld()
    const strange = [
      await write('bookings.somethingNew', { orgId: randomUUID() }),
      await write('tomorrow.deliver', {}),
    ]
    await w.runtime.outbox.sweep(0)
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    await employee.post('/bookings', TRIP)
    await until(
      'the manager is asked',
      async () => (await manager.get('/approvals/pending')).body.length === 1,
    )
    await reconcileQueues(w.runtime, 0)
    for (const id of strange) expect(await rowOf(id)).to.deep.include({ failedAt: null })
    await w.runtime.db('jobs').whereIn('id', strange).delete()
  })

  it('because its contents are no such job, fails with its reason, and everything else goes on', async () => {
    w = await aWorld()
    const bad = await write('approvals.expire', { approvalId: 'no id' })
    await w.runtime.outbox.sweep(0)
    await until('it has failed', async () => (await rowOf(bad))?.failedAt !== null)
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    await employee.post('/bookings', TRIP)
    await until(
      'the manager is asked',
      async () => (await manager.get('/approvals/pending')).body.length === 1,
    )
    expect((await w.runtime.queues.get('approvals').getJob(bad))?.failedReason).to.include('approvalId')
    await w.runtime.db('jobs').where({ id: bad }).delete()
  })
})
