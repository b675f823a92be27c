// An organisation's own systems hear of notifications, over HTTP to servers that are kind, slow, broken or gone. The
// package standardwebhooks is the referee of the signatures.

import { expect } from 'chai'
import { Webhook as Referee } from 'standardwebhooks'
import { deliveriesBy, deliveryBy, explained, tell } from '../support/deliveries.ts'
import { anHttpPeer, type Heard, type HttpPeer } from '../support/http-peer.ts'
import { ringAgain, toldTo } from '../support/story.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('webhooks', () => {
  let w: World
  let client: HttpPeer
  let admin: Person
  beforeEach(async () => {
    client = await anHttpPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: { OUTGOING_ALLOWED: '127.0.0.1', DELIVERY_TIMEOUT: '2s' },
    })
    admin = await w.as('admin')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const add = async (more: object = {}) =>
    (await admin.post('/webhooks', { channel: 'WEBHOOK', url: `${client.url}/hook`, ...more })).body
  const tellAndSettle = async (): Promise<string> => {
    const id = await tell(w, 'employee')
    await w.settle()
    return id
  }

  /** The referee's clock is the real one; what it judges was sent under ours. */
  function judge(secret: string, { headers, body }: Heard): unknown {
    const real = Date.now
    Date.now = () => Number(headers['webhook-timestamp']) * 1000
    try {
      return new Referee(secret).verify(body, headers)
    } finally {
      Date.now = real
    }
  }

  it('hear of each notification, signed so that the referee is content', async () => {
    const { secret } = await add()
    const id = await tellAndSettle()
    const [heard] = client.heard
    if (!heard) throw new Error('Nothing was heard.')
    expect(Number(heard.headers['webhook-timestamp'])).to.equal(w.clock.now().getTime() / 1000)
    expect(judge(secret, heard)).to.deep.include({
      type: 'notification.created',
      timestamp: w.clock.now().toISOString(),
    })
    expect(JSON.parse(heard.body.toString()).data)
      .to.include({ id, type: 'VEHICLE_ARRIVING', priority: 'high' })
      .and.not.have.any.keys('orgId', 'link')
    const delivery = await deliveryBy(w, 'WEBHOOK')
    expect(delivery).to.include({ status: 'DELIVERED', attempts: 1 })
    expect(heard.headers['webhook-id']).to.equal(delivery.id)
    expect(() =>
      judge(secret, { ...heard, body: Buffer.from(heard.body.toString().replace('high', 'low')) }),
    ).to.throw('No matching signature')
  })

  it('hear of the categories they chose, and no others', async () => {
    await add({ categories: ['approval'] })
    const id = await tellAndSettle()
    expect(client.heard).to.deep.equal([])
    expect(await explained(admin, id, 'WEBHOOK')).to.match(/webhook/)
    expect(await deliveryBy(w, 'WEBHOOK')).to.include({ status: 'SKIPPED', reason: 'no_webhook' })
  })

  it('change over to a new secret: for a day both sign', async () => {
    const { id, secret } = await add()
    const rotated = (await admin.post(`/webhooks/${id}/rotate`)).body
    expect(rotated.secret)
      .to.match(/^whsec_/)
      .and.not.equal(secret)
    await tellAndSettle()
    await w.advance('25 hours')
    await tellAndSettle()
    const [during, after] = client.heard
    if (!during || !after) throw new Error('Something was not heard.')
    for (const each of [secret, rotated.secret]) expect(judge(each, during)).to.be.an('object')
    expect(judge(rotated.secret, after)).to.be.an('object')
    expect(() => judge(secret, after)).to.throw('No matching signature')
  })

  it('never show a secret again', async () => {
    const { id, secret } = await add()
    for (const path of ['/webhooks', `/webhooks/${id}`])
      expect(JSON.stringify((await admin.get(path)).body))
        .not.to.include(secret)
        .and.not.include('whsec_')
  })

  for (const [status, headers, wait] of [
    [500, {}, '1 minute'],
    [404, {}, '1 minute'],
    [429, { 'retry-after': '7200' }, '2 hours'],
  ] as const) {
    it(`that answer ${status}${wait === '2 hours' ? ' and ask to wait two hours' : ''} hear it again, and not before`, async () => {
      await add()
      client.answer = { status, headers, body: 'not now' }
      const id = await tellAndSettle()
      expect(await deliveryBy(w, 'WEBHOOK')).to.include({
        status: 'PENDING',
        attempts: 1,
        lastError: `${status} not now`,
      })
      expect(await explained(admin, id, 'WEBHOOK')).to.include(`${status} not now`)
      client.answer = { status: 204 }
      if (wait === '2 hours') {
        await w.advance('119 minutes')
        expect(client.heard).to.have.length(1)
      }
      await w.advance(wait)
      expect(await deliveryBy(w, 'WEBHOOK')).to.include({ status: 'DELIVERED', attempts: 2 })
      const [first, second] = client.heard.map((each) => each.headers['webhook-id'])
      expect(first).to.equal(second)
    })
  }

  it('that hang or redirect inwards end as failed attempts, and stop nobody else', async () => {
    const kind = await anHttpPeer()
    await add({ url: `${kind.url}/other` })
    await add()
    client.answer = 'hangs'
    await tellAndSettle()
    client.answer = { status: 307, headers: { location: 'http://169.254.169.254/' } }
    await tellAndSettle()
    const said = (await deliveriesBy(w, 'WEBHOOK'))
      .map(({ status, lastError }) => `${status} ${lastError}`)
      .toSorted()
    expect(said).to.deep.equal([
      'DELIVERED null',
      'DELIVERED null',
      'PENDING 307: redirects are not followed',
      'PENDING no answer in time',
    ])
    await kind.close()
  })

  it('that lead inwards are given up at once', async () => {
    await add({ url: `http://localhost.localdomain:${client.port}/` })
    await add({ url: 'http://169.254.169.254/latest/meta-data/' })
    const id = await tellAndSettle()
    const ends = (await deliveriesBy(w, 'WEBHOOK'))
      .filter(({ targetId }) => targetId)
      .map(({ status }) => status)
    expect(ends).to.include('FAILED')
    expect(
      (await admin.get(`/notifications/${id}/explain`)).body.some((each: { explanation: string }) =>
        each.explanation.includes('169.254.169.254, which is not reached from here'),
      ),
    ).to.equal(true)
    expect(client.heard).to.deep.equal([])
  })

  it('that say that they are gone are disabled at once, and the admins hear of it', async () => {
    const { id } = await add()
    client.answer = { status: 410 }
    await tellAndSettle()
    expect((await admin.get(`/webhooks/${id}`)).body).to.include({
      disabledAt: w.clock.now().toISOString(),
      disabledReason: '410',
    })
    expect(await toldTo(w, 'admin')).to.deep.equal(['WEBHOOK_DISABLED'])
    expect(
      (await deliveriesBy(w, 'WEBHOOK')).map(({ status, reason }) => [status, reason]),
    ).to.have.deep.members([
      ['FAILED', null],
      ['SKIPPED', 'webhook_disabled'],
    ])
  })

  it('that fail for two days are disabled, with one notice; enabled and replayed, they hear what they missed', async () => {
    const { id } = await add()
    client.answer = { status: 500 }
    for (const _day of ['first', 'second', 'third']) {
      await tellAndSettle()
      await w.advance('1 day')
    }
    expect((await admin.get(`/webhooks/${id}`)).body.disabledReason).to.equal('500')
    expect(await toldTo(w, 'admin')).to.deep.equal(['WEBHOOK_DISABLED'])
    expect((await admin.post(`/webhooks/${id}/replay`, { since: '2031-03-01T00:00:00Z' })).status).to.equal(
      409,
    )

    client.answer = { status: 200 }
    const missed = new Set(client.heard.map(({ headers }) => headers['webhook-id']))
    client.heard.length = 0
    await admin.patch(`/webhooks/${id}`, { isEnabled: true })
    expect(
      (await admin.post(`/webhooks/${id}/replay`, { since: '2031-03-01T00:00:00Z' })).body.count,
    ).to.be.at.least(2)
    await w.settle()
    const heard = client.heard.map(({ headers }) => headers['webhook-id'])
    for (const each of missed) expect(heard).to.include(each)
    expect(new Set((await deliveriesBy(w, 'WEBHOOK')).map(({ status }) => status))).to.deep.equal(
      new Set(['DELIVERED']),
    )
  })

  it('are sent everything again when they ask for all', async () => {
    const { id } = await add()
    await tellAndSettle()
    expect(
      (await admin.post(`/webhooks/${id}/replay`, { since: w.clock.now().toISOString() })).body,
    ).to.deep.equal({ count: 0 })
    expect(
      (await admin.post(`/webhooks/${id}/replay`, { since: w.clock.now().toISOString(), all: true })).body,
    ).to.deep.equal({ count: 1 })
    await w.settle()
    expect(client.heard.map(({ headers }) => headers['webhook-id'])).to.have.length(2)
    expect(
      (await admin.get(`/webhooks/${id}/deliveries`)).body.map(
        ({ attempts, status }: { attempts: number; status: string }) => [attempts, status],
      ),
    ).to.deep.equal([[2, 'DELIVERED']])
  })

  it('are called once, however often the job rings', async () => {
    await add()
    await tellAndSettle()
    expect(await ringAgain(w, 'webhooks.deliver')).to.equal(1)
    expect(client.heard).to.have.length(1)
  })

  it('that were removed meanwhile are not called', async () => {
    const { id } = await add()
    client.answer = { status: 500 }
    await tellAndSettle()
    await admin.delete(`/webhooks/${id}`)
    await w.advance('1 hour')
    expect(await deliveryBy(w, 'WEBHOOK')).to.include({ status: 'SKIPPED', reason: 'webhook_deleted' })
    expect(client.heard).to.have.length(1)
  })

  it("that hang hold at most half of the places: another organisation's is called meanwhile", async () => {
    const kind = await anHttpPeer()
    await (await w.as('foreignAdmin')).post('/webhooks', { channel: 'WEBHOOK', url: kind.url })
    await add()
    client.answer = 'hangs'
    for (let n = 0; n < 12; n++) await tell(w, 'employee')
    await tell(w, 'foreigner')
    await until('the other one is called', async () => kind.heard.length === 1)
    await w.settle()
    const attempts = (await deliveriesBy(w, 'WEBHOOK'))
      .filter(({ orgId }) => orgId === admin.user.orgId)
      .map((each) => each.attempts)
    expect(
      attempts.filter((count) => count === 0),
      'nobody is charged for waiting',
    ).to.have.length.above(0)
    await kind.close()
  })
})

