import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { sealAll } from '../../workers/audit-sealer.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { Clients } from '../support/socketio.ts'
import { toldTo } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

interface Row {
  id: number
  at: string
  action: string
  entity: string
  actorId: string | null
  metadata: { roomId?: string }
}

describe('reading the audit', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'manager' | 'foreignAdmin', Person>
  let roomId: string
  before(async () => {
    w = await aWorld({ with: ['api'] })
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      foreignAdmin: await w.as('foreignAdmin'),
    }
    roomId = (await people.employee.post('/chat/conversations/with-user', { userId: people.manager.user.id }))
      .body.id
    for (const content of ['Một', 'Hai', 'Ba']) {
      w.clock.moveTo(new Date(w.clock.now().getTime() + 60_000))
      await people.employee.post(`/chat/rooms/${roomId}/messages`, { content })
    }
    await people.manager.post('/bookings', TRIP)
  })
  after(() => w.end())

  async function logs(query = '', by: Person = people.admin): Promise<Row[]> {
    const { status, body } = await by.get(`/audit/logs?limit=100${query}`)
    expect(status, JSON.stringify(body)).to.equal(200)
    return body
  }

  it('shows all that happened, newest first, with who, what and from where', async () => {
    const rows = await logs()
    expect(rows.map(({ id }) => id)).to.deep.equal(rows.map(({ id }) => id).toSorted((a, b) => b - a))
    const [newest] = rows
    expect(newest).to.include({
      action: 'booking_created',
      entity: 'booking',
      actorId: people.manager.user.id,
      onBehalfOf: null,
      ip: '127.0.0.1',
      description: 'Lê Hoàng Nam asked for DEMO-20310310-0001',
    })
    expect(Object.keys(newest ?? {})).to.have.members([
      'id',
      'at',
      'actorId',
      'onBehalfOf',
      'action',
      'entity',
      'entityId',
      'description',
      'metadata',
      'requestId',
      'ip',
    ])
    expect(rows.length).to.equal(
      (await w.runtime.db('audit_log').where({ orgId: people.admin.user.orgId })).length,
    )
  })

  it('finds by action, entity, person, room and time, also together', async () => {
    const [first, , last] = (await logs('&action=message_sent')).toReversed()
    expect((await logs('&action=message_sent')).length).to.equal(3)
    expect(new Set((await logs('&entity=booking')).map(({ entity }) => entity))).to.deep.equal(
      new Set(['booking']),
    )
    expect(
      new Set((await logs(`&actorId=${people.manager.user.id}`)).map(({ actorId }) => actorId)),
    ).to.deep.equal(new Set([people.manager.user.id]))
    expect((await logs(`&roomId=${roomId}`)).map(({ action }) => action)).to.deep.equal([
      'message_sent',
      'message_sent',
      'message_sent',
      'room_created',
    ])
    expect((await logs(`&action=message_sent&from=${first?.at}&to=${last?.at}`)).length).to.equal(2)
    expect(await logs(`&actorId=${people.manager.user.id}&action=message_sent`)).to.deep.equal([])
    expect(await logs(`&actorId=${randomUUID()}`)).to.deep.equal([])
  })

  it('shows what happened in chat rooms, and nothing else', async () => {
    const { body } = await people.admin.get('/chat/audit/logs?limit=100')
    expect(body.map(({ action }: Row) => action)).to.deep.equal([
      'message_sent',
      'message_sent',
      'message_sent',
      'room_created',
    ])
  })

  it('leads from page to page, through rows of one instant, each once', async () => {
    const seen: number[] = []
    for (let path: string | undefined = '/audit/logs?limit=3'; path;) {
      const { body, headers } = await people.admin.get(path)
      seen.push(...body.map(({ id }: Row) => id))
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.replace('/api/v1', '')
    }
    expect(seen).to.deep.equal((await logs()).map(({ id }) => id))
  })

  it('names every problem of a question', async () => {
    const reply = await people.admin.get('/audit/logs?actorId=nine&from=yesterday&limit=0&color=red')
    mustBeProblem(reply, 400)
    expect(reply.body.errors.map(({ path }: { path: string }) => path)).to.have.members([
      '/query/actorId',
      '/query/from',
      '/query/limit',
      '/query/color',
    ])
    mustBeProblem(await people.admin.get('/audit/logs?cursor=nowhere'), 400)
  })

  it('is for ADMINs, of their own organisation', async () => {
    mustBeProblem(await people.employee.get('/audit/logs'), 403)
    expect(await logs(`&roomId=${roomId}`, people.foreignAdmin)).to.deep.equal([])
    expect(await logs(`&actorId=${people.manager.user.id}`, people.foreignAdmin)).to.deep.equal([])
  })
})

