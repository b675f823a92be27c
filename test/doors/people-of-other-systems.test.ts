// Another system keeps its people here, and signs them in.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { caller, type Caller } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { openSocket } from '../support/socket.ts'
import { openSocketio } from '../support/socketio.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('people of another system', () => {
  let w: World
  let admin: Person
  let system: Caller
  let keyId: string
  before(async () => {
    w = await aWorld({ listens: true })
    admin = await w.as('admin')
    const scopes = ['users:write', 'tokens:write']
    const { body } = await admin.post('/api-keys', { name: 'Nhân sự', scopes })
    keyId = body.id
    system = caller(`${w.url}/api/v1`, body.key)
  })
  after(() => w.end())

  const HOA = { email: 'Hoa@demo.test', fullName: 'Đỗ Thị Hoa', phone: '0901 234 567', department: 'Kho' }
  const put = (externalId: string, body: object) =>
    system.put(`/users/external/${encodeURIComponent(externalId)}`, body)
  const auditOf = async (userId: string): Promise<string[]> =>
    (await admin.get('/audit/logs?entity=user&limit=100')).body
      .filter((row: { entityId: string }) => row.entityId === userId)
      .map((row: { action: string }) => row.action)

  it('are added when they are new, changed as far as they differ, and else left alone', async () => {
    const { status, body: hoa } = await put('NV/Đỗ 1', HOA)
    expect([status, hoa.externalId, hoa.email, hoa.role, hoa.phone, hoa.department]).to.deep.equal([
      200,
      'NV/Đỗ 1',
      'hoa@demo.test',
      'EMPLOYEE',
      '+84901234567',
      'Kho',
    ])
    expect((await put('NV/Đỗ 1', HOA)).body).to.deep.equal(hoa)
    expect(await auditOf(hoa.id)).to.deep.equal(['user_created'])
    const { body: moved } = await put('NV/Đỗ 1', { ...HOA, department: null, positionLevel: 'MGR' })
    expect([moved.id, moved.department, moved.positionLevel, moved.phone]).to.deep.equal([
      hoa.id,
      null,
      'MGR',
      hoa.phone,
    ])
    expect(await auditOf(hoa.id)).to.deep.equal(['user_changed', 'user_created'])
  })

  it('have a manager of that system, and leave when it says so', async () => {
    const { body: boss } = await put('boss', { email: 'boss@demo.test', fullName: 'Sếp' })
    const lan = { email: 'lan@demo.test', fullName: 'Lan' }
    const { body } = await put('lan', { ...lan, managerExternalId: 'boss' })
    expect(body.managerId).to.equal(boss.id)
    mustBeProblem(await put('lan', { ...lan, managerExternalId: 'nobody' }), 422, 'invalid')
    mustBeProblem(await put('never', { ...lan, email: 'x@demo.test', isActive: false }), 404, 'not_found')
    mustBeProblem(await put('other', lan), 409, 'conflict')
    expect((await put('lan', { ...lan, isActive: false })).body.isActive).to.equal(false)
  })

  it('are signed in by a token that it has made for them, over REST and on sockets, for an hour at most', async () => {
    await put('minh', { email: 'minh@demo.test', fullName: 'Minh' })
    const { status, body } = await system.post('/auth/token', { externalId: 'minh', ttl: 600 })
    expect(status).to.equal(200)
    expect(body.expiresAt).to.equal(new Date(w.clock.now().getTime() + 600_000).toISOString())
    const minh = caller(w.url, body.accessToken)
    expect((await minh.get('/auth/me')).body.externalId).to.equal('minh')
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${body.accessToken}` } })
    expect((await socket.next((frame) => frame.t === 'hello'))['user'].id).to.equal(body.userId)
    await socket.close()
    const [row] = (await admin.get('/audit/logs?action=token_made')).body
    expect([row.actorId, row.metadata]).to.deep.equal([null, { userId: body.userId, keyId }])
    await put('minh', { email: 'minh@demo.test', fullName: 'Minh', role: 'DRIVER' })
    mustBeProblem(await minh.get('/auth/me'), 401, 'unauthorized')
    const { body: again } = await system.post('/auth/token', { externalId: 'minh', ttl: 60 })
    expect((await caller(w.url, again.accessToken).get('/auth/me')).body.role).to.equal('DRIVER')
    w.clock.moveTo(new Date(w.clock.now().getTime() + 61_000))
    mustBeProblem(await caller(w.url, again.accessToken).get('/auth/me'), 401, 'unauthorized')
  })

  it('who are customers find the room of their conversation again by each token', async () => {
    await put('khach', { email: 'khach@demo.test', fullName: 'Khách', role: 'CUSTOMER' })
    const roomBy = async (): Promise<{ id: string; lastSeq: number }> => {
      const { body } = await system.post('/auth/token', { externalId: 'khach', ttl: 60 })
      const customer = caller(w.url, body.accessToken)
      const { body: room } = await customer.post('/chat/rooms/create')
      await customer.post(`/chat/rooms/${room.id}/messages`, { content: 'Còn xe không?' })
      return room
    }
    const first = await roomBy()
    const second = await roomBy()
    expect([second.id, second.lastSeq > first.lastSeq]).to.deep.equal([first.id, true])
  })

  it('may be signed in for less than they may: for what the token says, over REST and on sockets', async () => {
    await put('nam', { email: 'nam@demo.test', fullName: 'Nam' })
    const tokenFor = async (scopes?: string[]): Promise<string> =>
      (await system.post('/auth/token', { externalId: 'nam', ...(scopes && { scopes }) })).body.accessToken
    mustBeProblem(await system.post('/auth/token', { externalId: 'nam', scopes: [] }), 400, 'malformed')
    mustBeProblem(
      await system.post('/auth/token', { externalId: 'nam', scopes: ['act-as'] }),
      400,
      'malformed',
    )
    const narrow = await tokenFor(['bookings:read'])
    const nam = caller(`${w.url}/api/v1`, narrow)
    expect((await nam.get('/bookings')).status).to.equal(200)
    expect((await nam.get('/auth/me')).body.externalId).to.equal('nam')
    mustBeProblem(await nam.get('/chat/rooms'), 403, 'forbidden')
    mustBeProblem(await nam.post('/bookings', {}), 403, 'forbidden')
    mustBeProblem(await nam.patch('/auth/me', { fullName: 'Khác' }), 403, 'forbidden')
    const { body: ticket } = await nam.post('/auth/socket-ticket')
    for (const [path, headers] of [
      ['', { authorization: `Bearer ${narrow}` }],
      [`?ticket=${ticket.ticket}`, {}],
    ] as const) {
      const socket = await openSocket(w.socketUrl + path, { headers })
      expect((await socket.closed).code).to.be.oneOf([4401, 4402])
    }
    const hearing = await tokenFor(['sockets'])
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${hearing}` } })
    await socket.next((frame) => frame.t === 'hello')
    const said = { roomId: randomUUID(), content: 'Xin chào' }
    expect((await socket.command('message.send', said))['error'].code).to.equal('forbidden')
    await socket.close()
    for (const token of [hearing, await tokenFor()]) {
      const older = openSocketio(`${w.url}/chat`, { auth: { token }, transports: ['websocket'] })
      expect((await older.asks('token', { token })).ok).to.equal(true)
      older.close()
    }
    const lines = w.logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
    const { orgId } = admin.user
    expect(lines.findLast(({ path }) => path.endsWith('/auth/token'))).to.include({ orgId, keyId })
    const userId = (await nam.get('/auth/me')).body.id
    expect(lines.findLast(({ path }) => path.endsWith('/chat/rooms'))).to.include({
      orgId,
      userId,
      status: 403,
    })
    const [row] = (await admin.get('/audit/logs?action=token_made&limit=100')).body.filter(
      ({ metadata }: { metadata: { scopes?: string[] } }) => metadata.scopes,
    )
    expect(row.metadata.scopes).to.deep.equal(['sockets'])
  })

  it('are nobody else: no ADMIN, nobody of another organisation, nobody who left, and one at a time', async () => {
    mustBeProblem(await system.post('/auth/token', { userId: admin.user.id }), 403, 'forbidden')
    const foreigner = await w.idOf('foreigner')
    mustBeProblem(await system.post('/auth/token', { userId: foreigner }), 404, 'not_found')
    mustBeProblem(await system.post('/auth/token', { externalId: 'nobody' }), 404, 'not_found')
    mustBeProblem(await system.post('/auth/token', {}), 422, 'invalid')
    mustBeProblem(await system.post('/auth/token', { externalId: 'boss', ttl: 3601 }), 400, 'malformed')
    mustBeProblem(
      await put('root', { ...HOA, email: 'root@demo.test', phone: null, role: 'ADMIN' }),
      403,
      'forbidden',
    )
  })
})
