import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { aCustomerDesk, type AtClient, type InRoom } from '../support/customer-desk.ts'
import { mustBeProblem } from '../support/problems.ts'

const COMMANDS = [
  ['chat:join-room', {}],
  ['chat:send-message', { content: 'x' }],
  ['chat:typing', { isTyping: true }],
  ['chat:read-messages', { messageIds: [randomUUID()] }],
  ['chat:leave-room', {}],
] as const

describe('the inbox over Socket.IO', () => {
  let desk: Awaited<ReturnType<typeof aCustomerDesk>>
  let staff: AtClient
  let customer: InRoom
  before(async () => {
    desk = await aCustomerDesk()
  })
  beforeEach(async () => {
    staff = await desk.sitDown()
    customer = await desk.comeIn(await desk.w.as('customer'))
  })
  afterEach(() => desk.leave())
  after(() => desk.end())

  const say = async (content: string): Promise<string> =>
    (await customer.socket.asks('chat:send-message', { roomId: customer.roomId, content })).data._id

  /** Whoever hears the room has been told it then. */
  async function heardSaying(content: string): Promise<void> {
    await say(content)
    await customer.socket.hears('chat:new-message', (message) => message.content === content)
  }

  it('answers every command by its callback, however the room’s key is spelled', async () => {
    const messageIds = [
      (await staff.rest.post(`/chat/rooms/${customer.roomId}/messages`, { content: 'Em đây' })).body.id,
    ]
    for (const key of ['roomId', 'chatRoomId', 'chat_room_id']) {
      for (const here of [customer, staff]) {
        for (const [name, data] of COMMANDS) {
          const { ok, data: answer } = await here.socket.asks(name, {
            [key]: customer.roomId,
            ...data,
            ...('messageIds' in data && { messageIds }),
          })
          expect([name, key, ok, typeof answer]).to.deep.equal([name, key, true, 'object'])
        }
      }
      await desk.w.advance('2 seconds')
    }
    await customer.socket.asks('chat:join-room', { roomId: customer.roomId })
  })

  it('tells nobody else anything, no more than of a room that is not there', async () => {
    for (const name of ['employee', 'foreigner', 'foreignAdmin'] as const) {
      const stranger = await desk.at(await desk.w.as(name))
      for (const [command, data] of COMMANDS) {
        const [real, made] = [
          await stranger.socket.asks(command, { roomId: customer.roomId, ...data }),
          await stranger.socket.asks(command, { roomId: randomUUID(), ...data }),
        ]
        expect(real.error).to.include({ status: 404, code: 'not_found', message: 'Room not found' })
        expect(real).to.deep.equal(made)
      }
      await heardSaying(`Không để ${name} nghe`)
      await desk.quiet(stranger)
      expect(
        stranger.socket.heard.filter(
          ({ name: heard }) => heard.startsWith('chat:') || heard.startsWith('inbox.'),
        ),
      ).to.deep.equal([])
      await desk.w.advance('2 seconds')
    }
  })

  it('lets the staff hear a room from when they join it until they leave it', async () => {
    const supervisor = await desk.at(await desk.w.as('supervisor'))
    await heardSaying('Trước')
    await supervisor.socket.asks('chat:join-room', { roomId: customer.roomId })
    await say('Trong lúc')
    await supervisor.socket.hears('chat:new-message', ({ content }) => content === 'Trong lúc')
    await supervisor.socket.asks('chat:leave-room', { roomId: customer.roomId })
    await heardSaying('Sau')
    await desk.quiet(supervisor)
    expect(supervisor.socket.all('chat:new-message').map(({ content }) => content)).to.deep.equal([
      'Trong lúc',
    ])
  })

  it('reads up to the newest of the messages that are named, whatever their order, and never back', async () => {
    const unread = async (): Promise<number> =>
      (await staff.rest.get(`/chat/rooms/${customer.roomId}`)).body.unreadCount
    const [first = '', second = '', third = ''] = [await say('một'), await say('hai'), await say('ba')]
    await desk.w.settle()
    await staff.rest.post(`/chat/rooms/${customer.roomId}/delivered`)
    const after = await unread()
    await staff.socket.asks('chat:read-messages', {
      roomId: customer.roomId,
      messageIds: [second, first, randomUUID()],
    })
    const { messageIds } = await customer.socket.hears(
      'chat:messages-read',
      ({ userId }) => userId === staff.user.id,
    )
    expect(messageIds).to.include.members([first, second]).and.not.include(third)
    const left = await unread()
    expect(left).to.be.lessThan(after)
    expect(
      (await staff.socket.asks('chat:read-messages', { roomId: customer.roomId, messageIds: [first] })).ok,
    ).to.equal(true)
    expect(await unread()).to.equal(left)
    await staff.socket.asks('chat:read-messages', { roomId: customer.roomId })
    expect(await unread()).to.equal(0)
  })

  it('reads nothing by messages of another room, and says what is wrong with what are none', async () => {
    const guest = await desk.comeIn(await desk.guest())
    const { data: theirs } = await guest.socket.asks('chat:send-message', {
      roomId: guest.roomId,
      content: 'Khách',
    })
    const [real, made] = [
      await customer.socket.asks('chat:read-messages', { roomId: customer.roomId, messageIds: [theirs._id] }),
      await customer.socket.asks('chat:read-messages', {
        roomId: customer.roomId,
        messageIds: [randomUUID()],
      }),
    ]
    expect(real.error).to.include({ status: 404, message: 'Message not found' })
    expect(real).to.deep.equal(made)
    for (const messageIds of [[], ['msg1'], 'msg1', null]) {
      expect(
        (await customer.socket.asks('chat:read-messages', { roomId: customer.roomId, messageIds })).error,
      ).to.include({ status: 400, code: 'malformed' })
    }
  })

  it('tells what was changed and taken back', async () => {
    const id = await say('Phòng 12')
    await customer.rest.patch(`/chat/messages/${id}`, { content: 'Phòng 21' })
    expect(await customer.socket.hears('chat:message-changed')).to.include({
      _id: id,
      content: 'Phòng 21',
      senderType: 'customer',
    })
    await customer.rest.delete(`/chat/messages/${id}`)
    expect(await customer.socket.hears('chat:message-deleted')).to.include({
      messageId: id,
      roomId: customer.roomId,
    })
  })

  it('takes the same message of the same client once', async () => {
    const [one, two] = [
      await customer.socket.asks('chat:send-message', {
        roomId: customer.roomId,
        content: 'Một lần',
        clientMsgId: 'c-1',
      }),
      await customer.socket.asks('chat:send-message', {
        roomId: customer.roomId,
        content: 'Một lần',
        clientMsgId: 'c-1',
      }),
    ]
    expect(two.data).to.deep.equal(one.data)
    await heardSaying('Sau đó')
    expect(
      customer.socket.all('chat:new-message').filter(({ content }) => content === 'Một lần'),
    ).to.have.length(1)
  })

  it('takes no messages for a room that was archived, until the customer comes back to it', async () => {
    expect((await staff.rest.put(`/chat/rooms/${customer.roomId}/archive`)).body).to.include({
      status: 'ARCHIVED',
    })
    customer.says('Còn đó không?')
    expect(await customer.socket.hears('error')).to.include({ status: 409, code: 'room_not_active' })
    await desk.comeIn(await desk.w.as('customer'))
    expect(await staff.socket.hears('chat:new-conversation')).to.include({
      _id: customer.roomId,
      status: 'ACTIVE',
    })
    await say('Giờ thì có')
  })

  it('says what is wrong with what it cannot take, and goes on', async () => {
    const { errors } = (await customer.socket.asks('chat:send-message', { content: '' })).error
    expect(errors.map(({ path }: { path: string }) => path)).to.include.members([
      '/data/roomId',
      '/data/content',
    ])
    for (const data of [
      undefined,
      null,
      5,
      [],
      { roomId: 'phòng' },
      { roomId: customer.roomId, content: 5 },
    ]) {
      expect((await customer.socket.asks('chat:send-message', data)).error).to.include({ status: 400 })
    }
    expect((await customer.socket.asks('chat:close-room', { roomId: customer.roomId })).error).to.include({
      status: 400,
      message: 'chat:close-room is not spoken here',
    })
    await say('Vẫn chạy')
  })
})

