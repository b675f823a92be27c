// An organisation's own systems hear of what happened: each fact once, and of one thing one fact after the other. The package
// standardwebhooks is the referee of the signatures.

import { expect } from 'chai'
import { Webhook as Referee } from 'standardwebhooks'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { declaredEvents } from '../../shared/kit/declare/event.ts'
import { expireNotifications } from '../../shared/notifications/actions/retry.ts'
import { anHttpPeer, type Heard, type HttpPeer } from '../support/http-peer.ts'
import { tripOnItsDay } from '../support/people.ts'
import { problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('facts', () => {
  let w: World
  let peer: HttpPeer
  let admin: Person
  beforeEach(async () => {
    peer = await anHttpPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: { OUTGOING_ALLOWED: '127.0.0.1', DELIVERY_TIMEOUT: '2s' },
    })
    admin = await w.as('admin')
  })
  afterEach(async () => {
    await w.end()
    await peer.close()
  })

  const add = async (events: readonly string[], more: object = {}) =>
    (await admin.post('/webhooks', { url: `${peer.url}/hook`, events, ...more })).body
  const asks = async (): Promise<string> =>
    (await (await w.as('manager')).post('/bookings', tripOnItsDay())).body.id
  const confirms = async (id: string): Promise<unknown> =>
    (await w.as('staff')).post(`/bookings/${id}/confirm`)
  const cancels = async (id: string): Promise<unknown> =>
    (await w.as('staff')).post(`/bookings/${id}/cancel`, { reason: 'OTHER' })
  const saidOf = ({ body }: Heard) => JSON.parse(body.toString())
  const heardOf = (id: string): string[] =>
    peer.heard.filter((each) => saidOf(each).data.id === id).map((each) => saidOf(each).type)
  const sentTo = async (webhookId: string) => (await admin.get(`/webhooks/${webhookId}/facts`)).body

  it('are sent once for each change and in order, under an id of their own, as thin as can be', async () => {
    const { id, secret, channel } = await add(['booking.*'])
    expect(channel).to.equal('WEBHOOK')
    const bookingId = await asks()
    await confirms(bookingId)
    await cancels(bookingId)
    await w.settle()
    expect(heardOf(bookingId)).to.deep.equal(['booking.created', 'booking.changed', 'booking.changed'])
    expect(peer.heard.map((each) => saidOf(each).data)).to.deep.equal(Array(3).fill({ id: bookingId }))
    const ids = peer.heard.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).to.equal(3)
    const sent = await sentTo(id)
    expect(sent.map(({ factId }: { factId: string }) => factId)).to.have.members(ids)
    for (const { status, attempts, subjectId } of sent)
      expect([status, attempts, subjectId]).to.deep.equal(['DELIVERED', 1, bookingId])
    const real = Date.now
    Date.now = () => w.clock.now().getTime()
    try {
      for (const { body, headers } of peer.heard) new Referee(secret).verify(body, headers)
    } finally {
      Date.now = real
    }
  })

  it('are sent whole where that is asked for, as the description of the events says', async () => {
    await add(['*'], { form: 'full' })
    const { body } = await (await w.as('employee')).post('/bookings', tripOnItsDay())
    await (await w.as('customer')).post('/supports', { description: 'Pin không sạc được' })
    await w.settle()
    const { body: approval } = await (await w.as('manager')).get(`/approvals/booking/${body.id}`)
    await (await w.as('manager')).post(`/approvals/${approval.id}/approve`)
    await w.settle()
    const types = peer.heard.map((each) => saidOf(each).type)
    expect(types).to.have.members([
      'booking.created',
      'approval.requested',
      'ticket.created',
      'approval.decided',
      'booking.changed',
    ])
    for (const each of peer.heard) {
      const { type, data } = saidOf(each)
      const declared = declaredEvents().find(({ name }) => name === type)
      if (!declared) throw new Error(`Nothing declares ${type}.`)
      compileSchema(declared.schema, { isReply: true })(data, type)
    }
  })

  it('are sent to whoever asked for them, and to no other organisation; others are not sent notifications', async () => {
    await add(['ticket.*'])
    const other = { url: `${peer.url}/other`, events: ['*'] }
    await (await w.as('foreignAdmin')).post('/webhooks', other)
    await asks()
    await w.settle()
    expect(peer.heard).to.deep.equal([])
    expect(await w.runtime.db('fact_deliveries')).to.deep.equal([])
    await (await w.as('customer')).post('/supports', { description: 'Pin không sạc được' })
    await w.settle()
    expect(peer.heard.map((each) => [each.path, saidOf(each).type])).to.deep.equal([
      ['/hook', 'ticket.created'],
    ])
  })

  it('wait for the one before them of the same booking, and hold up no other booking', async () => {
    await add(['booking.*'])
    peer.answer = { status: 500 }
    const first = await asks()
    await confirms(first)
    await w.settle()
    expect(heardOf(first)).to.deep.equal(['booking.created'])
    peer.answer = { status: 200 }
    const second = await asks()
    await w.settle()
    expect(heardOf(second)).to.deep.equal(['booking.created'])
    await w.advance('1 hour')
    expect(heardOf(first)).to.deep.equal(['booking.created', 'booking.created', 'booking.changed'])
  })

  it('that were given up let the next ones go, and are sent again in order, from an instant or after a fact', async () => {
    const { id } = await add(['booking.*'])
    const began = w.clock.now().toISOString()
    peer.answer = { status: 400 }
    const bookingId = await asks()
    await confirms(bookingId)
    await w.advance('2 days')
    await admin.patch(`/webhooks/${id}`, { isEnabled: true })
    const sent: { event: string; status: string; factId: string }[] = await sentTo(id)
    expect(sent.map(({ status }) => status)).to.deep.equal(['FAILED', 'FAILED'])
    const [created, changed] = sent.toSorted((a, b) => (a.event > b.event ? -1 : 1))
    peer.answer = { status: 200 }
    peer.heard.length = 0
    expect((await admin.post(`/webhooks/${id}/replay`, { since: began })).body.count).to.equal(2)
    await w.settle()
    expect(heardOf(bookingId)).to.deep.equal(['booking.created', 'booking.changed'])
    expect((await admin.post(`/webhooks/${id}/replay`, { since: began })).body.count).to.equal(0)
    const after = { after: created?.factId, all: true }
    expect((await admin.post(`/webhooks/${id}/replay`, after)).body.count).to.equal(1)
    await w.settle()
    expect(peer.heard.map(({ headers }) => headers['webhook-id'])).to.deep.equal([
      created?.factId,
      changed?.factId,
      changed?.factId,
    ])
    expect((await admin.post(`/webhooks/${id}/replay`, {})).status).to.equal(422)
  })

  it('to a webhook that was disabled meanwhile are kept for a replay', async () => {
    const { id } = await add(['booking.*'])
    await admin.patch(`/webhooks/${id}`, { isEnabled: false })
    await asks()
    await w.settle()
    const [{ status, reason }] = await sentTo(id)
    expect([status, reason, peer.heard.length]).to.deep.equal(['SKIPPED', 'webhook_disabled', 0])
    await admin.patch(`/webhooks/${id}`, { isEnabled: true })
    await admin.post(`/webhooks/${id}/replay`, { since: '2031-01-01T00:00:00Z' })
    await w.settle()
    expect(peer.heard).to.have.length(1)
  })

  it('can be tried out before there are any', async () => {
    const { id } = await add(['booking.changed'])
    const { status, body } = await admin.post(`/webhooks/${id}/test`)
    expect([status, body.event]).to.deep.equal([202, 'webhook.test'])
    await w.settle()
    expect(peer.heard.map(saidOf)).to.deep.equal([
      { type: 'webhook.test', timestamp: w.clock.now().toISOString(), data: { id } },
    ])
  })

  it('that there are not, and what is none, are refused', async () => {
    const refused = async (body: object): Promise<string[]> =>
      problemsIn(await admin.post('/webhooks', { url: 'https://hooks.example', ...body }))
    const unknown = await refused({ events: ['booking.changed', 'booking.gone', 'message.*'] })
    expect(unknown.map((each) => each.split(' ')[0])).to.deep.equal(['/body/events/1', '/body/events/2'])
    expect(await refused({ events: ['Booking'] })).to.have.length(1)
    for (const more of [{ channel: 'SMS' }, { categories: ['booking'] }])
      expect(
        (await admin.post('/webhooks', { url: 'https://hooks.example', events: ['*'], ...more })).status,
      ).to.equal(422)
  })

  it('lose the words and names of somebody who is erased, and are deleted after thirty days', async () => {
    await add(['*'], { form: 'full' })
    const customer = await w.as('customer')
    await customer.post('/supports', { description: 'Pin không sạc được' })
    await w.settle()
    await admin.post(`/users/${customer.user.id}/erase`)
    await w.settle()
    const kept = JSON.stringify(await w.runtime.db('fact_deliveries'))
    expect(kept).to.include(customer.user.id)
    for (const trace of ['Pin không sạc được', customer.user.fullName]) expect(kept).not.to.include(trace)
    w.clock.moveTo(new Date(w.clock.now().getTime() + 31 * 86_400_000))
    await w.change(expireNotifications)
    expect(await w.runtime.db('fact_deliveries')).to.deep.equal([])
  })
})
