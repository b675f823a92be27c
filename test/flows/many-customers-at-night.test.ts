import { expect } from 'chai'
import { postMessage } from '../../shared/chat/actions/post.ts'
import { openCustomerRoom } from '../../shared/inbox/actions/conversations.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { someCustomers } from '../support/customers.ts'
import { aWorld, type World } from '../support/world.ts'

/** CUSTOMERS=1000 is the size for which this was made. */
const CUSTOMERS = Number(process.env['CUSTOMERS'] ?? 200)
const AT_ONCE = 50

describe(`${CUSTOMERS} customers at 02:00`, function () {
  this.timeout(300_000)
  let w: World
  before(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  after(() => w.end())

  it('write at once, some of them more than once, and every one gets exactly one reply', async () => {
    // Monday, 9:00; 02:00 is seventeen hours on.
    await w.advance('17 hours')
    const customers = await someCustomers(w, 'demo', CUSTOMERS)
    const inTurns = async (work: (customer: Actor, at: number) => Promise<unknown>): Promise<void> => {
      const left = customers.entries()
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (const [at, customer] of left) await work(customer, at)
        }),
      )
    }
    const rooms = new Map<string, string>()
    await inTurns(async (customer) =>
      rooms.set(customer.id, await w.change((change) => openCustomerRoom(change, customer, {}))),
    )
    await settleLong(w)
    await inTurns(async (customer, at) => {
      const roomId = rooms.get(customer.id) ?? ''
      for (let n = 0; n <= at % 3; n++)
        await w.change((change) =>
          postMessage(change, customer, roomId, { content: `Còn phòng không? ${n}` }),
        )
    })
    await settleLong(w)
    const replies = await rowsOf<{ replies: number; rooms: number }>(
      w.runtime.db,
      `select replies::int, count(*)::int as rooms from (
         select r.id, count(m.id) filter (where m.metadata->>'responseType' = 'offline') as replies
         from rooms r left join messages m on m.room_id = r.id and m.sender_type = 'bot' where r.kind = 'SUPPORT' group by r.id
       ) each group by replies`,
    )
    expect(replies).to.deep.equal([{ replies: 1, rooms: CUSTOMERS }])
  })
})

/** It is more than is done within the usual patience. */
async function settleLong(w: World): Promise<void> {
  for (let tries = 5; ; tries--) {
    try {
      return await w.settle()
    } catch (error) {
      if (tries === 0 || !String(error).includes('Still not done')) throw error
    }
  }
}