describe('a message over REST whose client says who sends it', () => {
  let desk: Awaited<ReturnType<typeof aCustomerDesk>>
  before(async () => {
    desk = await aCustomerDesk()
  })
  after(() => desk.end())

  it('is of whom the token names, on both ways; what else is unknown is refused', async () => {
    const { rest, roomId, user } = await desk.comeIn(await desk.w.as('customer'))
    const { rest: admin } = await desk.at(await desk.w.as('admin'))
    const claims = {
      senderId: (await desk.w.as('admin')).user.id,
      senderType: 'staff',
      senderName: 'Quản lý',
    }
    for (const [path, more] of [
      [`/chat/rooms/${roomId}/messages`, {}],
      ['/chat/messages', { chatRoomId: roomId }],
    ] as const) {
      const { status, body } = await rest.post(path, { content: 'Tôi là khách', ...more, ...claims })
      expect([status, body.senderId, body.senderType, body.sender.role]).to.deep.equal([
        201,
        user.id,
        'user',
        'CUSTOMER',
      ])
      expect((await rest.post(path, { content: 'Tôi là khách', ...more, sender_id: 5 })).status).to.equal(201)
      const refused = await rest.post(path, {
        content: 'x',
        ...more,
        ...claims,
        senderRole: 'ADMIN',
        status: 'READ',
      })
      mustBeProblem(refused, 400, 'malformed')
      expect(refused.body.errors.map((each: { path: string }) => each.path)).to.have.members([
        '/body/senderRole',
        '/body/status',
      ])
    }
    mustBeProblem(
      await admin.post(`/chat/rooms/${roomId}/notes`, { content: 'x', ...claims }),
      400,
      'malformed',
    )
    mustBeProblem(
      await rest.patch(
        `/chat/messages/${(await rest.get(`/chat/rooms/${roomId}/messages?limit=1`)).body[0].id}`,
        { content: 'x', ...claims },
      ),
      400,
      'malformed',
    )
    expect((await admin.put(`/chat/rooms/${roomId}/messages/read`)).body).to.deep.equal({ success: true })
  })
})
