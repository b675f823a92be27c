import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Clients, openPackets, type SocketioPerson } from '../support/socketio.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** Every command about a room, and about a message of it. */
const ABOUT_ROOMS = {
  '/chat': [
    ['joinRoom'],
    ['sendMessage', { content: 'x' }],
    ['markRead'],
    ['typing', { isTyping: true }],
    ['join_room'],
    ['leave_room'],
    ['send_message', { content: 'x' }],
    ['mark_messages_read'],
    ['typing_start'],
    ['typing_stop'],
  ],
  '/': [
    ['send_message', { content: 'x' }],
    ['typing', { isTyping: true }],
    ['join_conversation'],
    ['leave_conversation'],
    ['join_group'],
    ['leave_group'],
  ],
} as const
const KEYS = ['roomId', 'chatRoomId', 'chat_room_id'] as const

describe('chat over Socket.IO', () => {
  let w: World
  let people: Record<'employee' | 'manager' | 'sic' | 'foreigner', Person>
  let clients: Clients
  let roomId: string
  before(async () => {
    w = await aWorld()
    people = {
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      sic: await w.as('sic'),
      foreigner: await w.as('foreigner'),
    }
    clients = new Clients(w.url)
    roomId = (await people.employee.post('/chat/conversations/with-user', { userId: people.manager.user.id }))
      .body.id
    await w.settle()
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  for (const [namespace, commands] of Object.entries(ABOUT_ROOMS)) {
    it(`answers every command of ${namespace} by its callback, however the room's key is spelled`, async () => {
      const socket = await clients.as(people.employee, namespace)
      for (const [name, more] of commands) {
        // One after the other: twenty a second are taken.
        for (const key of KEYS) {
          await w.advance('1 seconds')
          const { ok, data } = await socket.asks(name, { [key]: roomId, ...more })
          expect([name, key, ok, typeof data]).to.deep.equal([name, key, true, 'object'])
          if (name.startsWith('leave')) await socket.asks(name.replace('leave', 'join'), { roomId })
        }
      }
    })

    it(`tells a stranger nothing by any command of ${namespace}, no more than of a room that is not there`, async () => {
      const { body: message } = await people.employee.post(`/chat/rooms/${roomId}/messages`, {
        content: 'Chỉ hai ta',
      })
      for (const person of [people.sic, people.foreigner]) {
        const socket = await clients.as(person, namespace)
        for (const [name, more] of commands) {
          await w.advance('1 seconds')
          const [real, made] = [
            await socket.asks(name, { roomId, ...more }),
            await socket.asks(name, { roomId: randomUUID(), ...more }),
          ]
          expect(real.error).to.include({ status: 404, code: 'not_found', message: 'Room not found' })
          expect(real).to.deep.equal(made)
        }
        for (const name of namespace === '/' ? ['mark_as_read', 'delete_message'] : []) {
          const [real, made] = [
            await socket.asks(name, { messageId: message.id }),
            await socket.asks(name, { messageId: randomUUID() }),
          ]
          expect(real.error).to.include({ status: 404, message: 'Message not found' })
          expect(real).to.deep.equal(made)
        }
        await people.employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Vẫn chỉ hai ta' })
        await w.settle()
        await socket.asks('token', { token: person.accessToken })
        expect(
          socket.heard
            .map(({ name }) => name)
            .filter((name) => !['connected', 'token_renewed', 'user_online', 'user_offline'].includes(name)),
        ).to.deep.equal([])
      }
    })
  }

  it('answers with the message as it is told to everybody', async () => {
    const [old, young, workplace] = [
      await clients.as(people.employee, '/chat'),
      await clients.as(people.manager, '/chat'),
      await clients.as(people.manager, '/'),
    ]
    for (const [socket, name, event, data] of [
      [old, 'sendMessage', 'newMessage', { chatRoomId: roomId }],
      [young, 'send_message', 'new_message', { chat_room_id: roomId }],
      [workplace, 'send_message', 'message_received', { conversationId: roomId }],
    ] as const) {
      const { data: answered } = await socket.asks(name, { ...data, content: `bằng ${name}` })
      expect(await (socket as SocketioPerson).hears(event, ({ id }) => id === answered.id)).to.deep.equal(
        answered,
      )
    }
  })

  it('takes the same message of the same client once', async () => {
    const socket = await clients.as(people.employee, '/chat')
    const sent = [
      await socket.asks('sendMessage', { roomId, content: 'Một lần', clientMsgId: 'c-1' }),
      await socket.asks('send_message', { roomId, content: 'Một lần', client_msg_id: 'c-1' }),
    ]
    expect(sent[1].data.id).to.equal(sent[0].data.id)
    await socket.asks('markRead', { roomId })
    await w.settle()
    expect(socket.all('newMessage').filter(({ content }) => content === 'Một lần')).to.have.length(1)
  })

  it('looks up what it has to once, however many are told', async () => {
    const { body: room } = await people.employee.post('/chat/conversations/with-user', {
      userId: people.sic.user.id,
    })
    const tabs = await Promise.all(
      Array.from({ length: 12 }, (_, n) => clients.as(n % 2 ? people.sic : people.employee, '/')),
    )
    const lookedUp: string[] = []
    const note = ({ sql }: { sql: string }): void =>
      void (/select "kind"|select id from messages where/.test(sql) && lookedUp.push(sql))
    w.runtime.db.on('query', note)
    const { body: message } = await people.employee.post(`/chat/rooms/${room.id}/messages`, {
      content: 'Ai cũng nghe',
    })
    await Promise.all(tabs.map((tab) => tab.hears('message_received', ({ _id }) => _id === message.id)))
    await people.sic.post(`/chat/rooms/${room.id}/read`)
    await Promise.all(
      tabs.map((tab) => tab.hears('message_read', ({ messageId }) => messageId === message.id)),
    )
    w.runtime.db.off('query', note)
    expect(lookedUp).to.have.length(2)
  })

  it('says what is wrong with what it cannot take, and goes on', async () => {
    const socket = await clients.as(people.employee, '/chat')
    socket.says('sendMessage', { content: '' })
    const malformed = await socket.hears('error', ({ code }) => code === 'malformed')
    expect(malformed.message).to.be.a('string').and.not.equal('')
    expect(malformed.errors.map(({ path }: { path: string }) => path)).to.include.members([
      '/data/roomId',
      '/data/content',
    ])
    for (const data of [
      undefined,
      null,
      5,
      'room',
      [],
      { roomId: { toString: 1 } },
      { roomId, content: { a: 1 } },
      { roomId, content: Buffer.from('x') },
      { roomId, content: 'x', metadata: 5 },
      { roomId, isTyping: 'yes' },
      { roomId, content: 'x', metadata: { a: 'x'.repeat(5000) } },
    ]) {
      for (const name of ['sendMessage', 'joinRoom', 'typing']) {
        if (
          name === 'joinRoom' &&
          typeof data === 'object' &&
          data !== null &&
          'roomId' in data &&
          data.roomId === roomId
        )
          continue
        await w.advance('1 seconds')
        const { ok, error } = await socket.asks(name, data)
        expect([ok, error.status >= 400 && error.status < 500]).to.deep.equal([false, true])
      }
    }
    expect(await socket.asks('sendMessage', { roomId, content: 'Vẫn chạy' })).to.deep.include({ ok: true })
  })

  it('survives what can be read and not be written', async () => {
    const { ws, hears } = await openPackets(w.url, people.employee.accessToken)
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    ws.send(`422["send_message",{"conversationId":"${roomId}","content":"x","metadata":{"deep":${deep}}}]`)
    await hears('432[{"ok":false')
    ws.send(`423["token",${deep}]`)
    await hears('433[{"ok":false')
    ws.send(`424["token",{"token":"${people.employee.accessToken}"}]`)
    await hears('434[{"ok":true')
    ws.close()
  })
})
