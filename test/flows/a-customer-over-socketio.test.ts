import { expect } from 'chai'
import { aCustomerDesk, FAQ, WELCOME, type AtClient } from '../support/customer-desk.ts'
import { TRANSPORTS } from '../support/socketio.ts'
import { until } from '../support/until.ts'

describe('a customer and the staff, at their existing clients, while the office is open', () => {
  let desk: Awaited<ReturnType<typeof aCustomerDesk>>
  let staff: AtClient
  let faqId: string
  beforeEach(async () => {
    desk = await aCustomerDesk()
    staff = await desk.sitDown()
    faqId = (await staff.rest.post('/chat/faqs', FAQ)).body.id
    expect((await staff.rest.post('/chat/auto-responses', WELCOME)).status).to.equal(201)
  })
  afterEach(() => desk.end())

  for (const transports of TRANSPORTS) {
    it(`welcome, ask, answer and learn whether it helped, over ${transports.join()}`, async () => {
      const customer = await desk.comeIn(await desk.w.as('customer'), transports)
      expect(await customer.socket.hears('connected')).to.include({ userId: customer.user.id })
      expect(await customer.socket.hears('chat:auto-response')).to.deep.include({
        roomId: customer.roomId,
        content: 'Xin chào Đỗ Khánh Linh!',
        senderType: 'bot',
        messageType: 'text',
        senderId: null,
        senderName: null,
      })
      expect(await staff.socket.hears('chat:new-conversation')).to.deep.include({
        _id: customer.roomId,
        status: 'ACTIVE',
        customer: {
          id: customer.user.id,
          fullName: 'Đỗ Khánh Linh',
          role: 'CUSTOMER',
          email: 'customer@demo.test',
          phone: null,
        },
      })
      const { body: rooms } = await staff.rest.get('/chat/rooms?isActive=true&page=1&limit=20')
      for (const { _id } of rooms)
        expect(await staff.socket.asks('chat:join-room', { roomId: _id })).to.deep.equal({
          ok: true,
          success: true,
          data: { roomId: _id },
        })

      customer.socket.says('chat:typing', { roomId: customer.roomId, isTyping: true })
      expect(await staff.socket.hears('chat:user-typing')).to.deep.equal({
        roomId: customer.roomId,
        userId: customer.user.id,
        isTyping: true,
      })
      customer.says('when do you open')
      const question = await staff.socket.hears('chat:new-message')
      expect(question).to.include({
        _id: question.id,
        roomId: customer.roomId,
        content: 'when do you open',
        senderId: customer.user.id,
        senderName: 'Đỗ Khánh Linh',
        senderType: 'customer',
        timestamp: question.createdAt,
      })
      expect(await customer.socket.hears('chat:new-message')).to.deep.equal(question)
      expect(await customer.socket.hears('chat:faq-response')).to.deep.include({
        content: FAQ.answer,
        senderType: 'bot',
        messageType: 'faq_response',
      })
      const followUp = await customer.socket.hears(
        'chat:auto-response',
        ({ quickReplies }) => quickReplies !== undefined,
      )
      expect(followUp.quickReplies).to.have.length(2)
      expect(
        customer.socket.heard.map(({ name }) => name).filter((name) => name.startsWith('chat:')),
      ).to.deep.equal(['chat:auto-response', 'chat:new-message', 'chat:faq-response', 'chat:auto-response'])

      customer.says(followUp.quickReplies[0])
      await desk.quiet(customer)
      expect((await staff.rest.get(`/chat/faqs/${faqId}`)).body).to.include({
        usageCount: 1,
        helpfulCount: 1,
        unhelpfulCount: 0,
      })
    })
  }

  it('call a person where there is no answer, and where it did not help', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    customer.says('Phòng tôi mất nước nóng từ sáng')
    const reason =
      (name: string) =>
      ({ reason: given }: { reason: string }) =>
        given === name
    const called = await staff.socket.hears('inbox.attention', reason('unanswered'))
    expect(called).to.deep.include({ roomId: customer.roomId, text: 'Phòng tôi mất nước nóng từ sáng' })
    expect(
      await staff.socket.hears('inbox.conversation_changed', ({ waitingSince }) => waitingSince !== null),
    ).to.include({ roomId: customer.roomId })
    expect(await staff.socket.hears('notification:new')).to.deep.include({
      event: 'INBOX_ATTENTION',
      data: { roomId: customer.roomId, messageId: called.messageId },
    })
    expect(
      await customer.socket.hears(
        'chat:auto-response',
        ({ metadata }) => metadata.responseType === 'acknowledgement',
      ),
    ).to.include({ senderType: 'bot' })

    customer.says(FAQ.question)
    const { quickReplies } = await customer.socket.hears(
      'chat:auto-response',
      (message) => message.quickReplies !== undefined,
    )
    customer.says(quickReplies[1])
    await desk.quiet(customer, staff)
    expect((await staff.rest.get(`/chat/faqs/${faqId}`)).body).to.include({
      helpfulCount: 0,
      unhelpfulCount: 1,
    })
  })

  it('hear each other, and nothing of the desk as long as a person is in the conversation', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    const answered = await staff.rest.post(`/chat/rooms/${customer.roomId}/messages`, {
      content: 'Em chào chị',
      ...desk.claims,
      senderType: 'customer',
    })
    expect([answered.status, answered.body.senderId]).to.deep.equal([201, staff.user.id])
    const answer = await customer.socket.hears('chat:new-message')
    expect(answer).to.include({
      _id: answered.body.id,
      content: 'Em chào chị',
      senderId: staff.user.id,
      senderName: staff.user.fullName,
      senderType: 'staff',
    })

    customer.socket.says('chat:read-messages', { roomId: customer.roomId, messageIds: [answer._id] })
    const read = await staff.socket.hears('chat:messages-read', ({ userId }) => userId === customer.user.id)
    expect(read.messageIds).to.include(answer._id)
    customer.says(FAQ.question)
    await desk.quiet(customer)
    expect(customer.socket.all('chat:faq-response')).to.deep.equal([])
    await desk.w.advance('6 minutes')
    customer.says(FAQ.question)
    await customer.socket.hears('chat:faq-response')
  })

  it('keep notes and other customers to themselves', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    const guest = await desk.comeIn(await desk.guest())
    expect(await guest.socket.hears('chat:auto-response')).to.include({
      roomId: guest.roomId,
      content: 'Xin chào Khách Lạ!',
    })
    expect(
      (await staff.rest.post(`/chat/rooms/${customer.roomId}/notes`, { content: 'Khách quen, nhớ giảm giá' }))
        .status,
    ).to.equal(201)
    expect(await staff.socket.hears('chat:new-message')).to.include({
      content: 'Khách quen, nhớ giảm giá',
      senderType: 'staff',
    })
    customer.says(FAQ.question)
    customer.socket.says('chat:typing', { roomId: customer.roomId, isTyping: true })
    await staff.rest.post(`/chat/rooms/${customer.roomId}/read`)
    await desk.quiet(customer, guest)
    expect(JSON.stringify(customer.socket.heard)).to.not.include('giảm giá')
    expect(
      guest.socket.heard
        .map(({ name, data }) => [name, data.roomId])
        .filter(([name]) => name !== 'connected' && name !== 'token_renewed'),
    ).to.deep.equal([['chat:auto-response', guest.roomId]])
    for (const [name, data] of [
      ['chat:join-room', {}],
      ['chat:send-message', { content: 'x' }],
      ['chat:typing', { isTyping: true }],
      ['chat:read-messages', { messageIds: [customer.roomId] }],
      ['chat:leave-room', {}],
    ] as const) {
      expect((await guest.socket.asks(name, { roomId: customer.roomId, ...data })).error, name).to.include({
        status: 404,
        message: 'Room not found',
      })
    }
    guest.says(FAQ.question)
    expect(await guest.socket.hears('chat:faq-response')).to.include({
      roomId: guest.roomId,
      content: FAQ.answer,
    })
  })

  it('go on in another tab that knows no more than the room, and after a lost connection', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    const tab = await desk.at(await desk.w.as('customer'))
    await tab.socket.hears('connected')
    tab.socket.says('chat:join-room', { roomId: customer.roomId })
    tab.socket.says('chat:send-message', { roomId: customer.roomId, content: 'Từ tab thứ hai' })
    const message = await tab.socket.hears('chat:new-message')
    expect(await customer.socket.hears('chat:new-message')).to.deep.equal(message)
    tab.socket.client.io.engine.close()
    await tab.socket.ended
    tab.socket.client.connect()
    await tab.socket.asks('chat:join-room', { roomId: customer.roomId })
    await staff.rest.post(`/chat/rooms/${customer.roomId}/messages`, { content: 'Em nghe chị ạ' })
    await tab.socket.hears('chat:new-message', ({ senderType }) => senderType === 'staff')
    expect(
      (await customer.rest.get(`/chat/rooms/${customer.roomId}/messages?after=0`)).body.map(
        ({ content }: { content: string }) => content,
      ),
    ).to.include.members(['Xin chào Đỗ Khánh Linh!', 'Từ tab thứ hai', 'Em nghe chị ạ'])
  })

  it('go on hearing a room that they joined, with a newer token', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    await staff.socket.asks('chat:join-room', { roomId: customer.roomId })
    await staff.socket.asks('token', { token: staff.accessToken })
    customer.says('Có ai không?')
    await staff.socket.hears('chat:new-message')
    await staff.socket.asks('chat:leave-room', { roomId: customer.roomId })
    await staff.socket.asks('token', { token: staff.accessToken })
    customer.says('Vẫn không có ai?')
    await customer.socket.hears('chat:new-message', ({ content }) => content === 'Vẫn không có ai?')
    await desk.quiet(staff)
    expect(staff.socket.all('chat:new-message')).to.have.length(1)
  })

  it('are told that nobody is there once the last one has left', async () => {
    const customer = await desk.comeIn(await desk.w.as('customer'))
    staff.socket.close()
    await until(
      'their socket is gone',
      async () => (await desk.w.runtime.metrics.sockets.get()).values[0]?.value === 1,
    )
    await desk.w.advance('10 seconds')
    await until(
      'they are offline',
      async () => (await desk.w.runtime.presence.online(staff.user.orgId, [staff.user.id])).length === 0,
    )
    customer.says(FAQ.question)
    expect(
      await customer.socket.hears(
        'chat:auto-response',
        ({ metadata }) => metadata.responseType !== 'welcome',
      ),
    ).to.deep.include({ metadata: { responseType: 'offline' } })
  })
})
