import { expect } from 'chai'
import { makeApiKey } from '../../shared/integrations/actions/keys.ts'
import { receiveEvent } from '../../shared/integrations/actions/receive.ts'
import type { OutsideEvent } from '../../shared/integrations/schema.ts'
import { enqueueDue } from '../../workers/schedule.ts'
import { actorOf, carryOut, leave, ringAgain, sleepThrough, stateOf, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const LOW: OutsideEvent = {
  id: 'low-1',
  type: 'inventory.low-stock',
  payload: { product: { name: 'Dầu gội' } },
}

describe('an event from outside', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  async function receive(event = LOW): Promise<string> {
    const admin = await actorOf(w, 'admin')
    const key = await w.change((change) => makeApiKey(change, admin, { name: 'Kho' }))
    await w.change((change) => receiveEvent(change, { id: key.id, orgId: admin.orgId }, event))
    return (await w.runtime.db('received_events').where({ eventId: event.id }).first('id')).id
  }

  it('is told once to everybody of the staff', async () => {
    await leave(w, 'owner')
    await receive()
    await w.settle()
    for (const name of ['admin', 'supervisor', 'staff'] as const)
      expect(await toldTo(w, name)).to.deep.equal(['INVENTORY_LOW_STOCK'])
    for (const name of ['owner', 'driver', 'foreignAdmin'] as const)
      expect(await toldTo(w, name)).to.deep.equal([])
    expect(await w.runtime.db('audit_log').where({ action: 'event_received' })).to.have.length(1)
  })

  it('is told once, though its job rings twice', async () => {
    const eventId = await receive()
    await w.settle()
    expect(await ringAgain(w, 'notifications.tellEvent')).to.equal(1)
    await carryOut(w, 'notifications.tellEvent', { eventId })
    expect(await toldTo(w, 'staff')).to.deep.equal(['INVENTORY_LOW_STOCK'])
  })

  it('is told although its job rings late, and not once it is forgotten', async () => {
    const eventId = await receive()
    await sleepThrough(w, '3 days')
    expect(await toldTo(w, 'staff')).to.deep.equal(['INVENTORY_LOW_STOCK'])
    await w.runtime.db('received_events').delete()
    await carryOut(w, 'notifications.tellEvent', { eventId })
    expect(await toldTo(w, 'staff')).to.deep.equal(['INVENTORY_LOW_STOCK'])
  })

  it('is forgotten after 90 days, and not a day sooner; twice forgets nothing more', async () => {
    await receive()
    await w.advance('89 days')
    await receive({ ...LOW, id: 'low-2' })
    await enqueueDue(w.runtime)
    await w.settle()
    const kept = async (): Promise<string[]> =>
      (await w.runtime.db('received_events').orderBy('eventId')).map(
        ({ eventId }: { eventId: string }) => eventId,
      )
    expect(await kept()).to.deep.equal(['low-1', 'low-2'])
    await w.advance('2 days')
    await enqueueDue(w.runtime)
    await w.settle()
    expect(await kept()).to.deep.equal(['low-2'])
    const before = await stateOf(w, 'received_events', 'notifications')
    await carryOut(w, 'maintenance.forgetEvents', {})
    expect(await stateOf(w, 'received_events', 'notifications')).to.deep.equal(before)
  })
})
