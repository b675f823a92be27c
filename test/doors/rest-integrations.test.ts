import { expect } from 'chai'
import { caller, type Caller } from '../support/client.ts'
import { times } from '../support/rooms.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const PAID = {
  id: 'pay-1',
  type: 'payment.received',
  payload: { payment: { amount: 1_500_000, clientName: 'Lan' } },
}

describe('API keys', () => {
  let w: World
  let admin: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
  })
  after(() => w.end())

  const make = async (): Promise<{ id: string; key: string; hint: string }> =>
    (await admin.post('/api-keys', { name: 'Cổng thanh toán' })).body
  const tries = async (key: string): Promise<number> =>
    (await w.anybody.get('/events/unknown', { 'x-api-key': key })).status
  const GOOD = 404

  it('are shown once, and kept by nobody', async () => {
    const reply = await admin.post('/api-keys', { name: ' Cổng thanh toán ' })
    expect(reply.status).to.equal(201)
    const { key, ...kept } = reply.body
    expect(key).to.match(/^bh_[\w-]{43}$/)
    expect(kept).to.include({
      name: 'Cổng thanh toán',
      hint: key.slice(0, 7),
      createdById: admin.user.id,
      lastUsedAt: null,
      revokedAt: null,
    })
    const [listed] = (await admin.get('/api-keys?limit=1')).body
    expect(listed).to.have.all.keys(Object.keys(kept))
    for (const table of ['api_keys', 'audit_log', 'idempotency_keys', 'outbox', 'jobs'])
      expect(JSON.stringify(await w.runtime.db(table)), table).not.to.include(key)
  })

  it('open the door in either header, and only what is for programs', async () => {
    const { key } = await make()
    expect(await tries(key)).to.equal(GOOD)
    expect((await caller(w.url, key).get('/events/unknown')).status).to.equal(GOOD)
    for (const path of ['/auth/me', '/users', '/api-keys'])
      mustBeProblem(await caller(w.url, key).get(path), 403, 'forbidden')
  })

  it("are needed: a person's token is none, nor is nonsense", async () => {
    mustBeProblem(await w.anybody.post('/events', PAID), 401, 'unauthorized')
    mustBeProblem(await admin.post('/events', PAID), 401, 'unauthorized')
    for (const key of ['bh_', 'bh_nonsense', 'x'.repeat(46)]) expect(await tries(key)).to.equal(401)
  })

  it('are renewed: the old one is good for the overlap, and not a minute longer', async () => {
    const old = await make()
    const { body: renewed, status } = await admin.post(`/api-keys/${old.id}/rotate`, { overlapHours: 2 })
    expect([status, renewed.id]).to.deep.equal([201, old.id])
    expect(renewed.key).not.to.equal(old.key)
    await w.advance('119 minutes')
    expect([await tries(old.key), await tries(renewed.key)]).to.deep.equal([GOOD, GOOD])
    await w.advance('1 minute')
    expect([await tries(old.key), await tries(renewed.key)]).to.deep.equal([401, GOOD])
  })

  it('renewed twice, are good in the last two only', async () => {
    const first = await make()
    const second = (await admin.post(`/api-keys/${first.id}/rotate`)).body
    const third = (await admin.post(`/api-keys/${first.id}/rotate`)).body
    expect(await Promise.all([first, second, third].map(({ key }) => tries(key)))).to.deep.equal([
      401,
      GOOD,
      GOOD,
    ])
    const fourth = (await admin.post(`/api-keys/${first.id}/rotate`, { overlapHours: 0 })).body
    expect(await Promise.all([third, fourth].map(({ key }) => tries(key)))).to.deep.equal([401, GOOD])
  })

  it('are taken back at once, in both of their spellings', async () => {
    const old = await make()
    const renewed = (await admin.post(`/api-keys/${old.id}/rotate`)).body
    const { body } = await admin.delete(`/api-keys/${old.id}`)
    expect(body.revokedAt).to.equal(w.clock.now().toISOString())
    expect([await tries(old.key), await tries(renewed.key)]).to.deep.equal([401, 401])
    expect((await admin.delete(`/api-keys/${old.id}`)).body).to.deep.equal(body)
    mustBeProblem(await admin.post(`/api-keys/${old.id}/rotate`), 409, 'revoked')
    expect(
      await w.runtime.db('audit_log').where({ entityId: old.id }).orderBy('id').pluck('action'),
    ).to.deep.equal(['api_key_created', 'api_key_rotated', 'api_key_revoked'])
  })

  it('are refused with what is wrong with them', async () => {
    expect(problemsIn(await admin.post('/api-keys', { scope: 'all' }))).to.deep.equal([
      '/body/name is missing',
      '/body/scope is unknown',
    ])
    const { id } = await make()
    expect(problemsIn(await admin.post(`/api-keys/${id}/rotate`, { overlapHours: 721 }))).to.deep.equal([
      '/body/overlapHours must be <= 720',
    ])
    expect(problemsIn(await admin.delete('/api-keys/nine'))).to.deep.equal(['/params/id must be a UUID'])
  })
})

