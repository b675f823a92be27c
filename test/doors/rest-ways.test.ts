// How people and organisations say in which ways they want to be told: the contract of these routes.

import { expect } from 'chai'
import { deliveryBy, explained, tell } from '../support/deliveries.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { auditOf } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('preferences', () => {
  let w: World
  let employee: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
  })
  after(() => w.end())

  const NOTHING = { choices: [], quietHours: null, snoozeUntil: null, digestAt: null }

  it('are none at first, are kept as they are said, and what is not named goes back to its default', async () => {
    expect((await employee.get('/notifications/preferences')).body).to.deep.equal(NOTHING)
    const wishes = {
      choices: [{ category: 'chat', channel: 'IN_APP', isOn: false }],
      quietHours: { from: '22:00', until: '07:00', timezone: 'Europe/Berlin' },
      snoozeUntil: '2031-03-05T01:00:00.000Z',
      digestAt: '18:00',
    }
    expect((await employee.put('/notifications/preferences', wishes)).body).to.deep.equal(wishes)
    expect((await employee.get('/notifications/preferences')).body).to.deep.equal(wishes)
    expect((await employee.put('/notifications/preferences', { digestAt: '07:30' })).body).to.deep.equal({
      ...NOTHING,
      digestAt: '07:30',
    })
    expect((await (await w.as('manager')).get('/notifications/preferences')).body).to.deep.equal(NOTHING)
    expect(await auditOf(w, { action: 'preferences_changed' })).to.have.length(2)
  })

  it('are refused with every problem at once', async () => {
    const reply = await employee.put('/notifications/preferences', {
      choices: [{ category: 'gossip', channel: 'WEBHOOK', isOn: 'yes' }],
      quietHours: { from: '25:00', until: '07:00', timezone: 'Mars/Olympus' },
      snoozeUntil: 'tomorrow',
      mood: 'low',
    })
    expect(problemsIn(reply).map((each) => each.split(' ')[0])).to.include.members([
      '/body/choices/0/category',
      '/body/choices/0/channel',
      '/body/choices/0/isOn',
      '/body/quietHours/from',
      '/body/quietHours/timezone',
      '/body/snoozeUntil',
      '/body/mood',
    ])
    mustBeProblem(
      await employee.put('/notifications/preferences', { quietHours: { from: '12:00', until: '12:00' } }),
      422,
    )
    const twice = { category: 'chat', channel: 'EMAIL', isOn: true }
    expect(
      mustBeProblem(
        await employee.put('/notifications/preferences', { choices: [twice, { ...twice, isOn: false }] }),
        422,
      ),
    ).to.include('the same category and channel')
  })
})

