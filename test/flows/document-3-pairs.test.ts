import { expect } from 'chai'
import { openSocketio } from '../support/socketio.ts'
import { caller } from '../support/client.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the command lines of the document of chats in pairs, one after the other', () => {
  let w: World
  before(async () => {
    w = await aWorld()
  })
  after(() => w.end())

  it('sign in, make a room, write, read and send a file, and a client hears it', async () => {
    const login = await w.anybody.post('/auth/login', {
      email: 'customer@demo.test',
      password: DEMO_PASSWORD,
    })
    expect(login.body).to.include({
      access_token: login.body.accessToken,
      refresh_token: login.body.refreshToken,
    })
    const [token, owner] = [login.body.access_token, await w.as('owner')]
    const guest = caller(w.url, token)
    const { body: hotel } = await (
      await w.as('admin')
    ).post('/resources', { kind: 'PROPERTY', name: 'Khách sạn Hoa Sen' })
    const { status, body: room } = await guest.post('/chat/rooms', {
      type: 'customer_hotel_owner',
      participant1_id: login.body.user.id,
      participant2_id: owner.user.id,
      hotel_id: hotel.id,
    })
    expect(status).to.equal(201)
    const listed = await guest.get('/chat/rooms?page=1&limit=20')
    expect(listed.body.map(({ id }: { id: string }) => id)).to.deep.equal([room.id])

    const socket = openSocketio(`${w.url}/chat`, {
      auth: { token: owner.accessToken },
      extraHeaders: { Authorization: `Bearer ${owner.accessToken}` },
    })
    try {
      await socket.hears('connected')
      socket.says('join_room', { roomId: room.id })
      expect(await socket.hears('joined_room')).to.deep.equal({ roomId: room.id })
      const sent = await guest.post('/chat/messages', {
        chat_room_id: room.id,
        content: 'Xin hỏi giá phòng',
        type: 'text',
      })
      expect([sent.status, sent.body.message_type]).to.deep.equal([201, 'text'])
      const heard = await socket.hears('new_message')
      expect(`${heard.sender.first_name}: ${heard.content}`).to.equal(
        `${login.body.user.fullName}: Xin hỏi giá phòng`,
      )
      expect((await guest.get(`/chat/rooms/${room.id}/messages?page=1&limit=50`)).body).to.have.length(1)
      // One message in one shape; only its state is spelled otherwise.
      expect({ ...sent.body, status: 'sent' }).to.deep.equal(heard)
      expect(
        (await owner.get(`/chat/rooms/${room.id}/messages?page=1&limit=50&keys=snake`)).body,
      ).to.deep.equal([sent.body])
      expect((await owner.get('/chat/messages/search?q=gia phong&keys=snake')).body[0].message).to.deep.equal(
        sent.body,
      )
      expect((await guest.get(`/chat/rooms/${room.id}/messages?page=2&limit=50`)).body).to.deep.equal([])
      expect((await owner.post(`/chat/rooms/${room.id}/read`)).body).to.deep.equal({ success: true })

      const file = {
        file_url: 'https://files.example/bang-gia.pdf',
        file_name: 'bang-gia.pdf',
        file_size: 204_800,
      }
      for (const [path, body] of [
        ['/chat/messages', { chat_room_id: room.id }],
        [`/chat/rooms/${room.id}/messages`, {}],
      ] as const) {
        const { status: taken, body: message } = await guest.post(path, {
          ...body,
          content: 'Xem bảng giá',
          type: 'file',
          ...file,
        })
        expect(taken, path).to.equal(201)
        expect(message).to.include({ message_type: 'file', type: 'file', ...file })
        expect(message.metadata).to.deep.equal({
          fileUrl: file.file_url,
          fileName: file.file_name,
          fileSize: file.file_size,
        })
      }
      expect(await socket.hears('new_message', ({ type }) => type === 'file')).to.include(file)
    } finally {
      socket.close()
    }
    expect((await w.anybody.get('/chat/health')).body.status).to.equal('healthy')
  })
})
