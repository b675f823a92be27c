import { expect } from 'chai'
import { Clients } from '../support/socketio.ts'
import { PNG } from '../support/upload.ts'
import { caller, type Caller } from '../support/client.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('the calls that the document of workplace chat lists, under its own base path', () => {
  let w: World
  let clients: Clients
  let admin: Caller
  const under = (person: Person): Caller => caller(`${w.url}/api/chat`, person.accessToken)
  before(async () => {
    w = await aWorld()
    clients = new Clients(w.url)
    admin = under(await w.as('admin'))
  })
  after(async () => {
    clients.leave()
    await w.end()
  })

  it('read and write conversations, page by page', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const own = under(employee)
    const { status, body: conversation } = await own.post('/conversations/with-user', {
      userId: manager.user.id,
    })
    expect(status).to.equal(201)
    for (let n = 1; n <= 3; n++)
      await employee.post(`/chat/rooms/${conversation.id}/messages`, { content: `Số ${n}` })
    const listed = await own.get('/conversations?page=1&limit=20')
    expect(listed.body).to.have.length(1)
    expect((await own.get('/conversations?page=2&limit=20')).body).to.deep.equal([])
    expect((await own.get(`/conversations/${conversation.id}`)).body.id).to.equal(conversation.id)
    const { body: page } = await own.get(`/conversations/${conversation.id}/messages?page=1&limit=2`)
    expect(page).to.include({ total: 3, page: 1, pageSize: 2, hasMore: true })
    expect(page.messages.map(({ content }: { content: string }) => content)).to.deep.equal(['Số 2', 'Số 3'])
    for (const { _id, id, conversationId, updatedAt, createdAt } of page.messages)
      expect([_id, conversationId, updatedAt]).to.deep.equal([id, conversation._id, createdAt])
    expect([listed.body[0]._id, conversation._id]).to.deep.equal([conversation.id, conversation.id])
    expect((await under(manager).patch(`/messages/${page.messages[1].id}/read`)).body).to.deep.equal({
      success: true,
    })
    expect((await own.delete(`/messages/${page.messages[1]._id}`)).body).to.include({
      _id: page.messages[1].id,
      conversationId: conversation.id,
      content: '',
    })
  })

  it('govern groups, and a supervisor brings people in from outside', async () => {
    const [supervisor, driver, staff] = [await w.as('supervisor'), await w.as('driver'), await w.as('staff')]
    const { status, body: group } = await admin.post('/groups', {
      name: 'Ca sáng',
      description: 'Cổng A',
      type: 'operational',
      memberIds: [staff.user.id],
    })
    expect([status, group._id]).to.deep.equal([201, group.id])
    expect(
      (await admin.get('/groups?page=1&limit=20')).body.map(({ id }: { id: string }) => id),
    ).to.deep.equal([group.id])
    expect((await admin.get('/groups?page=2&limit=20')).body).to.deep.equal([])
    expect((await admin.patch(`/groups/${group.id}`, { name: 'Ca chiều' })).body.name).to.equal('Ca chiều')
    const added = await under(supervisor).post(`/groups/${group.id}/members`, { userId: driver.user.id })
    expect([added.status, added.body.members?.length]).to.deep.equal([201, 3])
    expect((await under(supervisor).get(`/groups/${group.id}`)).status).to.equal(404)
    expect(
      (await under(staff).post(`/groups/${group.id}/members`, { userId: driver.user.id })).status,
    ).to.equal(403)
    expect((await admin.delete(`/groups/${group.id}/members/${driver.user.id}`)).status).to.equal(200)
    expect((await admin.delete(`/groups/${group.id}`)).status).to.equal(200)
  })

  it('read the audit by pages, and export it as pdf unless told otherwise', async () => {
    const [first, second] = [
      await admin.get('/audit/logs?page=1&limit=2'),
      await admin.get('/audit/logs?page=2&limit=2'),
    ]
    expect([first.status, second.status, first.body.length]).to.deep.equal([200, 200, 2])
    expect(first.body.map(({ id }: { id: number }) => id)).not.to.include.members(
      second.body.map(({ id }: { id: number }) => id),
    )
    expect((await admin.get('/audit/export')).headers.get('content-type')).to.include('application/pdf')
  })

  it('speak on its sockets, and are answered with what its clients look at', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const {
      body: { id: conversationId },
    } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const [one, other] = [await clients.as(employee, '/'), await clients.as(manager, '/')]
    for (const each of [one, other])
      expect(await each.asks('join_conversation', { conversationId })).to.include({ ok: true, success: true })
    one.says('typing', { conversationId, isTyping: true, userId: 'x', username: 'y' })
    await other.hears('user_typing', ({ isTyping }) => isTyping)
    expect(
      await one.asks('send_message', { conversationId, content: 'Chào', messageType: 'text' }),
    ).to.include({ success: true })
    await other.hears('user_typing', ({ isTyping }) => !isTyping)
    const heard = await other.hears('message_received', ({ content }) => content === 'Chào')
    const { _id: messageId } = heard
    const {
      body: {
        messages: [read],
      },
    } = await under(manager).get(`/conversations/${conversationId}/messages?limit=1`)
    // REST counts among its readers only those of the others, and writes states in capitals.
    expect(heard).to.deep.equal({ ...read, status: 'sent', readBy: [employee.user.id] })
    other.says('mark_as_read', { messageId })
    expect(await one.hears('message_read')).to.include({ messageId, userId: manager.user.id })
    one.says('file_upload', { file: PNG, filename: 'a.png', type: 'image/png' })
    expect(await one.hears('file_upload_response')).to.include.keys(
      'id',
      'url',
      'type',
      'name',
      'size',
      'uploadedAt',
    )
    one.says('delete_message', { messageId })
    expect(await other.hears('message_deleted')).to.include({ messageId })
    expect(await one.asks('delete_message', { messageId: 'none' })).to.include({ ok: false, success: false })
  })
})
