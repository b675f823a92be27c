import { expect } from 'chai'
import { postMessage } from '../../shared/chat/actions/post.ts'
import { changeTicket, deleteTicket } from '../../shared/support/actions/change-ticket.ts'
import { openTicket } from '../../shared/support/actions/open-ticket.ts'
import type { TicketPatch, WholeTicket } from '../../shared/support/schema.ts'
import type { Name } from '../support/people.ts'
import { actorOf, alarmsOf, carryOut, leave, ringAgain, sleepThrough, stateOf } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const SOON = 'SUPPORT_TICKET_DUE_SOON'
const OVERDUE = 'SUPPORT_TICKET_OVERDUE'

/**
 * The world begins on a Monday at nine, its office closes at six. A medium ticket is to be answered within
 * 4 hours and solved within 27.
 */
describe('a ticket that waits', () => {
  let w: World
  let ticket: WholeTicket
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
    const driver = await actorOf(w, 'driver')
    ticket = await w.change((change) => openTicket(change, driver, { description: 'Pin không sạc được' }))
  })
  afterEach(() => w.end())

  const act = async (patch: TicketPatch, by: Name = 'admin'): Promise<WholeTicket> => {
    const actor = await actorOf(w, by)
    return w.change((change) => changeTicket(change, actor, ticket.id, patch))
  }
  const told = async (name: Name): Promise<string[]> =>
    w.runtime
      .db('notifications')
      .where({ userId: await w.idOf(name) })
      .whereIn('type', [SOON, OVERDUE])
      .orderBy('createdAt')
      .pluck('type')
  const missed = async (): Promise<string[]> =>
    w.runtime
      .db('ticket_timeline')
      .where({ ticketId: ticket.id })
      .whereLike('what', '%missed')
      .orderBy('id')
      .pluck('what')

  it('is due by the hour at which the office will have been open for so long', () => {
    expect([ticket.answerDueAt, ticket.solutionDueAt]).to.deep.equal([
      new Date('2031-03-03T06:00:00Z'),
      new Date('2031-03-05T11:00:00Z'),
    ])
  })

  it('is warned of before, to the whole staff, and told to those who lead when it is missed', async () => {
    await w.advance('179 minutes')
    expect(await told('staff')).to.deep.equal([])
    await w.advance('1 minute')
    for (const name of ['admin', 'supervisor', 'owner', 'staff'] as const)
      expect(await told(name)).to.deep.equal([SOON])
    await w.advance('59 minutes')
    expect(await told('admin')).to.deep.equal([SOON])
    await w.advance('1 minute')
    for (const name of ['admin', 'supervisor'] as const)
      expect(await told(name)).to.deep.equal([SOON, OVERDUE])
    for (const name of ['owner', 'staff'] as const) expect(await told(name)).to.deep.equal([SOON])
    for (const name of ['driver', 'foreignAdmin'] as const) expect(await told(name)).to.deep.equal([])
    expect(await missed()).to.deep.equal(['answer_missed'])
    await w.advance('4 days')
    expect(await told('supervisor')).to.deep.equal([SOON, OVERDUE, SOON, OVERDUE])
    expect(await missed()).to.deep.equal(['answer_missed', 'solution_missed'])
    expect(
      await w.runtime.db('audit_log').where({ entityId: ticket.id }).whereLike('action', '%missed'),
    ).to.have.length(2)
    expect(await w.runtime.db('tickets').first('answerMissedAt', 'solutionMissedAt')).to.deep.equal({
      answerMissedAt: ticket.answerDueAt,
      solutionMissedAt: ticket.solutionDueAt,
    })
  })

  it('is warned of to whoever takes care of it, and to all once they are gone', async () => {
    await act({ assigneeId: await w.idOf('staff') })
    await w.advance('3 hours')
    expect([await told('staff'), await told('owner')]).to.deep.equal([[SOON], []])
    await leave(w, 'staff')
    await w.advance('3 days')
    expect(await told('owner')).to.deep.equal([SOON])
  })

  for (const [how, answer] of [
    ['a response', () => act({ response: 'Anh thử cáp khác' })],
    [
      'a word in its room',
      async () => {
        await act({ assigneeId: await w.idOf('admin') })
        const admin = await actorOf(w, 'admin')
        await w.change((change) => postMessage(change, admin, ticket.roomId, { content: 'Chào anh' }))
      },
    ],
  ] as const) {
    it(`is answered by ${how}, and nobody is told of that deadline`, async () => {
      await w.advance('1 hour')
      const now = w.clock.now()
      await answer()
      await w.advance('8 hours')
      expect(await told('admin')).to.deep.equal([])
      expect((await act({ priority: 'low' })).answeredAt).to.deep.equal(now)
    })
  }

  it('is not answered by its owner, nor by being taken up', async () => {
    const driver = await actorOf(w, 'driver')
    await w.change((change) => postMessage(change, driver, ticket.roomId, { content: 'Có ai không?' }))
    await act({ status: 'in_progress' })
    await w.advance('4 hours')
    expect(await told('admin')).to.deep.equal([SOON, OVERDUE])
  })

  it('that is closed or deleted, has no deadline any more', async () => {
    await act({ status: 'closed' })
    await w.advance('20 days')
    expect(await told('admin')).to.deep.equal([])
    const closed = await act({ status: 'open' })
    expect(closed.solutionDueAt).to.be.an.instanceof(Date)
    const admin = await actorOf(w, 'admin')
    await w.change((change) => deleteTicket(change, admin, ticket.id))
    await w.advance('20 days')
    expect([await told('admin'), await alarmsOf(w, 'support.watch')]).to.deep.equal([[], []])
  })

  it('that is opened again, has what was left of its time', async () => {
    await w.advance('8 hours')
    await act({ status: 'closed', response: 'Xong' })
    await w.advance('16 days')
    // A Wednesday at five; of 27 hours 8 were spent, so it is due on Friday at six.
    const reopened = await act({ status: 'open' })
    expect(reopened.solutionDueAt).to.deep.equal(new Date('2031-03-21T11:00:00Z'))
    expect(reopened.answerDueAt).to.equal(null)
  })

  it('with another priority is due at another time, and its old alarm finds nothing to do', async () => {
    const urgent = await act({ priority: 'urgent' })
    expect(urgent.answerDueAt).to.deep.equal(new Date('2031-03-03T02:30:00Z'))
    await w.advance('30 minutes')
    expect(await told('admin')).to.deep.equal([SOON, OVERDUE])
    await act({ response: 'Tới ngay', priority: 'low' })
    await w.advance('1 day')
    expect(await told('admin')).to.deep.equal([SOON, OVERDUE])
  })

  it('is told of once, though its alarm rings twice', async () => {
    await w.advance('3 hours')
    expect(await ringAgain(w, 'support.watch')).to.equal(1)
    await carryOut(w, 'support.watch', { ticketId: ticket.id })
    expect(await told('staff')).to.deep.equal([SOON])
    await w.advance('1 hour')
    expect(await told('admin')).to.deep.equal([SOON, OVERDUE])
  })

  it('is told of as missed when its alarm rings late, and not warned of', async () => {
    await sleepThrough(w, '5 hours')
    expect(await told('admin')).to.deep.equal([OVERDUE])
    const before = await stateOf(w, 'notifications', 'tickets')
    await carryOut(w, 'support.watch', { ticketId: ticket.id })
    expect(await stateOf(w, 'notifications', 'tickets')).to.deep.equal(before)
    await w.advance('5 days')
    expect(await told('admin')).to.deep.equal([OVERDUE, SOON, OVERDUE])
  })
})