describe('webhooks, as ADMINs keep them', () => {
  let w: World
  let admin: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
  })
  after(() => w.end())

  it('are made, changed, disabled, enabled and removed, each with an audit row', async () => {
    const {
      status,
      body: { id, secret, ...made },
    } = await admin.post('/webhooks', {
      channel: 'WEBHOOK',
      url: 'https://hooks.example/a',
      categories: ['booking'],
    })
    expect([status, secret.startsWith('whsec_')]).to.deep.equal([201, true])
    expect(made).to.deep.include({
      channel: 'WEBHOOK',
      url: 'https://hooks.example/a',
      categories: ['booking'],
      disabledAt: null,
      failingSince: null,
      oldSecretUntil: null,
    })
    expect(
      (await admin.patch(`/webhooks/${id}`, { categories: null, url: 'https://hooks.example/b' })).body,
    ).to.include({ categories: null, url: 'https://hooks.example/b' })
    expect((await admin.patch(`/webhooks/${id}`, { isEnabled: false })).body).to.include({
      disabledAt: w.clock.now().toISOString(),
      disabledReason: 'by an ADMIN',
    })
    expect((await admin.patch(`/webhooks/${id}`, { isEnabled: true })).body).to.include({
      disabledAt: null,
      disabledReason: null,
    })
    expect((await admin.get('/webhooks')).body.map((each: { id: string }) => each.id)).to.deep.equal([id])
    expect((await admin.delete(`/webhooks/${id}`)).status).to.equal(200)
    mustBeProblem(await admin.get(`/webhooks/${id}`), 404)
    expect((await admin.get('/webhooks')).body).to.deep.equal([])
    const deeds = (await auditOf(w, { entity: 'webhook', entityId: id })).map(({ action }) => action)
    expect(deeds).to.deep.equal([
      'webhook_created',
      'webhook_changed',
      'webhook_changed',
      'webhook_changed',
      'webhook_removed',
    ])
    expect(JSON.stringify(await auditOf(w, { entity: 'webhook' }))).not.to.include('whsec_')
  })

  for (const [what, body, problems] of [
    ['an address that is none', { channel: 'WEBHOOK', url: 'hooks.example' }, ['/body/url']],
    ['a file', { channel: 'WEBHOOK', url: 'file:///etc/passwd' }, ['/body/url']],
    ['a channel of persons', { channel: 'EMAIL', url: 'https://a.example' }, ['/body/channel']],
    [
      'no category at all',
      { channel: 'WEBHOOK', url: 'https://a.example', categories: [] },
      ['/body/categories'],
    ],
    [
      'a secret of their own',
      { channel: 'WEBHOOK', url: 'https://a.example', secret: 'x' },
      ['/body/secret'],
    ],
  ] as const) {
    it(`are refused with ${what}`, async () =>
      expect(
        problemsIn(await admin.post('/webhooks', body)).map((each) => each.split(' ')[0]),
      ).to.include.members([...problems]))
  }

  it('give no secret away to whoever repeats a request', async () => {
    const [first, second] = [
      await admin.post(
        '/webhooks',
        { channel: 'WEBHOOK', url: 'https://a.example' },
        { 'idempotency-key': 'k' },
      ),
      await admin.post(
        '/webhooks',
        { channel: 'WEBHOOK', url: 'https://a.example' },
        { 'idempotency-key': 'k' },
      ),
    ]
    expect(first.body.secret).not.to.equal(second.body.secret)
    expect(JSON.stringify(await w.runtime.db('idempotency_keys'))).not.to.include('whsec_')
  })
})

describe('an explanation', () => {
  it('has a sentence for each way, in the language of whoever is told, for them and their ADMINs', async () => {
    const w = await aWorld({ with: ['api', 'workers'] })
    const [employee, admin] = [await w.as('employee'), await w.as('admin')]
    const id = await tell(w, 'employee')
    await w.settle()
    const { body } = await admin.get(`/notifications/${id}/explain`)
    expect(
      body.map(({ channel, status }: { channel: string; status: string }) => `${channel} ${status}`),
    ).to.have.members([
      'IN_APP SENT',
      'EMAIL SKIPPED',
      'APP_PUSH SKIPPED',
      'WEBHOOK SKIPPED',
      'SMS SKIPPED',
      'AUTO_CALL SKIPPED',
    ])
    expect(await explained(employee, id, 'APP_PUSH')).to.equal(
      'Thông báo đẩy: không gửi: chưa cấu hình khóa cho thông báo đẩy',
    )
    mustBeProblem(
      await employee.post(`/notifications/deliveries/${(await deliveryBy(w, 'EMAIL')).id}/retry`),
      409,
    )
    expect(problemsIn(await employee.get('/notifications/x/explain'))).to.deep.equal([
      '/params/id must be a UUID',
    ])
    await employee.delete(`/notifications/${id}`)
    mustBeProblem(await employee.get(`/notifications/${id}/explain`), 404)
    await w.end()
  })
})

describe('subscriptions', () => {
  it('are refused when they lead nowhere, and listed for their person only', async () => {
    const w = await aWorld({ with: ['api'] })
    const employee = await w.as('employee')
    expect(
      problemsIn(
        await employee.post('/notifications/subscriptions', {
          endpoint: 'javascript:alert(1)',
          keys: { p256dh: '?' },
        }),
      ),
    ).to.have.length(3)
    const reply = await employee.post('/notifications/subscriptions', {
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'AAAA', auth: 'AAAA' },
    })
    expect(reply.status).to.equal(201)
    expect((await employee.get('/notifications/subscriptions')).body).to.deep.equal([reply.body])
    expect((await (await w.as('manager')).get('/notifications/subscriptions')).body).to.deep.equal([])
    await w.end()
  })
})