describe('an event from outside', () => {
  let w: World
  let program: Caller
  let foreign: Caller
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    const keys = await Promise.all(
      (['admin', 'foreignAdmin'] as const).map(
        async (name) => (await (await w.as(name)).post('/api-keys', { name: 'Máy khác' })).body.key,
      ),
    )
    const [own, other] = keys.map((key) => caller(`${w.url}/api/v1`, key))
    if (!own || !other) throw new Error('There are no keys.')
    program = own
    foreign = other
  })
  after(() => w.end())

  const toldTo = async (name: 'admin' | 'staff' | 'driver' | 'foreignAdmin', eventId: string) => {
    await w.settle()
    return (await (await w.as(name)).get('/notifications?limit=100')).body.filter(
      ({ data }: { data: { eventId?: string } }) => data.eventId === eventId,
    )
  }

  it('is taken up, and looked up until the staff was told', async () => {
    const reply = await program.post('/events', PAID)
    expect([reply.status, reply.headers.get('location')]).to.deep.equal([202, '/api/v1/events/pay-1'])
    expect(reply.body).to.deep.equal({
      id: 'pay-1',
      type: 'payment.received',
      receivedAt: w.clock.now().toISOString(),
      toldAt: null,
    })
    await w.settle()
    expect((await program.get('/events/pay-1')).body.toldAt).to.equal(w.clock.now().toISOString())
    mustBeProblem(await foreign.get('/events/pay-1'), 404, 'not_found')
  })

  it('is told to the staff of the organisation, each in their language, and to nobody else', async () => {
    await program.post('/events', { ...PAID, id: 'pay-2' })
    const [[admin], [staff]] = [await toldTo('admin', 'pay-2'), await toldTo('staff', 'pay-2')]
    expect(admin).to.deep.include({
      category: 'payment',
      type: 'PAYMENT_RECEIVED',
      priority: 'medium',
      title: 'Payment received',
    })
    expect(admin.message).to.match(/^₫\s?1,500,000, Lan$/)
    expect(admin.data).to.deep.equal({ event: 'payment.received', eventId: 'pay-2', payload: PAID.payload })
    expect(staff.title).to.equal('Đã nhận thanh toán')
    expect(staff.message).to.match(/^1\.500\.000\s₫, Lan$/)
    expect([await toldTo('driver', 'pay-2'), await toldTo('foreignAdmin', 'pay-2')]).to.deep.equal([[], []])
  })

  it('is one event however often it is sent, at once or later', async () => {
    const event = { ...PAID, id: 'pay-3' }
    const replies = await Promise.all(times(10).map(() => program.post('/events', event)))
    expect(replies.map(({ status }) => status)).to.deep.equal(times(10).map(() => 202))
    await w.settle()
    expect(
      (
        await program.post('/events', {
          payload: { payment: { clientName: 'Lan', amount: 1_500_000 } },
          type: event.type,
          id: event.id,
        })
      ).body.toldAt,
    ).to.be.a('string')
    expect(await toldTo('admin', 'pay-3')).to.have.length(1)
  })

  it('is refused under the id of another', async () => {
    await program.post('/events', { ...PAID, id: 'pay-4' })
    for (const other of [
      { ...PAID, id: 'pay-4', type: 'payment.failed' },
      { ...PAID, id: 'pay-4', payload: { payment: { amount: 1 } } },
    ])
      mustBeProblem(await program.post('/events', other), 422, 'invalid')
    expect(await toldTo('admin', 'pay-4')).to.have.length(1)
    // Another organisation's ids are its own.
    expect((await foreign.post('/events', { ...PAID, id: 'pay-4', type: 'payment.failed' })).status).to.equal(
      202,
    )
  })

  const visit = { id: 'b1', clientName: 'Lan', service: 'Gội đầu', date: '2031-03-10', time: '14:30' }
  const events: readonly [string, object, string, string, string, string][] = [
    [
      'booking.created',
      { businessId: 'x', booking: visit },
      'booking',
      'medium',
      'A new booking',
      'Lan, Gội đầu, on 10 Mar 2031 at 14:30.',
    ],
    [
      'booking.status-changed',
      { booking: visit, oldStatus: 'pending', newStatus: 'confirmed' },
      'booking',
      'medium',
      'A booking changed',
      'Lan, Gội đầu, on 10 Mar 2031 at 14:30: pending → confirmed',
    ],
    [
      'payment.failed',
      { payment: { amount: 12.5, currency: 'USD', reason: 'card' } },
      'payment',
      'high',
      'Payment failed',
      'US$12.50, –',
    ],
    ['client.created', { client: { id: 1, name: 'Lan' } }, 'client', 'low', 'A new client', 'Lan'],
    [
      'appointment.reminder',
      { appointment: { clientName: 'Lan', date: '2031-03-10', time: '14:30' } },
      'appointment',
      'medium',
      'An appointment is coming up',
      'Lan, on 10 Mar 2031 at 14:30.',
    ],
    [
      'staff.availability-changed',
      { staff: { name: 'Hoa' }, isAvailable: false },
      'staff',
      'medium',
      "Somebody's availability changed",
      'Hoa is not available.',
    ],
    [
      'inventory.low-stock',
      { product: { name: 'Dầu gội', quantity: 3 } },
      'inventory',
      'high',
      'Running low',
      'Dầu gội: 3',
    ],
    [
      'system.alert',
      { alert: { title: 'Sao lưu', message: 'Không xong' } },
      'system',
      'high',
      'Alert: Sao lưu',
      'Không xong',
    ],
    [
      'system.alert',
      { alert: { title: 'Sao lưu', message: 'Xong', priority: 'low' } },
      'system',
      'low',
      'Alert: Sao lưu',
      'Xong',
    ],
  ]
  for (const [type, payload, category, priority, title, message] of events) {
    it(`${type} (${priority}): ${title}, ${message}`, async () => {
      const id = `${type} ${message}`.replaceAll(/[^!-~]/g, '_')
      expect((await program.post('/events', { id, type, payload })).status).to.equal(202)
      const [told] = await toldTo('admin', id)
      expect({ ...told, data: told.data.payload }).to.deep.include({
        category,
        priority,
        title,
        message,
        data: payload,
      })
    })
  }

  it('is refused with everything that is wrong with it, by what its type asks for', async () => {
    const problems = async (body: unknown): Promise<string[]> =>
      problemsIn(await program.post('/events', body))
    expect(
      await problems({
        id: 'x',
        type: 'payment.received',
        payload: { payment: { amount: '5', currency: 'đồng' } },
        at: 1,
      }),
    ).to.deep.equal([
      '/body/at is unknown',
      '/body/payload/payment/amount must be number',
      '/body/payload/payment/currency must match pattern "^[A-Z]{3}$"',
    ])
    expect(
      await problems({
        type: 'booking.created',
        payload: { booking: { ...visit, date: 'mai', time: '25:00' } },
      }),
    ).to.deep.equal([
      '/body/id is missing',
      '/body/payload/booking/date must be a day, written YYYY-MM-DD',
      '/body/payload/booking/time must be a time of day, written HH:mm',
    ])
    expect(await problems({ id: 'x', type: 'rumour', payload: {} })).to.deep.equal([
      '/body/type must be one of booking.created, booking.status-changed, payment.received, payment.failed, ' +
        'client.created, appointment.reminder, staff.availability-changed, inventory.low-stock, system.alert',
    ])
    expect(
      await problems({
        id: 'có dấu',
        type: 'client.created',
        payload: { client: { name: 'Lan', notes: 'x'.repeat(4096) } },
      }),
    ).to.have.length(2)
    expect(
      await problems({
        id: 'x',
        type: 'client.created',
        payload: { client: { name: 'Lan', notes: 'x'.repeat(4096) } },
      }),
    ).to.deep.equal(['/body/payload must not be longer than 4096 bytes as JSON'])
    expect(
      await problems({
        id: 'x',
        type: 'client.created',
        payload: { client: { name: 'a\u0000b', 'x\ud83d': 1 } },
      }),
    ).to.deep.equal([
      '/body/payload/client/name holds a character that cannot be kept (U+0000)',
      '/body/payload/client/x\ufffd holds half a character (a lone surrogate)',
    ])
    expect((await problems({}))[0]).to.match(/^\/body\/type must be one of booking.created/)
    expect(await problems([])).to.deep.equal(['/body must be object'])
  })

  it('says when its key was last used', async () => {
    await w.advance('1 hour')
    await program.post('/events', { ...PAID, id: 'pay-5' })
    const [key] = (await (await w.as('admin')).get('/api-keys')).body
    expect(key.lastUsedAt).to.equal(w.clock.now().toISOString())
  })
})

