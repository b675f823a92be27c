import { expect } from 'chai'
import { Clients, TRANSPORTS } from '../support/socketio.ts'
import { until } from '../support/until.ts'
import { PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a workplace, at its existing clients', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'manager' | 'sic', Person>
  let clients: Clients
  before(async () => {
    w = await aWorld()
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      sic: await w.as('sic'),
    }
    clients = new Clients(w.url)
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  for (const transports of TRANSPORTS) {
    it(`talks in a conversation of two, over ${transports.join()}`, async () => {
      const [one, two] = [
        await clients.as(people.employee, '/', transports),
        await clients.as(people.manager, '/', transports),
      ]
      const { body: conversation } = await people.employee.post('/chat/conversations/with-user', {
        userId: people.manager.user.id,
      })
      const conversationId = conversation.id
      await w.settle()
      for (const each of [one, two]) each.says('join_conversation', { conversationId })

      one.says('typing', {
        conversationId,
        userId: people.manager.user.id,
        username: 'Ai đó khác',
        isTyping: true,
      })
      expect(await two.hears('user_typing')).to.deep.equal({
        conversationId,
        userId: people.employee.user.id,
        username: people.employee.user.fullName,
        isTyping: true,
      })
      one.says('typing', { conversationId, isTyping: false })
      one.says('send_message', {
        conversationId,
        content: 'Chào chị',
        messageType: 'text',
        senderId: people.manager.user.id,
        status: 'read',
        createdAt: '1970-01-01',
      })
      const message = await two.hears('message_received', ({ content }) => content === 'Chào chị')
      expect(message).to.deep.include({
        conversationId,
        messageType: 'text',
        status: 'sent',
        senderId: people.employee.user.id,
        readBy: [people.employee.user.id],
        attachments: [],
      })
      expect(message).to.not.have.property('groupId')
      expect(message._id).to.equal(message.id)
      expect(await one.hears('message_received', ({ _id }) => _id === message._id)).to.deep.equal(message)
      expect(one.all('user_typing')).to.deep.equal([])

      await people.manager.post(`/chat/rooms/${conversationId}/delivered`, {})
      expect(
        await one.hears('message_status_updated', ({ messageId }) => messageId === message._id),
      ).to.deep.equal({ messageId: message._id, status: 'delivered', userId: people.manager.user.id })
      two.says('mark_as_read', { messageId: message._id })
      const read = await one.hears('message_read', ({ messageId }) => messageId === message._id)
      expect(read)
        .to.include({ userId: people.manager.user.id })
        .and.have.property('readAt')
        .that.is.a('string')
      expect(
        await one.hears(
          'message_status_updated',
          ({ messageId, status }) => messageId === message._id && status === 'read',
        ),
      ).to.include({ userId: people.manager.user.id })

      one.says('delete_message', { messageId: message._id })
      expect(await two.hears('message_deleted', ({ messageId }) => messageId === message._id)).to.deep.equal({
        messageId: message._id,
        conversationId,
      })
      two.says('delete_message', { messageId: message._id })
      expect(await two.hears('error')).to.include({ status: 409, message: 'The message was deleted' })
    })
  }

  it('talks in a group, with files, and hears who comes in from the first word that is theirs to hear', async () => {
    const [admin, employee, sic] = [
      await clients.as(people.admin, '/'),
      await clients.as(people.employee, '/', ['polling']),
      await clients.as(people.sic, '/'),
    ]
    const { body: group } = await people.admin.post('/chat/groups', {
      name: 'Đội xe',
      type: 'department',
      memberIds: [people.employee.user.id],
    })
    const groupId = group.id
    await w.settle()
    employee.says('send_message', { groupId, content: 'Trước' })
    await admin.hears('message_received', ({ content }) => content === 'Trước')
    await people.admin.post(`/chat/groups/${groupId}/members`, { userId: people.sic.user.id })
    await w.settle()

    const uploaded = admin.hears('file_upload_response')
    admin.says('file_upload', { file: PNG, filename: 'xe.png', type: 'image/png' })
    const attachment = await uploaded
    expect(attachment).to.include({ name: 'xe.png', type: 'image/png', size: PNG.length, kind: 'image' })
    admin.says('send_message', {
      groupId,
      content: 'Xe mới',
      messageType: 'image',
      attachments: [attachment],
    })
    const message = await sic.hears('message_received')
    expect(message)
      .to.include({ groupId, content: 'Xe mới', messageType: 'image' })
      .and.not.have.property('conversationId')
    expect(message.attachments).to.have.length(1)
    expect(message.attachments[0]).to.include({ ...attachment, uploadedAt: message.createdAt })
    const got = await fetch(w.url + attachment.url, {
      headers: { authorization: `Bearer ${people.sic.accessToken}` },
    })
    expect(Buffer.from(await got.arrayBuffer())).to.deep.equal(PNG)

    sic.says('mark_as_read', { messageId: message._id })
    await employee.hears(
      'message_read',
      ({ messageId, userId }) => messageId === message._id && userId === people.sic.user.id,
    )
    await people.admin.delete(`/chat/groups/${groupId}/members/${people.sic.user.id}`)
    await w.settle()
    admin.says('send_message', { groupId, content: 'Sau' })
    await employee.hears('message_received', ({ content }) => content === 'Sau')
    expect((await sic.asks('send_message', { groupId, content: 'Vẫn đây' })).error).to.include({
      status: 404,
    })
    expect(sic.all('message_received').map(({ content }) => content)).to.deep.equal(['Xe mới'])
  })

  it('is told of every message that a mark covers, once, and of none that the reader wrote', async () => {
    const { body: group } = await people.admin.post('/chat/groups', {
      name: 'Đọc',
      memberIds: [people.employee.user.id, people.manager.user.id],
    })
    const said: string[] = []
    for (const [by, content] of [
      ['admin', 'một'],
      ['manager', 'hai'],
      ['admin', 'ba'],
    ] as const)
      said.push((await people[by].post(`/chat/rooms/${group.id}/messages`, { content })).body.id)
    await w.settle()
    const admin = await clients.as(people.admin, '/')
    await people.manager.post(`/chat/rooms/${group.id}/read`)
    await admin.hears('message_read', ({ messageId }) => messageId === said[0])
    said.push((await people.admin.post(`/chat/rooms/${group.id}/messages`, { content: 'bốn' })).body.id)
    await people.manager.post(`/chat/rooms/${group.id}/read`)
    await admin.hears('message_read', ({ messageId }) => messageId === said[3])
    expect(admin.all('message_read').map(({ messageId }) => messageId)).to.deep.equal([
      said[2],
      said[0],
      said[3],
    ])
  })

  it('is answered an upload that is none by the words that it listens for', async () => {
    const employee = await clients.as(people.employee, '/')
    employee.says('file_upload', { file: 'không phải tệp', filename: 'x.txt', type: 'text/plain' })
    expect(await employee.hears('file_upload_response')).to.deep.equal({ error: '/data/file must be binary' })
    expect((await employee.asks('file_upload', { file: PNG })).error.errors).to.deep.equal([
      { path: '/data/filename', message: 'must be a name' },
    ])
    expect(await employee.asks('file_upload', { file: PNG, filename: 'a.png' })).to.deep.include({ ok: true })
  })

  it('sees each of its people come and go once', async () => {
    const admin = await clients.as(people.admin, '/')
    const director = await w.as('director')
    const userId = director.user.id
    // Of the staff, and in a room with them: told by both.
    await people.admin.post('/chat/conversations/with-user', { userId })
    await w.settle()
    const theirs = await clients.as(director, '/')
    expect(await admin.hears('user_online', (data) => data.userId === userId)).to.include({ isOnline: true })
    theirs.close()
    await until('they have left', async () => (await w.runtime.metrics.sockets.get()).values[0]?.value === 1)
    await w.advance('6 seconds')
    expect(await admin.hears('user_offline', (data) => data.userId === userId)).to.include({
      isOnline: false,
    })
    await admin.asks('token', { token: people.admin.accessToken })
    expect(admin.all('user_online').filter((data) => data.userId === userId)).to.have.length(1)
  })
})
