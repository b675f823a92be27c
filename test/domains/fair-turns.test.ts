// The flood of one organisation delays the others by little, in every queue.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { makeChange } from '../../shared/kit/change.ts'
import { deliver } from '../../shared/notifications/jobs.ts'
import { handle } from '../../workers/handlers/handler.ts'
import { runQueue, type Runner } from '../../workers/runner.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const FLOOD = 10_000
const FEW = 10

describe('a neighbour who floods', function () {
  this.timeout(120_000)
  let w: World
  let runner: Runner | undefined
  before(async () => { w = await aWorld({ with: [] }) })
  after(async () => {
    runner?.handBack()
    await runner?.close()
    await w.end()
  })

  const order = (orgId: string, count: number): Promise<void> =>
    makeChange(w.house, { requestId: 'test', orgId }, async (change) => { for (let n = 0; n < count; n++) change.enqueue(deliver, { deliveryId: randomUUID() }) })

  it('with ten thousand jobs lets ten of another organisation be done before two hundred of its own', async () => {
    const [loud, quiet] = [randomUUID(), randomUUID()]
    await order(loud, FLOOD)
    await w.house.outbox.settled()
    await order(quiet, FEW)
    await w.house.outbox.settled()
    const done: (string | null | undefined)[] = []
    runner = runQueue(w.house, deliver.queue, new Map([[deliver.name, handle(deliver, async (change) => void done.push(change.origin.orgId))]]))
    await until('the ten are done', async () => done.filter((orgId) => orgId === quiet).length === FEW, 60_000)
    expect(done.slice(0, done.lastIndexOf(quiet)).filter((orgId) => orgId === loud)).to.have.length.below(200)
  })
})