describe('the audit, live', () => {
  let w: World
  let clients: Clients
  before(async () => {
    w = await aWorld()
    clients = new Clients(w.url)
  })
  after(async () => {
    clients.leave()
    await w.end()
  })

  it('reaches the ADMINs of the organisation in the order of the chain, in both vocabularies, and nobody else', async () => {
    const [admin, foreign, manager] = [await w.as('admin'), await w.as('foreignAdmin'), await w.as('manager')]
    await sealAll(w.runtime)
    await w.settle()
    const [socket, foreigner, other] = [await admin.socket(), await foreign.socket(), await manager.socket()]
    const dashboard = await clients.as(admin, '/realtime')
    const { body: booking } = await manager.post('/bookings', TRIP)
    await admin.post(`/bookings/${booking.id}/confirm`)
    await sealAll(w.runtime)
    await w.settle()
    const [asked, confirmed] = [await socket.event('audit.recorded'), await socket.event('audit.recorded')]
    expect([asked.data.action, confirmed.data.action, confirmed.data.n - asked.data.n]).to.deep.equal([
      'booking_created',
      'booking_confirmed',
      1,
    ])
    expect(confirmed.data.hash).to.match(/^[0-9a-f]{64}$/)
    expect(await dashboard.hears('audit:log', ({ action }) => action === 'booking_confirmed')).to.include({
      type: 'audit',
      entity: 'booking',
      description: `${admin.user.fullName} đã xác nhận DEMO-20310310-0001`,
      timestamp: confirmed.data.at,
    })
    for (const each of [foreigner, other]) {
      await each.command('ping')
      expect(each.events('audit.recorded')).to.deep.equal([])
    }
  })

  it('notifies ADMINs of what matters to the business, but not of what they did themselves', async () => {
    const [admin, manager] = [await w.as('admin'), await w.as('manager')]
    await sealAll(w.runtime)
    await w.settle()
    await w.advance('1 minutes')
    const before = (await toldTo(w, 'admin')).filter((type) => type === 'AUDIT_RECORDED').length
    const { body: booking } = await manager.post('/bookings', TRIP)
    await admin.patch('/organisation', { name: 'Bellhop Demo' })
    await sealAll(w.runtime)
    await w.settle()
    const { body } = await admin.get('/notifications?category=audit')
    expect(body.length - before).to.equal(1)
    expect(body[0]).to.include({
      type: 'AUDIT_RECORDED',
      bookingId: booking.id,
      message: 'Booking: Lê Hoàng Nam asked for DEMO-20310310-0002',
    })
  })

  it('is no news when it is old', async () => {
    const admin = await w.as('admin')
    const socket = await admin.socket()
    await w.change(async (change) =>
      change.db('audit_log').insert({
        at: new Date(w.clock.now().getTime() - 3_600_000),
        orgId: admin.user.orgId,
        action: 'tested',
        entity: 'booking',
        description: 'x',
        requestId: 'x',
      }),
    )
    await sealAll(w.runtime)
    await w.settle()
    await socket.command('ping')
    expect(socket.events('audit.recorded')).to.deep.equal([])
  })
})
