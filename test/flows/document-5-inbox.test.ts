import { expect } from 'chai'
import { Clients } from '../support/socketio.ts'
import { caller, type Caller } from '../support/client.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('the examples of the document of the business inbox, under its own base path', () => {
  let w: World
  let clients: Clients
  const under = (person: Person): Caller => caller(`${w.url}/api`, person.accessToken)
  before(async () => {
    w = await aWorld()
    clients = new Clients(w.url)
  })
  after(async () => {
    clients.leave()
    await w.end()
  })

  it('let a customer and the staff talk, whoever they say they are', async () => {
    const [customer, staff] = [await w.as('customer'), await w.as('staff')]
    const [own, desk] = [under(customer), under(staff)]
    const [at, behind] = [await clients.as(customer, '/realtime'), await clients.as(staff, '/realtime')]
    const {
      status,
      body: { _id: roomId },
    } = await own.post('/chat/rooms/create', {
      userId: customer.user.id,
      userName: 'Lan',
      userEmail: 'lan@example.com',
      userPhone: '+84 90 765 43 21',
    })
    expect(status).to.equal(201)
    await behind.hears('chat:new-conversation', ({ _id }) => _id === roomId)
    for (const each of [at, behind])
      expect(await each.asks('chat:join-room', { roomId })).to.include({ success: true })
    at.says('chat:typing', { roomId, isTyping: true })
    await behind.hears('chat:user-typing', ({ isTyping }) => isTyping)
    at.says('chat:send-message', {
      roomId,
      senderId: 'somebody',
      senderType: 'customer',
      senderName: 'Lan',
      content: 'Cho hỏi lịch hẹn',
    })
    const asked = await behind.hears('chat:new-message', ({ content }) => content === 'Cho hỏi lịch hẹn')
    expect(asked).to.include({ senderId: customer.user.id, senderType: 'customer' })
    await behind.hears('chat:user-typing', ({ isTyping }) => !isTyping)

    const { body: rooms } = await desk.get('/chat/rooms?isActive=true&page=1&limit=20')
    expect(rooms.map(({ _id }: { _id: string }) => _id)).to.include(roomId)
    expect(
      (
        await desk.post(`/chat/rooms/${roomId}/messages`, {
          senderId: 'x',
          senderType: 'staff',
          senderName: 'Bàn hỗ trợ',
          content: 'Vâng, chào chị',
        })
      ).body.senderId,
    ).to.equal(staff.user.id)
    const answer = await at.hears('chat:new-message', ({ content }) => content === 'Vâng, chào chị')
    at.says('chat:read-messages', { roomId, messageIds: [answer._id] })
    expect(
      (await behind.hears('chat:messages-read', ({ userId }) => userId === customer.user.id)).messageIds,
    ).to.include(answer._id)
    expect((await desk.get(`/chat/rooms/${roomId}/messages?page=1&limit=50`)).status).to.equal(200)
    expect(
      (await desk.put(`/chat/rooms/${roomId}/messages/read`, { userId: 'x', messageIds: [asked._id] })).body,
    ).to.deep.equal({ success: true })
    expect((await desk.put(`/chat/rooms/${roomId}/archive`)).status).to.equal(200)
  })

  it('keep FAQs and automatic replies', async () => {
    const desk = under(await w.as('admin'))
    const { status, body: faq } = await desk.post('/chat/faqs', {
      question: 'Có chỗ gửi xe không?',
      answer: 'Có, ở tầng hầm.',
      keywords: ['gửi xe', 'bãi xe'],
      alternativeQuestions: ['Đậu xe ở đâu?', 'Bãi xe?'],
      category: 'general',
      confidenceThreshold: 70,
      priority: 10,
    })
    expect(status).to.equal(201)
    expect((await desk.get('/chat/faqs')).body.map(({ id }: { id: string }) => id)).to.include(faq.id)
    expect((await desk.put(`/chat/faqs/${faq.id}`, { answer: 'Có, ở tầng hầm B1.' })).status).to.equal(200)
    expect((await desk.delete(`/chat/faqs/${faq.id}`)).status).to.equal(200)
    for (const reply of [
      {
        name: 'Lời chào',
        responseType: 'welcome',
        message: 'Xin chào 👋',
        trigger: { event: 'user-joined' },
      },
      {
        name: 'Ngoài giờ',
        responseType: 'offline',
        message: 'Chúng tôi đã đóng cửa.',
        trigger: {
          event: 'after-hours',
          conditions: { dayOfWeek: [0, 6], timeRange: { start: '19:00', end: '08:00' } },
        },
        quickReplies: ['Giờ mở cửa', 'Đặt lịch'],
      },
    ]) {
      const { status: made, body } = await desk.post('/chat/auto-responses', reply)
      expect(made).to.equal(201)
      expect((await desk.put(`/chat/auto-responses/${body.id}`, { isActive: false })).body.isActive).to.equal(
        false,
      )
    }
    expect((await desk.get('/chat/auto-responses')).status).to.equal(200)
  })
})
