import { expect } from 'chai'
import { roomChannel } from '../../shared/chat/events.ts'
import { formWith, PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a conversation', () => {
  let w: World
  let employee: Person
  let manager: Person
  let roomId: string
  before(async () => {
    w = await aWorld()
    employee = await w.as('employee')
    manager = await w.as('manager')
    const { status, body } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    expect(status).to.equal(201)
    roomId = body.id
  })
  after(() => w.end())

  it('is one, whoever opens it', async () => {
    const again = await manager.post('/chat/conversations/with-user', { userId: employee.user.id })
    expect(again.body).to.include({ id: roomId, kind: 'DIRECT', status: 'ACTIVE', unreadCount: 0 })
    expect(again.body.members.map(({ userId }: { userId: string }) => userId)).to.have.members([
      employee.user.id,
      manager.user.id,
    ])
  })

  it('takes messages over REST and over sockets, numbered as they come, and everybody hears them in that order', async () => {
    const [mine, theirs] = [await employee.socket(), await manager.socket()]
    const first = await employee.post(`/chat/rooms/${roomId}/messages`, { content: '  Chào chị  ' })
    expect(first.status).to.equal(201)
    expect(first.body).to.include({
      seq: 1,
      content: 'Chào chị',
      status: 'SENT',
      senderId: employee.user.id,
      messageType: 'text',
    })
    const second = await theirs.command('message.send', {
      roomId,
      content: 'Chào em',
      replyTo: first.body.id,
    })
    expect(second['data']).to.include({ seq: 2, replyTo: first.body.id })
    for (const socket of [mine, theirs]) {
      const told = [await socket.event('message.created'), await socket.event('message.created')]
      expect(told.map(({ ch, data }) => [ch, data.seq, data.sender.id])).to.deep.equal([
        [roomChannel(roomId), 1, employee.user.id],
        [roomChannel(roomId), 2, manager.user.id],
      ])
      expect(told[0]?.data).to.deep.equal(first.body)
    }
  })

  it('knows a message by its clientMsgId: sent again, it is the same one', async () => {
    const message = { content: 'Một lần', clientMsgId: 'once-1' }
    const [one, two] = [
      await employee.post(`/chat/rooms/${roomId}/messages`, message),
      await employee.post('/chat/messages', { chatRoomId: roomId, ...message }),
    ]
    expect(two.body).to.deep.equal(one.body)
    const at = await Promise.all(
      Array.from({ length: 10 }, () =>
        employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Cùng lúc', clientMsgId: 'once-2' }),
      ),
    )
    expect(new Set(at.map(({ body }) => body.seq)).size).to.equal(1)
    expect(
      (await employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Khác', clientMsgId: 'once-1' }))
        .status,
    ).to.equal(422)
    const { body } = await employee.get(`/chat/rooms/${roomId}/messages?limit=2`)
    expect(body.map(({ seq }: { seq: number }) => seq)).to.deep.equal([at[0]?.body.seq, at[0]?.body.seq - 1])
  })

  it('says how far the other is: delivered when a device says so, read when it is read', async () => {
    const socket = await employee.socket()
    const { body: message } = await employee.post(`/chat/rooms/${roomId}/messages`, {
      content: 'Chị xem giúp em',
    })
    expect((await manager.get('/chat/unread-count')).body.count).to.be.greaterThan(0)
    await manager.post(`/chat/rooms/${roomId}/delivered`, {})
    expect((await socket.event('messages.delivered'))['data']).to.include({
      userId: manager.user.id,
      seq: message.seq,
    })
    expect((await employee.get(`/chat/rooms/${roomId}/messages?limit=1`)).body[0].status).to.equal(
      'DELIVERED',
    )
    await manager.post(`/chat/rooms/${roomId}/read`)
    expect((await socket.event('messages.read'))['data']).to.include({
      userId: manager.user.id,
      seq: message.seq,
    })
    expect((await employee.get(`/chat/rooms/${roomId}/messages?limit=1`)).body[0]).to.deep.include({
      status: 'READ',
      readBy: [manager.user.id],
    })
    expect((await manager.get('/chat/unread-count')).body).to.deep.equal({ count: 0 })
  })

  it('lets the writer change and take back, and leaves a tombstone', async () => {
    const socket = await manager.socket()
    const { body: message } = await employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Sai rồi' })
    expect((await manager.patch(`/chat/messages/${message.id}`, { content: 'x' })).status).to.equal(403)
    const edited = await employee.patch(`/chat/messages/${message.id}`, { content: 'Đúng rồi' })
    expect(edited.body).to.include({ content: 'Đúng rồi', isEdited: true })
    expect((await socket.event('message.changed'))['data'].content).to.equal('Đúng rồi')
    expect((await employee.delete(`/chat/messages/${message.id}`)).body)
      .to.include({ content: '', seq: message.seq })
      .and.have.property('deletedAt')
      .that.is.a('string')
    expect((await socket.event('message.deleted'))['data']).to.include({
      messageId: message.id,
      seq: message.seq,
    })
    expect((await employee.delete(`/chat/messages/${message.id}`)).status).to.equal(409)
  })

  it('does not exist for anybody else', async () => {
    const stranger = await w.as('sic')
    for (const reply of [
      await stranger.get(`/chat/rooms/${roomId}`),
      await stranger.get(`/chat/rooms/${roomId}/messages`),
      await stranger.post(`/chat/rooms/${roomId}/messages`, { content: 'x' }),
      await stranger.post(`/chat/rooms/${roomId}/read`),
      await stranger.get(`/chat/rooms/${roomId}/online-users`),
      await stranger.put(`/chat/rooms/${roomId}/archive`, {}),
    ])
      expect(reply.status).to.equal(404)
    const socket = await stranger.socket()
    for (const [c, data] of [
      ['message.send', { roomId, content: 'x' }],
      ['messages.read', { roomId }],
      ['typing', { roomId, isTyping: true }],
      ['subscribe', { channel: roomChannel(roomId) }],
    ] as const) {
      expect((await socket.command(c, data))['error']).to.include({ status: 404 })
    }
  })

  it('tells whoever is away, and nobody who is looking', async () => {
    const [director, driver] = [await w.as('director'), await w.as('driver')]
    const { body: room } = await director.post('/chat/conversations/with-user', { userId: driver.user.id })
    await director.post(`/chat/rooms/${room.id}/messages`, { content: 'x'.repeat(150) })
    await w.settle()
    const [news] = (await driver.get('/notifications?category=chat')).body
    expect(news).to.include({ type: 'NEW_CHAT_MESSAGE', category: 'chat' })
    expect([...news.message]).to.have.length(100)
    const socket = await driver.socket()
    await socket.command('messages.read', { roomId: room.id })
    await director.post(`/chat/rooms/${room.id}/messages`, { content: 'Có đó không?' })
    await socket.event('message.created')
    await w.settle()
    expect((await driver.get('/notifications?category=chat')).body).to.have.length(1)
  })

  it('shows who is typing, for six seconds, and not to the one who types', async () => {
    const [mine, theirs] = [await employee.socket(), await manager.socket()]
    await mine.command('typing', { roomId, isTyping: true })
    expect((await theirs.event('typing'))['data']).to.deep.equal({
      roomId,
      userId: employee.user.id,
      isTyping: true,
    })
    await w.advance('7 seconds')
    expect((await theirs.event('typing'))['data']).to.deep.equal({
      roomId,
      userId: employee.user.id,
      isTyping: false,
    })
  })

  it('shows nobody as typing who has said it, on whichever of their devices', async () => {
    const [mine, theirs] = [await employee.socket(), await manager.socket()]
    await mine.command('typing', { roomId, isTyping: true })
    expect((await theirs.event('typing'))['data']).to.include({ isTyping: true })
    await employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Đã gửi' })
    expect((await theirs.event('typing'))['data']).to.include({ userId: employee.user.id, isTyping: false })
  })
})

