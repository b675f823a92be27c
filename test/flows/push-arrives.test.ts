import { expect } from 'chai'
import { createECDH } from 'node:crypto'
import { aPushBrowser, signerOf } from '../support/browser-push.ts'
import { deliveriesBy, deliveryBy, explained, tell } from '../support/deliveries.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { ringAgain } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const vapid = createECDH('prime256v1')
vapid.generateKeys()
const nothing = { path: '', headers: {}, body: Buffer.alloc(0) }
const VAPID = {
  VAPID_SUBJECT: 'mailto:ops@bellhop.test',
  VAPID_PUBLIC_KEY: vapid.getPublicKey('base64url'),
  VAPID_PRIVATE_KEY: vapid.getPrivateKey('base64url'),
}

describe('a notification by push', () => {
  let w: World
  let client: HttpPeer
  let employee: Person
  beforeEach(async () => {
    client = await anHttpPeer()
    client.answer = { status: 201 }
    w = await aWorld({
      with: ['api', 'workers'],
      env: { ...VAPID, OUTGOING_ALLOWED: '127.0.0.1', PUSH_ALLOWED: '127.0.0.1' },
    })
    employee = await w.as('employee')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const subscribe = async (by = employee, path = '/phone') => {
    const browser = aPushBrowser()
    const { body } = await by.post('/notifications/subscriptions', {
      endpoint: client.url + path,
      keys: browser.keys,
      expirationTime: null,
    })
    return { ...browser, id: body.id }
  }

  it('is read by the browser that subscribed, and by no other', async () => {
    expect((await employee.get('/notifications/push-key')).body).to.deep.equal({
      publicKey: VAPID.VAPID_PUBLIC_KEY,
    })
    const browser = await subscribe()
    const id = await tell(w, 'employee')
    await w.settle()
    const [heard] = client.heard
    if (!heard) throw new Error('Nothing came.')
    expect(browser.read(heard)).to.deep.include({
      id,
      title: 'Xe sắp đến: DEMO-1',
      message: 'Xe cho DEMO-1 đang đến chỗ bạn.',
      priority: 'high',
      category: 'booking',
    })
    expect(() => aPushBrowser().read(heard)).to.throw()
    expect(heard.body.toString('latin1')).not.to.include('DEMO-1')
    expect(signerOf(heard)).to.deep.include({
      aud: client.url,
      sub: VAPID.VAPID_SUBJECT,
      key: VAPID.VAPID_PUBLIC_KEY,
    })
    expect(heard.headers).to.include({ urgency: 'high', ttl: '86400' })
    expect(await deliveryBy(w, 'APP_PUSH')).to.include({ status: 'SENT', attempts: 1, targetId: browser.id })
  })

  it("comes to each of a person's browsers, and to whoever is signed in there last", async () => {
    await subscribe()
    await subscribe(employee, '/laptop')
    const shared = await subscribe(await w.as('manager'))
    await tell(w, 'employee')
    await tell(w, 'manager')
    await w.settle()
    expect(client.heard.map(({ path }) => path).toSorted()).to.deep.equal(['/laptop', '/phone'])
    expect(shared.read(client.heard.find(({ path }) => path === '/phone') ?? nothing)).to.include({
      type: 'VEHICLE_ARRIVING',
    })
  })

  it('tells what a server answered to ADMINs alone: whoever names the endpoint does not look into our network by it', async () => {
    await subscribe()
    client.answer = { status: 410, body: 'inner secret' }
    const id = await tell(w, 'employee')
    await w.settle()
    const shown = JSON.stringify((await employee.get(`/notifications/${id}/explain`)).body)
    expect(shown).to.include('bỏ cuộc').and.not.include('inner secret')
    expect(JSON.stringify((await (await w.as('admin')).get(`/notifications/${id}/explain`)).body)).to.include(
      'inner secret',
    )
  })

  for (const status of [404, 410]) {
    it(`forgets a browser whose push service answers ${status}; nothing is left to be tried again`, async () => {
      await subscribe()
      client.answer = { status }
      const id = await tell(w, 'employee')
      await w.settle()
      expect((await employee.get('/notifications/subscriptions')).body).to.deep.equal([])
      expect(await deliveryBy(w, 'APP_PUSH')).to.include({ status: 'FAILED', attempts: 1 })
      expect(await explained(employee, id, 'APP_PUSH')).to.include('bỏ cuộc')
      expect(await w.runtime.queues.get('push').getFailedCount()).to.equal(0)
      await w.advance('1 second')
      await tell(w, 'employee')
      expect((await deliveriesBy(w, 'APP_PUSH')).at(-1)).to.include({
        status: 'SKIPPED',
        reason: 'no_subscription',
      })
    })
  }

  it('is tried again when the push service is not well, once more at a time', async () => {
    await subscribe()
    client.answer = { status: 503 }
    await tell(w, 'employee')
    await w.settle()
    client.answer = { status: 201 }
    await w.advance('1 minute')
    expect(await deliveryBy(w, 'APP_PUSH')).to.include({ status: 'SENT', attempts: 2 })
    expect(await ringAgain(w, 'push.deliver')).to.equal(1)
    expect(client.heard).to.have.length(2)
  })

  it('is given up for a browser that gave keys which are none', async () => {
    await employee.post('/notifications/subscriptions', {
      endpoint: `${client.url}/odd`,
      keys: { p256dh: 'AAAA', auth: 'AAAA' },
    })
    await tell(w, 'employee')
    await w.settle()
    expect((await deliveryBy(w, 'APP_PUSH')).status).to.equal('FAILED')
    expect(client.heard).to.deep.equal([])
  })

  it('ends when the browser unsubscribes, which only its person can', async () => {
    const { id } = await subscribe()
    expect((await (await w.as('manager')).delete(`/notifications/subscriptions/${id}`)).status).to.equal(404)
    expect((await employee.delete(`/notifications/subscriptions/${id}`)).status).to.equal(200)
    await tell(w, 'employee')
    await w.settle()
    expect(client.heard).to.deep.equal([])
  })
})

describe('a push endpoint', () => {
  it('leads to no inner server, though webhooks are let in there', async () => {
    const client = await anHttpPeer()
    const w = await aWorld({ with: ['api', 'workers'], env: { ...VAPID, OUTGOING_ALLOWED: '127.0.0.1' } })
    const employee = await w.as('employee')
    await employee.post('/notifications/subscriptions', {
      endpoint: `${client.url}/inside`,
      keys: aPushBrowser().keys,
    })
    await tell(w, 'employee')
    await w.settle()
    expect(client.heard).to.deep.equal([])
    expect(await deliveryBy(w, 'APP_PUSH')).to.include({ status: 'FAILED', attempts: 1 })
    await w.end()
    await client.close()
  })
})
