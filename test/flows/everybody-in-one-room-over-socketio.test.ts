import { expect } from 'chai'
import { Clients, type SocketioPerson } from '../support/socketio.ts'
import type { Socket } from '../support/socket.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a group whose people have clients of every sort', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'manager' | 'sic', Person>
  let clients: Clients
  let roomId: string
  let old: SocketioPerson
  let young: SocketioPerson
  let workplace: SocketioPerson
  let native: Socket
  before(async () => {
    w = await aWorld()
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      sic: await w.as('sic'),
    }
    clients = new Clients(w.url)
    const { body } = await people.admin.post('/chat/groups', {
      name: 'Tất cả',
      memberIds: [people.employee.user.id, people.manager.user.id, people.sic.user.id],
    })
    roomId = body.id
    await w.settle()
    native = await people.admin.socket()
    old = await clients.as(people.employee, '/chat')
    young = await clients.as(people.manager, '/chat', ['polling'])
    workplace = await clients.as(people.sic, '/')
    old.says('joinRoom', { roomId })
    young.says('join_room', { chatRoomId: roomId })
    await Promise.all([old.hears('joinedRoom'), young.hears('joined_room')])
  })
  after(async () => {
    clients.leave()
    await w.end()
  })

  it('hears every word, in one order, each in its own', async () => {
    old.says('sendMessage', { chatRoomId: roomId, content: 'một' })
    await native.event('message.created')
    young.says('send_message', { chat_room_id: roomId, content: 'hai' })
    await native.event('message.created')
    workplace.says('send_message', { groupId: roomId, content: 'ba' })
    await native.event('message.created')
    await native.command('message.send', { roomId, content: 'bốn' })
    const last = (data: { content: string }): boolean => data.content === 'bốn'
    await Promise.all([
      old.hears('newMessage', last),
      young.hears('new_message', last),
      workplace.hears('message_received', last),
    ])
    for (const heard of [
      old.all('newMessage'),
      young.all('new_message'),
      workplace.all('message_received'),
    ]) {
      expect(heard.map(({ seq, content }) => [seq, content])).to.deep.equal([
        [1, 'một'],
        [2, 'hai'],
        [3, 'ba'],
        [4, 'bốn'],
      ])
    }
    expect(old.all('new_message')).to.deep.equal([])
    expect(young.all('newMessage')).to.deep.equal([])
  })

  it('sees who types, and nobody sees themselves', async () => {
    const isMine = (data: { userId: string; isTyping: boolean }): boolean =>
      data.userId === people.employee.user.id && data.isTyping
    old.says('typing', { chatRoomId: roomId, isTyping: true })
    expect(await young.hears('user_typing', isMine)).to.deep.equal({
      userId: people.employee.user.id,
      roomId,
      isTyping: true,
    })
    expect(await workplace.hears('user_typing', isMine)).to.include({
      groupId: roomId,
      username: people.employee.user.fullName,
    })
    young.says('typing_start', { roomId })
    await old.hears('userTyping', ({ userId }) => userId === people.manager.user.id)
    workplace.says('typing', { groupId: roomId, isTyping: true })
    await old.hears('userTyping', ({ userId }) => userId === people.sic.user.id)
    expect(old.all('userTyping').some(isMine)).to.equal(false)
    expect(young.all('user_typing').some(({ userId }) => userId === people.manager.user.id)).to.equal(false)
    expect(workplace.all('user_typing').some(({ userId }) => userId === people.sic.user.id)).to.equal(false)
  })

  it('learns what was read, by whatever means', async () => {
    const newest = workplace.all('message_received').at(-1)
    young.says('mark_messages_read', { chat_room_id: roomId })
    const readBy = people.manager.user.id
    expect(await old.hears('messagesRead', (data) => data.readBy === readBy)).to.deep.equal({
      chatRoomId: roomId,
      readBy,
    })
    expect(
      await workplace.hears(
        'message_read',
        ({ messageId, userId }) => messageId === newest._id && userId === readBy,
      ),
    ).to.have.property('readAt')
    workplace.says('mark_as_read', { messageId: newest._id })
    expect(await young.hears('messages_read', ({ userId }) => userId === people.sic.user.id)).to.deep.equal({
      userId: people.sic.user.id,
      roomId,
    })
    expect(
      (
        await native.next(
          (frame) => frame.ev === 'messages.read' && frame['data'].userId === people.sic.user.id,
        )
      )['data'].seq,
    ).to.equal(newest.seq)
  })

  it('learns what was changed and taken back', async () => {
    const { body: message } = await people.admin.post(`/chat/rooms/${roomId}/messages`, { content: 'Sai' })
    await people.admin.patch(`/chat/messages/${message.id}`, { content: 'Đúng' })
    const isIt = (data: { id: string }): boolean => data.id === message.id
    expect(await old.hears('messageChanged', isIt)).to.include({ content: 'Đúng', isEdited: true })
    expect(await young.hears('message_changed', isIt)).to.include({ content: 'Đúng', is_edited: true })
    expect(await workplace.hears('message_changed', isIt)).to.include({ content: 'Đúng', groupId: roomId })
    await people.admin.delete(`/chat/messages/${message.id}`)
    const isGone = (data: { messageId: string }): boolean => data.messageId === message.id
    expect(await old.hears('messageDeleted', isGone)).to.include({ chatRoomId: roomId })
    expect(await young.hears('message_deleted', isGone)).to.include({ deletedBy: people.admin.user.id })
    expect(await workplace.hears('message_deleted', isGone)).to.include({ groupId: roomId })
  })

  it('is spoken to in both vocabularies of its namespace until it shows which it speaks, and then in that', async () => {
    const unknown = await clients.as(people.employee, '/chat')
    const both = (content: string): Promise<unknown> =>
      Promise.all(
        ['newMessage', 'new_message'].map((name) => unknown.hears(name, (data) => data.content === content)),
      )
    await people.admin.post(`/chat/rooms/${roomId}/messages`, { content: 'Ai đó?' })
    await both('Ai đó?')
    await unknown.asks('join_room', { roomId })
    await people.admin.post(`/chat/rooms/${roomId}/messages`, { content: 'À' })
    await unknown.hears('new_message', ({ content }) => content === 'À')
    expect(unknown.all('newMessage').map(({ content }) => content)).to.deep.equal(['Ai đó?'])
    expect(unknown.all('new_message').map(({ content }) => content)).to.deep.equal(['Ai đó?', 'À'])
    // Whoever speaks the other, too, is spoken to in both.
    await unknown.asks('markRead', { roomId })
    await people.admin.post(`/chat/rooms/${roomId}/messages`, { content: 'Ồ' })
    await both('Ồ')
  })

  it('hears everything on every tab of one person', async () => {
    const tabs = [await clients.as(people.manager, '/chat'), await clients.as(people.manager, '/')]
    tabs[0]?.says('joinRoom', { roomId })
    await tabs[0]?.hears('joinedRoom')
    young.says('send_message', { roomId, content: 'Ở đâu cũng thấy' })
    const isIt = (data: { content: string }): boolean => data.content === 'Ở đâu cũng thấy'
    await Promise.all([
      tabs[0]?.hears('newMessage', isIt),
      tabs[1]?.hears('message_received', isIt),
      young.hears('new_message', isIt),
    ])
  })
})