describe('coming and going', () => {
  let w: World
  before(async () => {
    w = await aWorld()
  })
  after(() => w.end())

  it('takes effect on open sockets before the next word is said', async () => {
    const [admin, employee, sic] = [await w.as('admin'), await w.as('employee'), await w.as('sic')]
    const socket = await sic.socket()
    const { body: group } = await admin.post('/chat/groups', {
      name: 'Đội xe',
      memberIds: [employee.user.id],
    })
    await employee.post(`/chat/rooms/${group.id}/messages`, { content: 'Trước' })
    await admin.post(`/chat/groups/${group.id}/members`, { userId: sic.user.id })
    await employee.post(`/chat/rooms/${group.id}/messages`, { content: 'Trong' })
    expect((await socket.event('room.member_added'))['data'].member.userId).to.equal(sic.user.id)
    expect((await socket.event('message.created'))['data'].content).to.equal('Trong')
    await admin.delete(`/chat/groups/${group.id}/members/${sic.user.id}`)
    await employee.post(`/chat/rooms/${group.id}/messages`, { content: 'Sau' })
    expect(await socket.event('room.member_removed')).to.deep.include({ ch: `user:${sic.user.id}` })
    await w.settle()
    await socket.command('ping')
    expect(socket.events('message.created')).to.have.length(1)
    expect((await sic.get(`/chat/rooms/${group.id}`)).status).to.equal(404)
  })
})

describe('a message with files', () => {
  let w: World
  before(async () => {
    w = await aWorld()
  })
  after(() => w.end())

  it('shows them to the members of its room, for as long as they are that, and nobody once it is deleted', async () => {
    const [admin, employee, sic] = [await w.as('admin'), await w.as('employee'), await w.as('sic')]
    const { body: group } = await admin.post('/chat/groups', {
      name: 'Ảnh xe',
      memberIds: [employee.user.id, sic.user.id],
    })
    const { body: file } = await employee.post('/chat/attachments', formWith(PNG, 'xe.png'))
    expect((await sic.get(`/files/${file.id}`)).status).to.equal(404)
    const message = { content: 'Xe đây', attachments: [file.id], clientMsgId: 'with-a-file' }
    const posted = await employee.post(`/chat/rooms/${group.id}/messages`, message)
    expect(posted.body).to.include({ messageType: 'image' })
    expect(posted.body.attachments).to.deep.equal([file])
    expect((await employee.post(`/chat/rooms/${group.id}/messages`, message)).body).to.deep.equal(posted.body)
    expect(
      (await employee.post(`/chat/rooms/${group.id}/messages`, { content: 'Nữa', attachments: [file.id] }))
        .status,
    ).to.equal(422)
    expect((await sic.get(`/files/${file.id}`)).status).to.equal(200)
    await admin.delete(`/chat/groups/${group.id}/members/${sic.user.id}`)
    expect((await sic.get(`/files/${file.id}`)).status).to.equal(404)
    expect((await employee.delete(`/chat/messages/${posted.body.id}`)).body.attachments).to.deep.equal([])
    expect((await employee.get(`/files/${file.id}`)).status).to.equal(404)
  })
})