describe('text messages and calls', () => {
  it("are asked of the organisation's gateway, for what is urgent or wished for; without one they say so", async () => {
    const client = await anHttpPeer()
    const w = await aWorld({ with: ['api', 'workers'], env: { OUTGOING_ALLOWED: '127.0.0.0/8' } })
    const admin = await w.as('admin')
    const {
      body: { secret },
    } = await admin.post('/webhooks', { channel: 'SMS', url: `${client.url}/sms` })
    expect((await admin.post('/webhooks', { channel: 'SMS', url: client.url })).status).to.equal(409)
    const employee = await w.as('employee')
    const without = await tell(w, 'employee')
    await w.runtime.db('users').where({ id: employee.user.id }).update({ phone: '+84901234567' })
    const unwished = await tell(w, 'employee')
    await employee.put('/notifications/preferences', {
      choices: [{ category: 'booking', channel: 'SMS', isOn: true }],
    })
    const wished = await tell(w, 'employee')
    await w.settle()

    expect(await explained(employee, without, 'SMS')).to.include('người nhận không có số điện thoại')
    expect(await explained(employee, unwished, 'SMS')).to.include('không được bật')
    expect(await explained(employee, wished, 'SMS')).to.include('đã gửi')
    expect(await explained(employee, wished, 'AUTO_CALL')).to.include('chưa đặt cổng')
    expect(secret).to.match(/^whsec_/)
    expect(client.heard.map(({ path, body }) => [path, JSON.parse(body.toString())])).to.deep.equal([
      [
        '/sms',
        {
          type: 'sms.requested',
          timestamp: w.clock.now().toISOString(),
          data: {
            to: '+84901234567',
            text: 'Xe sắp đến: DEMO-1. Xe cho DEMO-1 đang đến chỗ bạn.',
            locale: 'vi',
            priority: 'high',
            notificationId: wished,
          },
        },
      ],
    ])
    await w.end()
    await client.close()
  })
})
