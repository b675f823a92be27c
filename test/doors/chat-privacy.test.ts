// Whoever is not in a room learns nothing of it: what is there and not for them answers as what is not there at all.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { declaredRoutes } from '../../api/routes/all.ts'
import { CHAT_FRAMES } from '../../shared/protocol/chat-frames.ts'
import { roomChannel } from '../../shared/chat/events.ts'
import type { Reply } from '../support/client.ts'
import type { Frame, Socket } from '../support/socket.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** What there is, and a stranger knows the ids of. */
interface Things {
  room: string
  group: string
  booking: string
  message: string
  person: string
}
type Body = (things: Things) => object

/** Every route of chat that names something: which thing stands in its path, and what is sent. */
const NAMING: Readonly<Record<string, { of?: keyof Things; body?: Body }>> = {
  'GET /chat/rooms/booking/:bookingId': { of: 'booking' },
  'GET /chat/rooms/:id': { of: 'room' },
  'PUT /chat/rooms/:id/archive': { of: 'room' },
  'GET /chat/rooms/:id/messages': { of: 'room' },
  'POST /chat/rooms/:id/messages': { of: 'room', body: () => ({ content: 'Có ai không?' }) },
  'POST /chat/messages': { body: ({ room }) => ({ chatRoomId: room, content: 'Có ai không?' }) },
  'POST /chat/rooms/:id/schedule-change': { of: 'room', body: () => ({ newTime: '19:30', reason: 'họp' }) },
  'POST /chat/rooms/:id/read': { of: 'room' },
  'PUT /chat/rooms/:id/messages/read': { of: 'room' },
  'POST /chat/rooms/:id/delivered': { of: 'room' },
  'GET /chat/rooms/:id/online-users': { of: 'room' },
  'POST /chat/rooms/:id/assign': { of: 'room' },
  'PATCH /chat/rooms/:id/inbox': { of: 'room', body: () => ({ priority: 'high' }) },
  'PUT /chat/rooms/:id/reopen': { of: 'room' },
  'PUT /chat/rooms/:id/rating': { of: 'room', body: () => ({ rating: 5 }) },
  'GET /chat/rooms/:id/notes': { of: 'room' },
  'POST /chat/rooms/:id/notes': { of: 'room', body: () => ({ content: 'Có ai không?' }) },
  'POST /chat/rooms/:id/auto-responses/:responseId': { of: 'room' },
  'PATCH /chat/messages/:id/read': { of: 'message' },
  'PATCH /chat/messages/:id': { of: 'message', body: () => ({ content: 'Khác' }) },
  'DELETE /chat/messages/:id': { of: 'message' },
  'GET /chat/conversations/:id': { of: 'room' },
  'GET /chat/conversations/:id/messages': { of: 'room' },
  'GET /chat/groups/:id': { of: 'group' },
  'PATCH /chat/groups/:id': { of: 'group', body: () => ({ name: 'x' }) },
  'DELETE /chat/groups/:id': { of: 'group' },
  'GET /chat/groups/:id/members': { of: 'group' },
  'POST /chat/groups/:id/members': { of: 'group', body: ({ person }) => ({ userId: person }) },
  'DELETE /chat/groups/:id/members/:userId': { of: 'group' },
  'POST /chat/groups/:id/leave': { of: 'group' },
}
/** Of those that name nothing: what they say of one's own. */
const OWN = [
  'GET /chat/rooms',
  'POST /chat/rooms',
  'GET /chat/messages/search',
  'GET /chat/unread-count',
  'GET /chat/health',
  'GET /chat/conversations',
  'POST /chat/conversations/with-user',
  'GET /chat/groups',
  'POST /chat/groups',
  'POST /chat/attachments',
  'POST /chat/rooms/create',
]
/** What the desk works with, and what ADMINs read of the audit, names no room. */
const namesNoRoom = (route: string): boolean => /\/chat\/(faqs|auto-responses|audit)/.test(route)

