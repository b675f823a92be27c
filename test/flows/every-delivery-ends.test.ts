// Whatever the other side answers, and whatever fails on ours: a delivery ends, says how, and can be tried again.

import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createECDH } from 'node:crypto'
import { expect } from 'chai'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { aPushBrowser } from '../support/browser-push.ts'
import { deliveryBy, explained, tell } from '../support/deliveries.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { mustBeProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const vapid = createECDH('prime256v1')
vapid.generateKeys()
const VAPID = {
  VAPID_SUBJECT: 'mailto:ops@bellhop.test',
  VAPID_PUBLIC_KEY: vapid.getPublicKey('base64url'),
  VAPID_PRIVATE_KEY: vapid.getPrivateKey('base64url'),
}

/** Speaks SMTP as far as the recipient, and then says what no text in a database can hold. */
async function aMailServerThatSays(words: Buffer): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).write('220 peer\r\n')
    socket.on('data', (chunk) => socket.write(/^RCPT/i.test(chunk.toString()) ? words : '250 peer\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

describe('a delivery', () => {
  let w: World
  let client: HttpPeer
  let mail: Server
  let admin: Person
  beforeEach(async () => {
    client = await anHttpPeer()
    mail = await aMailServerThatSays(Buffer.from('550 no\0body\r\n'))
    const { port } = mail.address() as AddressInfo
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        ...VAPID,
        OUTGOING_ALLOWED: '127.0.0.1',
        PUSH_ALLOWED: '127.0.0.1',
        SMTP_URL: `smtp://127.0.0.1:${port}`,
        MAIL_FROM: 'a@bellhop.test',
      },
    })
    admin = await w.as('admin')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
    mail.close()
  })

  const addWebhook = async (): Promise<string> =>
    (await admin.post('/webhooks', { channel: 'WEBHOOK', url: client.url })).body.id
  const tellAdmin = async (): Promise<string> => {
    const id = await tell(w, 'admin')
    await w.settle()
    return id
  }

  it('to a webhook that answers bytes which no database takes is tried again, and ends when it answers well', async () => {
    const id = await addWebhook()
    client.answer = { status: 500, body: 'no\0 \ud83d' }
    await tellAdmin()
    const [delivery, webhook] = [await deliveryBy(w, 'WEBHOOK'), (await admin.get(`/webhooks/${id}`)).body]
    expect(delivery).to.include({ status: 'PENDING', attempts: 1, lastError: '500 no\uFFFD \uFFFD' })
    expect(webhook.failingSince).to.equal(w.clock.now().toISOString())
    client.answer = { status: 200, body: 'yes\0' }
    await w.advance('1 minute')
    expect(await deliveryBy(w, 'WEBHOOK')).to.deep.include({
      status: 'DELIVERED',
      attempts: 2,
      providerResponse: { code: 200, said: '200 yes\uFFFD' },
    })
    expect(client.heard).to.have.length(2)
  })

  it('to a push service that answers such bytes ends as well', async () => {
    await admin.post('/notifications/subscriptions', { endpoint: client.url, keys: aPushBrowser().keys })
    client.answer = { status: 410, body: '\0' }
    await tellAdmin()
    expect(await deliveryBy(w, 'APP_PUSH')).to.include({
      status: 'FAILED',
      attempts: 1,
      lastError: '410 \uFFFD',
    })
  })

  it('to a mail server that answers such bytes ends as well', async () => {
    await tellAdmin()
    const { status, attempts, lastError } = await deliveryBy(w, 'EMAIL')
    expect({ status, attempts }).to.deep.equal({ status: 'FAILED', attempts: 1 })
    expect(lastError).to.include('no\uFFFDbody')
  })

  it('to an address that is none, from before addresses were checked, is given up at once, and such a one is refused today', async () => {
    const wrong = 'http://127.0.0.1:99999/'
    mustBeProblem(await admin.post('/webhooks', { channel: 'WEBHOOK', url: wrong }), 400, 'malformed')
    mustBeProblem(
      await admin.post('/notifications/subscriptions', { endpoint: wrong, keys: aPushBrowser().keys }),
      400,
      'malformed',
    )
    const id = await addWebhook()
    mustBeProblem(await admin.patch(`/webhooks/${id}`, { url: wrong }), 400, 'malformed')
    await admin.post('/notifications/subscriptions', { endpoint: client.url, keys: aPushBrowser().keys })
    await w.runtime.db('webhooks').update({ url: wrong })
    await w.runtime.db('push_subscriptions').update({ endpoint: wrong })
    await tellAdmin()
    for (const channel of ['WEBHOOK', 'APP_PUSH'] as const)
      expect(await deliveryBy(w, channel)).to.include({ status: 'FAILED', attempts: 1 })
    expect(client.heard).to.deep.equal([])
  })

  it('whose outcome cannot be written down is FAILED once its job is, says so, and is tried again when somebody asks', async () => {
    const webhookId = await addWebhook()
    await w.owner.raw('alter table deliveries add constraint broken check (provider_response is null)')
    const id = await tell(w, 'admin')
    const { jobId } = await deliveryBy(w, 'WEBHOOK')
    const queue = w.runtime.queues.get('webhooks')
    await until('the job failed for good', async () => {
      const job = await queue.getJob(jobId ?? '')
      w.clock.moveTo(plusMs(w.clock.now(), MINUTE))
      if (await job?.isDelayed()) await job?.promote()
      return (await deliveryBy(w, 'WEBHOOK')).status === 'FAILED'
    })
    expect((await admin.get(`/webhooks/${webhookId}`)).body.failingSince).not.to.equal(null)
    expect(await explained(admin, id, 'WEBHOOK')).to.include(`job ${jobId}`)
    await w.owner.raw('alter table deliveries drop constraint broken')
    const { id: deliveryId } = await deliveryBy(w, 'WEBHOOK')
    expect((await admin.post(`/notifications/deliveries/${deliveryId}/retry`)).status).to.equal(201)
    await w.settle()
    expect((await deliveryBy(w, 'WEBHOOK')).status).to.equal('DELIVERED')
  })
})