describe('whoever guesses keys', () => {
  it('is stopped by their address, and programs with a key are not', async () => {
    const w = await aWorld({ with: ['api'], env: { RATE_LIMIT_PER_MINUTE: '20' } })
    const {
      body: { key },
    } = await (await w.as('admin')).post('/api-keys', { name: 'Máy khác' })
    const guesses = []
    for (const at of times(25))
      guesses.push((await w.anybody.get('/events/x', { 'x-api-key': `bh_${at}` })).status)
    expect(new Set(guesses)).to.deep.equal(new Set([401, 429]))
    expect((await w.anybody.get('/events/x', { 'x-api-key': key })).status).to.equal(404)
    await w.end()
  })
})

describe('many events', () => {
  it('are taken as fast as a staff can hear, and no faster; other organisations are not kept waiting', async () => {
    const w = await aWorld({ with: ['api'] })
    const [own, other] = await Promise.all(
      (['admin', 'foreignAdmin'] as const).map(async (name) =>
        caller(w.url, (await (await w.as(name)).post('/api-keys', { name: 'Máy khác' })).body.key),
      ),
    )
    const replies = await Promise.all(
      times(310).map((at) => own?.post('/events', { ...PAID, id: `flood-${at}` })),
    )
    const taken = replies.filter((reply) => reply?.status === 202)
    expect([taken.length, replies.filter((reply) => reply?.status === 429).length]).to.deep.equal([300, 10])
    expect(await w.runtime.db('received_events')).to.have.length(300)
    expect((await other?.post('/events', PAID))?.status).to.equal(202)
    await w.end()
  })
})
