// Jobs of one kind that wait at the same time share a transaction, and nothing else.

import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { expect } from 'chai'
import type { Change } from '../../shared/kit/store/change.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { Gathering } from '../../shared/kit/store/gathering.ts'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { handleJob } from '../../workers/handlers/handler.ts'
import { openOutageWait } from '../../workers/outage-wait.ts'
import { carryOutTogether, type Carried, type Ringing } from '../../workers/together.ts'
import { aWorld, type World } from '../support/world.ts'

describe('jobs that wait together', () => {
  let w: World
  let transactions: Set<string>
  beforeEach(async () => {
    w = await aWorld({ with: [] })
    transactions = new Set()
  })
  afterEach(() => w.end())

  async function note(change: Change, deliveryId: string): Promise<void> {
    const [row] = await rowsOf<{ id: string }>(change.db, 'select pg_current_xact_id()::text as id')
    transactions.add(row?.id ?? '')
    await change
      .db('recurring_jobs')
      .insert({ name: `${deliveryId} ${change.origin.requestId}`, lastAt: change.now })
    change.enqueue(deliverNotificationJob, { deliveryId })
  }

  /** @param broken whose handler fails */
  async function carryOut(
    deliveryIds: readonly string[],
    broken?: string,
  ): Promise<PromiseSettledResult<Carried>[]> {
    const handler = handleJob(deliverNotificationJob, async (change, { deliveryId }) => {
      await note(change, deliveryId)
      if (deliveryId === broken) throw new Error('It is broken.')
    })
    const ids = await w.change(async (change) =>
      deliveryIds.map((deliveryId) => change.enqueue(deliverNotificationJob, { deliveryId })),
    )
    const { signal } = new AbortController()
    setMaxListeners(0, signal)
    const patience = openOutageWait(w.runtime, signal, () => undefined)
    const gathering = new Gathering((ringing: readonly Ringing[]) =>
      carryOutTogether(patience, signal, ringing),
    )
    const ends = ids.map((id, at) =>
      gathering.join('line', {
        handler,
        origin: { requestId: `request ${at}` },
        ring: { id, isFirst: true, begun: () => undefined },
      }),
    )
    return Promise.allSettled(ends)
  }

  async function done(): Promise<string[]> {
    const rows = await rowsOf<{ name: string }>(
      w.owner,
      `select name from recurring_jobs where name like '% request %'`,
    )
    return rows.map(({ name }) => name).toSorted()
  }

  async function waiting(): Promise<string[]> {
    const rows = await rowsOf<{ deliveryId: string; requestId: string }>(
      w.owner,
      `select payload->>'deliveryId' as delivery_id, request_id from jobs where name = '${deliverNotificationJob.name}'`,
    )
    return rows.map(({ deliveryId, requestId }) => `${deliveryId} ${requestId}`).toSorted()
  }

  const some = (count: number): string[] => Array.from({ length: count }, () => randomUUID())
  const named = (ids: readonly string[]): string[] => ids.map((id, at) => `${id} request ${at}`).toSorted()

  it('are carried out in one transaction, each for whom it was ordered', async () => {
    const ids = some(10)
    const ends = await carryOut(ids)
    expect(ends.map((end) => end.status === 'fulfilled' && end.value)).to.deep.equal(ids.map(() => 'done'))
    expect(transactions.size).to.equal(1)
    expect(await done()).to.deep.equal(named(ids))
    expect(await waiting(), 'what each of them causes').to.deep.equal(named(ids))
  })

  it('are carried out alone where one of them fails, which keeps nobody else back', async () => {
    const ids = some(4)
    const ends = await carryOut(ids, ids[1])
    expect(ends.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    const others = named(ids).filter((each) => !each.startsWith(ids[1] ?? ''))
    expect(await done()).to.deep.equal(others)
    expect((await waiting()).length, 'one waits still; three have caused one each').to.equal(4)
  })

  it('are no more than a transaction may hold for a while', async () => {
    await carryOut(some(20))
    expect(transactions.size).to.equal(2)
  })
})
