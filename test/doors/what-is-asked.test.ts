// Whatever asks people for a deed is read, on every device of everybody who was asked, once anybody has done it.

import { expect } from 'chai'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { notify } from '../../shared/notifications/actions/notify.ts'
import type { NotificationType } from '../../shared/notifications/catalogue.ts'
import type { Deed, DeedKind } from '../../shared/notifications/schema.ts'
import type { Reply } from '../support/client.ts'
import { TRIP, tripOnItsDay } from '../support/people.ts'
import { eventsOn } from '../support/story.ts'
import { SAMPLE } from '../support/told.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

type Act = (id: string) => Promise<Reply>
interface Matter {
  /** One of the types that ask for it. */
  type: NotificationType
  /** @returns its id */
  begin: () => Promise<string>
  settling: Record<string, Act>
  leaving?: Record<string, Act>
}

describe('what is asked of people', () => {
  let w: World
  let people: Record<'admin' | 'staff' | 'supervisor' | 'customer' | 'manager' | 'sic', Person>
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    const [admin, staff, supervisor, customer, manager, sic] = await Promise.all([
      w.as('admin'),
      w.as('staff'),
      w.as('supervisor'),
      w.as('customer'),
      w.as('manager'),
      w.as('sic'),
    ])
    people = { admin, staff, supervisor, customer, manager, sic }
  })
  afterEach(() => w.end())

  const aTicket = async (): Promise<string> =>
    (await people.customer.post('/support', { description: 'Pin không sạc được' })).body.id
  const aRoom = async (): Promise<string> => (await people.customer.post('/chat/rooms/create', {})).body.id
  const aBooking = async (): Promise<string> => (await people.sic.post('/bookings', tripOnItsDay())).body.id
  const roomOf = async (ticketId: string): Promise<string> =>
    (await people.staff.get(`/support/${ticketId}`)).body.roomId
  const onTicket =
    (patch: object): Act =>
    (id) =>
      people.staff.patch(`/support/${id}`, patch)
  const assign: Act = async (id) =>
    people.staff.post(`/bookings/${id}/assign`, {
      resourceId: (await people.staff.get('/resources?kind=VEHICLE')).body[0].id,
      driverId: await w.idOf('driver'),
    })
  const answerInRoom: Act = async (id) =>
    people.staff.post(`/chat/rooms/${await roomOf(id)}/messages`, { content: 'Xin chào' })
  const close = {
    'is closed': onTicket({ status: 'closed' }),
    'is deleted': (id: string) => people.staff.delete(`/support/${id}`),
  }
  const answered = {
    'is answered': onTicket({ response: 'Đã thay pin' }),
    'is answered in its room': answerInRoom,
  }

  const matters: Record<DeedKind, Matter> = {
    decision: {
      type: 'APPROVAL_REMINDER',
      begin: async () => {
        const { body } = await (await w.as('employee')).post('/bookings', TRIP)
        await w.settle()
        return (await people.manager.get(`/approvals/booking/${body.id}`)).body.id
      },
      settling: { 'is decided': (id) => people.manager.post(`/approvals/${id}/approve`) },
    },
    reply: {
      type: 'INBOX_ATTENTION',
      begin: aRoom,
      settling: {
        'is answered': (id) => people.staff.post(`/chat/rooms/${id}/messages`, { content: 'Xin chào' }),
        'is taken by somebody': (id) =>
          people.staff.post(`/chat/rooms/${id}/assign`, { assigneeId: people.staff.user.id }),
        'is archived': async (id) => {
          await people.staff.post(`/chat/rooms/${id}/messages`, { content: 'Xin chào' })
          return people.staff.put(`/chat/rooms/${id}/archive`)
        },
      },
      leaving: {
        'is written in by the customer': (id) =>
          people.customer.post(`/chat/rooms/${id}/messages`, { content: 'Có ai không' }),
      },
    },
    care: {
      type: 'SUPPORT_TICKET_CREATED',
      begin: aTicket,
      settling: {
        'is taken by somebody': (id) =>
          people.staff.patch(`/support/${id}`, { assigneeId: people.staff.user.id }),
        'is worked on': onTicket({ status: 'in_progress' }),
        ...answered,
        ...close,
      },
      leaving: { 'has another priority': onTicket({ priority: 'urgent' }) },
    },
    answer: {
      type: 'SUPPORT_TICKET_DUE_SOON',
      begin: aTicket,
      settling: { ...answered, ...close },
      leaving: { 'is only worked on': onTicket({ status: 'in_progress' }) },
    },
    solution: { type: 'SUPPORT_TICKET_OVERDUE', begin: aTicket, settling: close, leaving: { ...answered } },
    assignment: {
      type: 'TRIPS_UNASSIGNED',
      begin: aBooking,
      settling: {
        'is assigned': assign,
        'is cancelled': (id) => people.staff.post(`/bookings/${id}/cancel`, { reason: 'WEATHER' }),
        'goes to somebody outside': (id) => people.staff.post(`/bookings/${id}/redirect`),
      },
      leaving: { 'is only confirmed': (id) => people.staff.post(`/bookings/${id}/confirm`) },
    },
    review: {
      type: 'REQUESTER_LEFT',
      begin: aBooking,
      settling: {
        'is confirmed': (id) => people.staff.post(`/bookings/${id}/confirm`),
        'is assigned': assign,
      },
    },
    delegation: {
      type: 'DELEGATION_ENDED',
      begin: async () => people.manager.user.id,
      settling: {
        'is given to another': async () =>
          people.manager.post('/approvals/delegations', {
            delegateId: people.staff.user.id,
            from: '2031-03-04T00:00:00Z',
            until: '2031-03-05T00:00:00Z',
          }),
      },
    },
    webhook: {
      type: 'WEBHOOK_DISABLED',
      begin: async () =>
        (await people.admin.post('/webhooks', { channel: 'WEBHOOK', url: 'https://hooks.example/in' })).body
          .id,
      settling: {
        'is turned on again': (id) => people.admin.patch(`/webhooks/${id}`, { isEnabled: true }),
        'is removed': (id) => people.admin.delete(`/webhooks/${id}`),
      },
      leaving: {
        'is changed otherwise': (id) => people.admin.patch(`/webhooks/${id}`, { categories: ['booking'] }),
      },
    },
  }

  async function askFor(type: NotificationType, asks: readonly Deed[]): Promise<string> {
    const { orgId, id: userId } = people.supervisor.user
    await w.change(async (change) => notify(change, { orgId, userId, type, asks, parameters: SAMPLE }))
    return (
      await w.runtime
        .db('notifications')
        .where({ userId, type })
        .whereRaw('awaits = ?', [[...asks]])
        .first('id')
    ).id
  }

  const isRead = async (id: string): Promise<boolean> =>
    (await w.runtime.db('notifications').where({ id }).whereNotNull('readAt').first('id')) !== undefined
  async function act(how: Act, id: string): Promise<void> {
    const { status, body } = await how(id)
    expect(status, JSON.stringify(body)).to.be.below(300)
    await w.settle()
  }

  for (const [kind, { type, begin, settling, leaving = {} }] of Object.entries(matters)) {
    for (const [what, how] of Object.entries(settling)) {
      it(`${type} (${kind}) is read, and every bell told, when it ${what}`, async () => {
        const id = await begin()
        await w.settle()
        const told = await askFor(type, [`${kind as DeedKind}:${id}`])
        await act(how, id)
        expect(await isRead(told)).to.equal(true)
        const changes = (await eventsOn(w, userChannel(people.supervisor.user.id))).filter(
          ({ ev, data }) => ev === 'notification.changed' && data['id'] === told,
        )
        expect(changes.map(({ data }) => data['readAt'])).to.deep.equal([w.clock.now().toISOString()])
      })
    }
    for (const [what, how] of Object.entries(leaving)) {
      it(`${type} (${kind}) goes on asking when it ${what}`, async () => {
        const id = await begin()
        await w.settle()
        const told = await askFor(type, [`${kind as DeedKind}:${id}`])
        await act(how, id)
        expect(await isRead(told)).to.equal(false)
      })
    }
  }

  it('asked of many at once, is read when the last of them is done', async () => {
    const [one, other] = [await aTicket(), await aTicket()]
    const told = await askFor('TICKETS_UNASSIGNED', [`care:${one}`, `care:${other}`])
    await act(onTicket({ status: 'in_progress' }), one)
    expect(await isRead(told)).to.equal(false)
    await act(onTicket({ status: 'closed' }), other)
    expect(await isRead(told)).to.equal(true)
  })
})