const STRANGERS = [
  'a colleague',
  'a colleague of the staff',
  'somebody who was in it',
  'an ADMIN who is not in it',
  'an ADMIN of another organisation',
] as const
type Stranger = (typeof STRANGERS)[number]

describe('a room', () => {
  let w: World
  let members: Record<'employee' | 'manager' | 'driver', Person>
  let strangers: Record<Stranger, Person>
  let things: Things
  const nothing: Things = {
    room: randomUUID(),
    group: randomUUID(),
    booking: randomUUID(),
    message: randomUUID(),
    person: randomUUID(),
  }

  before(async () => {
    w = await aWorld()
    const [admin, employee, manager, driver, removed] = [
      await w.as('admin'),
      await w.as('employee'),
      await w.as('manager'),
      await w.as('driver'),
      await w.as('supervisor'),
    ]
    members = { employee, manager, driver }
    strangers = {
      'a colleague': await w.as('sic'),
      'a colleague of the staff': await w.as('staff'),
      'somebody who was in it': removed,
      'an ADMIN who is not in it': admin,
      'an ADMIN of another organisation': await w.as('foreignAdmin'),
    }
    const { body: group } = await admin.post('/chat/groups', {
      name: 'Bí mật',
      memberIds: [employee.user.id, manager.user.id, removed.user.id],
    })
    await admin.delete(`/chat/groups/${group.id}/members/${removed.user.id}`)
    await admin.post(`/chat/groups/${group.id}/leave`, {})
    const { body: message } = await employee.post(`/chat/rooms/${group.id}/messages`, {
      content: 'Mật khẩu là sông xanh',
    })
    const { body: booking } = await manager.post('/bookings', {
      bookingType: 'SINGLE_TRIP',
      scheduledDate: '2031-03-10',
      scheduledTime: '08:30',
      passengerCount: 1,
    })
    const {
      body: [vehicle],
    } = await admin.get('/resources?kind=VEHICLE')
    await admin.post(`/bookings/${booking.id}/assign`, { resourceId: vehicle.id, driverId: driver.user.id })
    await manager.get(`/chat/rooms/booking/${booking.id}`)
    things = {
      room: group.id,
      group: group.id,
      booking: booking.id,
      message: message.id,
      person: employee.user.id,
    }
    await w.settle()
  })
  after(() => w.end())

  function send(who: Person, route: string, named: Things): Promise<Reply> {
    const [method = '', path = ''] = route.split(' ')
    const { of, body } = NAMING[route] ?? {}
    const to = path
      .replace(':userId', named.person)
      .replace(':responseId', named.message)
      .replace(/:\w+/, of ? named[of] : '')
    if (method === 'GET') return who.get(to)
    if (method === 'DELETE') return who.delete(to)
    const sent = body?.(named) ?? {}
    return method === 'PUT'
      ? who.put(to, sent)
      : method === 'PATCH'
        ? who.patch(to, sent)
        : who.post(to, sent)
  }

  /** All of an answer but what is new in each. */
  function whole({ status, headers, body }: Reply): unknown {
    const kept = [...headers].filter(
      ([name]) => !/^(x-request-id|date|ratelimit.*|x-cursor|content-length|etag)$/.test(name),
    )
    return { status, headers: kept, text: JSON.stringify({ ...body, requestId: '' }) }
  }

  it('is known to this test on every route of chat', () => {
    const routes = declaredRoutes()
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((route) => route.includes(' /chat/') && !namesNoRoom(route))
    expect([...Object.keys(NAMING), ...OWN].toSorted()).to.deep.equal(routes.toSorted())
  })

  for (const stranger of STRANGERS) {
    describe(`for ${stranger}`, () => {
      const governs = (route: string): boolean =>
        stranger === 'an ADMIN who is not in it' && route.includes('/chat/groups/')
      // A SUPERVISOR, who brings people into any group, and does not read it.
      const bringsIn = (route: string): boolean =>
        stranger === 'somebody who was in it' && route === 'POST /chat/groups/:id/members'

      // Which no role but the staff's gets as far as to name a room in.
      const isTurnedAway = (route: string): boolean =>
        stranger === 'a colleague' && /\/(assign|inbox|reopen|notes|auto-responses)/.test(route)

      for (const route of Object.keys(NAMING).filter(
        (each) => !governs(each) && !bringsIn(each) && !isTurnedAway(each),
      )) {
        it(`is not there: ${route}`, async () => {
          const [there, unknown] = [
            await send(strangers[stranger], route, things),
            await send(strangers[stranger], route, nothing),
          ]
          expect(there.status).to.equal(404)
          expect(whole(there)).to.deep.equal(whole(unknown))
        })
      }

      it('is in none of their lists, counts and searches', async () => {
        const who = strangers[stranger]
        for (const path of [
          '/chat/rooms?limit=100',
          '/chat/rooms?search=B%C3%AD%20m%E1%BA%ADt',
          '/chat/conversations',
          '/chat/messages/search?q=s%C3%B4ng%20xanh',
          '/chat/messages/search?q=mat',
        ]) {
          const { status, body, headers } = await who.get(path)
          expect([path, status, body, headers.get('x-total-count') ?? '0']).to.deep.equal([
            path,
            200,
            [],
            '0',
          ])
        }
        expect((await who.get('/chat/unread-count')).body).to.deep.equal({ count: 0 })
        const search = (roomId: string): Promise<Reply> =>
          who.get(`/chat/messages/search?q=xanh&roomId=${roomId}`)
        expect(whole(await search(things.room))).to.deep.equal(whole(await search(nothing.room)))
        if (stranger !== 'an ADMIN who is not in it')
          expect((await who.get('/chat/groups')).body).to.deep.equal([])
      })

      it('gives no message to answer, in a room of their own', async () => {
        const who = strangers[stranger]
        const partner =
          stranger === 'an ADMIN of another organisation' ? await w.as('foreigner') : await w.as('owner')
        const { body: own } = await who.post('/chat/conversations/with-user', { userId: partner.user.id })
        const answer = (replyTo: string): Promise<Reply> =>
          who.post(`/chat/rooms/${own.id}/messages`, { content: 'Về việc đó', replyTo })
        expect((await answer(things.message)).status).to.equal(422)
        expect(whole(await answer(things.message))).to.deep.equal(whole(await answer(nothing.message)))
      })

      it('takes none of the commands of their socket', async () => {
        const socket = await strangers[stranger].socket()
        const data = (named: Things): Record<string, object> => ({
          'message.send': { roomId: named.room, content: 'Có ai không?' },
          'message.edit': { messageId: named.message, content: 'Khác' },
          'message.delete': { messageId: named.message },
          'messages.read': { roomId: named.room },
          'messages.delivered': { roomId: named.room, upTo: 1 },
          typing: { roomId: named.room, isTyping: true },
          subscribe: { channel: roomChannel(named.room) },
          unsubscribe: { channel: roomChannel(named.room) },
        })
        expect(
          Object.keys(CHAT_FRAMES).filter((c) => !(c in data(things))),
          'a command that this test does not know',
        ).to.deep.equal([])
        const said = async (c: string, named: Things): Promise<string> =>
          JSON.stringify({ ...(await socket.command(c, data(named)[c])), ref: '' })
        for (const c of Object.keys(data(things))) {
          const answer = await said(c, things)
          expect(JSON.parse(answer).error?.status, c).to.equal(404)
          expect(answer).to.equal(await said(c, nothing))
        }
        await socket.close()
      })

      it('says nothing of who is there to those who are not of the staff', async () => {
        const who = strangers[stranger]
        const socket = await who.socket()
        const inside = await members.employee.socket()
        const { data } = await socket.command('presence.query', {
          userIds: [members.employee.user.id, nothing.person],
        })
        const isTold = who.user.orgId === members.employee.user.orgId && who.user.role !== 'EMPLOYEE'
        if (!isTold) expect(data).to.deep.equal({ online: [] })
        if (!isTold)
          expect(whole(await who.get(`/users/${members.employee.user.id}`))).to.deep.equal(
            whole(await who.get(`/users/${nothing.person}`)),
          )
        await Promise.all([socket.close(), inside.close()])
      })
    })
  }

  it('is heard by its members, and by nobody else: words, receipts, typing, presence, the past', async () => {
    const heard = new Map<string, Socket>()
    for (const stranger of STRANGERS) heard.set(stranger, await strangers[stranger].socket())
    const [mine, theirs] = [await members.employee.socket(), await members.manager.socket()]
    const { body: message } = await members.employee.post(`/chat/rooms/${things.room}/messages`, {
      content: 'Chỉ cho nhau',
    })
    await theirs.command('messages.delivered', { roomId: things.room })
    await theirs.command('messages.read', { roomId: things.room })
    await mine.command('typing', { roomId: things.room, isTyping: true })
    await members.employee.patch(`/chat/messages/${message.id}`, { content: 'Chỉ cho hai ta' })
    await members.employee.delete(`/chat/messages/${message.id}`)
    for (const name of [
      'message.created',
      'messages.delivered',
      'messages.read',
      'typing',
      'message.changed',
      'message.deleted',
    ])
      await theirs.event(name)
    const { body: conversation } = await members.employee.post('/chat/conversations/with-user', {
      userId: members.manager.user.id,
    })
    await theirs.next(({ ev, data }) => ev === 'room.created' && data.id === conversation.id)
    for (const [stranger, socket] of heard) {
      const cursor = Object.fromEntries(
        Array.from({ length: w.runtime.config.STREAM_PARTITIONS }, (_, partition) => [partition, 0]),
      )
      await socket.command('resume', { cursor })
      await socket.next(({ t }) => t === 'resumed' || t === 'refetch')
      const about = socket.frames.filter(
        (frame: Frame) =>
          frame.t !== 'reply' &&
          [things.room, conversation.id].some((id) => JSON.stringify(frame).includes(id)),
      )
      // That they are out is theirs to know: of the one who was put out, and of the ADMIN who made it and left.
      const wasIn = stranger === 'somebody who was in it' || stranger === 'an ADMIN who is not in it'
      expect(
        about.map(({ ev, ch }) => [ev, ch]),
        stranger,
      ).to.deep.equal(wasIn ? [['room.member_removed', `user:${strangers[stranger].user.id}`]] : [])
    }
  })

  it('does not let a colleague know who of it comes and goes', async () => {
    const colleague = await strangers['a colleague'].socket()
    const foreign = await strangers['an ADMIN of another organisation'].socket()
    const inside = await members.manager.socket()
    const sockets = async (): Promise<number | undefined> =>
      (await w.runtime.metrics.sockets.get()).values[0]?.value
    const isDriver =
      (isOnline: boolean) =>
      ({ ev, data }: Frame): boolean =>
        ev === 'presence.changed' && data.userId === members.driver.user.id && data.isOnline === isOnline
    const before = await sockets()
    const coming = await members.driver.socket()
    await inside.next(isDriver(true))
    await coming.close()
    await until('the node has noticed', async () => (await sockets()) === before)
    await w.advance('6 seconds')
    await inside.next(isDriver(false))
    await Promise.all([colleague.command('ping'), foreign.command('ping')])
    for (const socket of [colleague, foreign]) {
      const told = socket
        .events('presence.changed')
        .filter(({ data }) => Object.values(members).some(({ user }) => user.id === data.userId))
      expect(told).to.deep.equal([])
    }
  })
})
