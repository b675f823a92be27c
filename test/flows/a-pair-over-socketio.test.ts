import { expect } from 'chai'
import { Clients, TRANSPORTS } from '../support/socketio.ts'
import { formWith, PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a customer and the owner of a hotel, at their existing clients', () => {
  let w: World
  let customer: Person
  let owner: Person
  let clients: Clients
  before(async () => {
    w = await aWorld()
    customer = await w.as('customer')
    owner = await w.as('owner')
    clients = new Clients(w.url)
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  async function theirRoom(): Promise<string> {
    const { status, body } = await customer.post('/chat/rooms', {
      type: 'customer_hotel_owner',
      participant1_id: customer.user.id,
      participant2_id: owner.user.id,
    })
    expect(status).to.equal(201)
    expect(body).to.include({ kind: 'PAIRED', type: 'customer_hotel_owner', last_seq: body.last_seq })
    await w.settle()
    return body.id
  }

  for (const transports of TRANSPORTS) {
    it(`talk, type, read and take back, over ${transports.join()}`, async () => {
      const [guest, host] = [
        await clients.as(customer, '/chat', transports),
        await clients.as(owner, '/chat', transports),
      ]
      expect(await guest.hears('connected')).to.include({ message: 'Connected', userId: customer.user.id })
      const roomId = await theirRoom()
      for (const each of [guest, host]) each.says('join_room', { roomId })
      for (const each of [guest, host]) expect(await each.hears('joined_room')).to.deep.equal({ roomId })

      guest.says('typing_start', { roomId })
      expect(await host.hears('user_typing')).to.deep.equal({
        userId: customer.user.id,
        roomId,
        isTyping: true,
      })
      guest.says('typing_stop', { roomId })
      await host.hears('user_typing', ({ isTyping }) => !isTyping)

      guest.says('send_message', { chat_room_id: roomId, content: 'Còn phòng không ạ?', type: 'text' })
      const message = await host.hears('new_message')
      expect(message).to.include({
        chat_room_id: roomId,
        sender_id: customer.user.id,
        content: 'Còn phòng không ạ?',
        type: 'text',
        status: 'sent',
        is_edited: false,
        file_url: null,
      })
      expect(message.created_at).to.be.a('string')
      expect(`${message.sender.first_name}: ${message.content}`).to.equal(
        `${customer.user.fullName}: Còn phòng không ạ?`,
      )
      expect(await guest.hears('new_message')).to.deep.equal(message)
      expect(guest.all('user_typing')).to.deep.equal([])

      host.says('mark_messages_read', { roomId })
      expect(await guest.hears('messages_read')).to.deep.equal({ userId: owner.user.id, roomId })
      expect(
        (await customer.get(`/chat/rooms/${roomId}/messages?limit=1&keys=snake`)).body[0],
      ).to.deep.include({ status: 'READ', read_by: [owner.user.id] })

      await customer.delete(`/chat/messages/${message.id}`)
      expect(await host.hears('message_deleted')).to.deep.equal({
        messageId: message.id,
        deletedBy: customer.user.id,
        roomId,
      })
      expect(host.heard.map(({ name }) => name)).to.not.include.members([
        'newMessage',
        'joinedRoom',
        'userTyping',
        'messageDeleted',
      ])
    })
  }

  it('send files that lie elsewhere, and files of ours', async () => {
    const [guest, host] = [await clients.as(customer, '/chat'), await clients.as(owner, '/chat')]
    const roomId = await theirRoom()
    host.says('join_room', { roomId })
    const file = { file_url: 'https://example.com/file.pdf', file_name: 'document.pdf', file_size: 1_024_000 }
    guest.says('send_message', { chat_room_id: roomId, content: 'Xin xem tệp này', type: 'file', ...file })
    expect(await host.hears('new_message', ({ type }) => type === 'file')).to.include(file)
    expect((await owner.get(`/chat/rooms/${roomId}/messages?limit=1`)).body[0].metadata).to.deep.equal({
      fileUrl: file.file_url,
      fileName: file.file_name,
      fileSize: file.file_size,
    })

    const { body: ours } = await customer.post('/chat/attachments', formWith(PNG, 'phòng.png'))
    guest.says('send_message', { chat_room_id: roomId, content: 'Phòng này', attachments: [ours.id] })
    expect(await host.hears('new_message', ({ type }) => type === 'image')).to.include({
      file_url: ours.url,
      file_name: 'phòng.png',
      file_size: PNG.length,
    })
  })

  it('stop hearing a room that they leave, also with a newer token, until they join it again', async () => {
    const [guest, host] = [await clients.as(customer, '/chat'), await clients.as(owner, '/chat')]
    const roomId = await theirRoom()
    host.says('leave_room', { roomId })
    expect(await host.hears('left_room')).to.deep.equal({ roomId })
    await host.asks('token', { token: owner.accessToken })
    guest.says('send_message', { roomId, content: 'Có ai không?' })
    await guest.hears('new_message', ({ content }) => content === 'Có ai không?')
    await host.asks('join_room', { roomId })
    guest.says('send_message', { chatRoomId: roomId, content: 'Giờ thì có' })
    await host.hears('new_message', ({ content }) => content === 'Giờ thì có')
    expect(host.all('new_message').map(({ content }) => content)).to.deep.equal(['Giờ thì có'])
  })

  it('are let in again after a reconnect, to all of their rooms', async () => {
    const [guest, host] = [await clients.as(customer, '/chat'), await clients.as(owner, '/chat')]
    const roomId = await theirRoom()
    host.says('join_room', { roomId })
    await host.hears('joined_room')
    host.client.io.engine.close()
    await host.ended
    host.client.connect()
    await host.asks('typing_stop', { roomId })
    guest.says('send_message', { roomId, content: 'Sau khi mất mạng' })
    await host.hears('new_message', ({ content }) => content === 'Sau khi mất mạng')
  })
})
