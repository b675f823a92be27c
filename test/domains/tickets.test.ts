import { expect } from 'chai'
import { postMessage } from '../../shared/chat/actions/post.ts'
import { changeTicket, deleteTicket } from '../../shared/support/actions/change-ticket.ts'
import { openTicket } from '../../shared/support/actions/open-ticket.ts'
import type { WholeTicket } from '../../shared/support/schema.ts'
import type { Name } from '../support/people.ts'
import { times } from '../support/rooms.ts'
import { actorOf, leave, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a ticket', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  async function opened(): Promise<WholeTicket> {
    const driver = await actorOf(w, 'driver')
    return w.change((change) => openTicket(change, driver, { description: 'Pin không sạc được' }))
  }

  const audited = async (id: string): Promise<string[]> =>
    w.runtime.db('audit_log').where({ entity: 'ticket', entityId: id }).orderBy('id').pluck('action')

  it('is changed by one person after the other: nothing that somebody wrote is lost, and each step stands in the timeline', async () => {
    const { id } = await opened()
    const [admin, staff] = [await actorOf(w, 'admin'), await actorOf(w, 'staff')]
    await Promise.all(
      times(10).map((at) =>
        w.change((change) => changeTicket(change, at % 2 ? admin : staff, id, { response: `Trả lời ${at}` })),
      ),
    )
    const { timeline } = await w.change((change) => changeTicket(change, admin, id, { status: 'closed' }))
    const responses = timeline.flatMap(({ changes }) => changes.filter(({ field }) => field === 'response'))
    expect(responses).to.have.length(10)
    expect(responses.slice(1).map(({ from }) => from)).to.deep.equal(
      responses.slice(0, -1).map(({ to }) => to),
    )
  })

  it('is closed by one of those who close it at once, and told once', async () => {
    const { id } = await opened()
    const admin = await actorOf(w, 'admin')
    await Promise.all(
      times(10).map(() => w.change((change) => changeTicket(change, admin, id, { status: 'closed' }))),
    )
    await w.settle()
    expect(await toldTo(w, 'driver')).to.deep.equal(['SUPPORT_TICKET_RESOLVED'])
    expect(await audited(id)).to.deep.equal(['ticket_created', 'ticket_closed'])
  })

  it('is deleted once, however many do', async () => {
    const { id } = await opened()
    const admin = await actorOf(w, 'admin')
    const done = await Promise.allSettled(
      times(5).map(() => w.change((change) => deleteTicket(change, admin, id))),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).to.have.length(1)
    await w.settle()
    expect(await toldTo(w, 'driver')).to.deep.equal(['SUPPORT_TICKET_DELETED'])
  })

  it('is told to everybody of the staff who is active, and to nobody else', async () => {
    await leave(w, 'supervisor')
    await opened()
    await w.settle()
    for (const name of ['admin', 'owner', 'staff'] as const)
      expect(await toldTo(w, name)).to.deep.equal(['SUPPORT_TICKET_CREATED'])
    for (const name of ['supervisor', 'driver', 'customer', 'employee', 'foreignAdmin'] as const)
      expect(await toldTo(w, name)).to.deep.equal([])
  })

  describe('in its room', () => {
    const heard = async (name: Name): Promise<number> =>
      (await toldTo(w, name)).filter((type) => type === 'SUPPORT_TICKET_MESSAGE').length
    const write = async (name: Name, { roomId }: WholeTicket, content: string) => {
      const actor = await actorOf(w, name)
      const message = await w.change((change) => postMessage(change, actor, roomId, { content }))
      await w.settle()
      return message
    }

    it('is heard by all of the staff as long as nobody takes care of it, once for what is said together', async () => {
      const ticket = await opened()
      await write('driver', ticket, 'Xe đứng giữa đường')
      await write('driver', ticket, 'Ở cầu Thủ Thiêm')
      expect([
        await heard('admin'),
        await heard('owner'),
        await heard('staff'),
        await heard('driver'),
        await heard('foreignAdmin'),
      ]).to.deep.equal([1, 1, 1, 0, 0])
      await w.advance('16 minutes')
      await write('driver', ticket, 'Còn ai ở đó không?')
      expect([await heard('admin'), await heard('staff')]).to.deep.equal([2, 2])
    })

    it('is heard as in any room once somebody takes care of it, or has spoken there', async () => {
      const [one, other, staff] = [await opened(), await opened(), await actorOf(w, 'staff')]
      await w.change((change) => changeTicket(change, staff, one.id, { assigneeId: staff.id }))
      await write('staff', other, 'Anh ở đâu ạ?')
      for (const ticket of [one, other]) await write('driver', ticket, 'Xe đứng giữa đường')
      expect([await heard('admin'), await heard('staff')]).to.deep.equal([0, 0])
      expect((await toldTo(w, 'staff')).filter((type) => type === 'NEW_CHAT_MESSAGE')).to.have.length(2)
    })
  })

  it('tells nobody what they did themselves', async () => {
    const { id } = await opened()
    const [admin, driver] = [await actorOf(w, 'admin'), await actorOf(w, 'driver')]
    await w.change((change) => changeTicket(change, admin, id, { assigneeId: admin.id }))
    await w.change((change) => changeTicket(change, admin, id, { status: 'closed' }))
    await w.change((change) => changeTicket(change, driver, id, { rating: 5 }))
    await w.settle()
    expect(await toldTo(w, 'driver')).to.deep.equal(['SUPPORT_TICKET_RESOLVED', 'SUPPORT_TICKET_UPDATED'])
    expect(await toldTo(w, 'admin')).to.deep.equal(['SUPPORT_TICKET_CREATED', 'SUPPORT_TICKET_UPDATED'])
    expect(await audited(id)).to.deep.equal([
      'ticket_created',
      'ticket_changed',
      'ticket_closed',
      'ticket_rated',
    ])
  })
})
