// A network that swallows what is sent, and resets nothing, between us and whoever is outside: every attempt ends by our own
// deadline and says so, and others are served meanwhile.

import { createECDH } from 'node:crypto'
import { expect } from 'chai'
import { aPushBrowser } from '../support/browser-push.ts'
import { aCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts'
import { deliveriesBy, deliveryBy, tell } from '../support/deliveries.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { anS3Peer, type S3Peer } from '../support/s3-peer.ts'
import { mustBeProblem } from '../support/problems.ts'
import { formWith, PNG } from '../support/upload.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const vapid = createECDH('prime256v1')
vapid.generateKeys()
const VAPID = {
  VAPID_SUBJECT: 'mailto:ops@bellhop.test',
  VAPID_PUBLIC_KEY: vapid.getPublicKey('base64url'),
  VAPID_PRIVATE_KEY: vapid.getPrivateKey('base64url'),
}
/** More than a process has places for. */
const MANY = 12

describe('a network that swallows what goes outside', () => {
  let w: World
  let admin: Person
  let receiver: HttpPeer
  let mailServer: MailPeer
  let s3: S3Peer
  let lines: Record<'http' | 'mail' | 's3', CuttingProxy>
  before(async () => {
    ;[receiver, mailServer, s3] = [await anHttpPeer(), await aMailPeer(), await anS3Peer()]
    lines = {
      http: await aCuttingProxy(receiver.url),
      mail: await aCuttingProxy(mailServer.url),
      s3: await aCuttingProxy(String(s3.env['FILES_S3_ENDPOINT'])),
    }
  })
  after(async () => {
    for (const line of Object.values(lines)) await line.close()
    await Promise.all([receiver.close(), mailServer.close(), s3.close()])
  })
  afterEach(async () => {
    for (const line of Object.values(lines)) line.pass()
    receiver.heard.length = 0
    await w.end()
  })

  const begin = async (timeout: string): Promise<void> => {
    const outside = {
      ...VAPID,
      OUTGOING_ALLOWED: '127.0.0.1',
      PUSH_ALLOWED: '127.0.0.1',
      SMTP_URL: lines.mail.url.replace(/\/$/, ''),
      MAIL_FROM: 'a@bellhop.test',
    }
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        ...outside,
        ...s3.env,
        FILES_S3_ENDPOINT: lines.s3.url,
        DELIVERY_TIMEOUT: timeout,
        SHUTDOWN_DEADLINE: '1s',
      },
    })
    admin = await w.as('admin')
  }
  const subscribe = (endpoint: string) =>
    admin.post('/notifications/subscriptions', { endpoint, keys: aPushBrowser().keys })
  const addWebhook = (url: string) => admin.post('/webhooks', { channel: 'WEBHOOK', url })

  it('ends each attempt, says why, and what was attempted goes when the network is back', async () => {
    await begin('1s')
    await subscribe(lines.http.url)
    await addWebhook(lines.http.url)
    for (const line of Object.values(lines)) line.swallow('and all that come')
    mustBeProblem(await admin.post('/chat/attachments', formWith(PNG, 'a.png')), 503, 'unavailable')
    await tell(w, 'admin')
    const CHANNELS = ['EMAIL', 'APP_PUSH', 'WEBHOOK'] as const
    for (const channel of CHANNELS)
      await until(`${channel} was attempted`, async () => (await deliveryBy(w, channel)).lastError !== null)
    for (const channel of CHANNELS) {
      const { status, attempts, lastError } = await deliveryBy(w, channel)
      expect({ channel, status, attempts, lastError }).to.deep.equal({
        channel,
        status: 'PENDING',
        attempts: 1,
        lastError: 'no answer in time',
      })
    }
    for (const line of Object.values(lines)) line.pass()
    await w.advance('1 minute')
    expect(
      (await Promise.all(CHANNELS.map((channel) => deliveryBy(w, channel)))).map(({ status }) => status),
    ).to.deep.equal(['SENT', 'SENT', 'DELIVERED'])
    // One more may go over a connection that was made in the silence.
    await until(
      'files are taken again',
      async () => (await admin.post('/chat/attachments', formWith(PNG, 'a.png'))).status === 201,
    )
  })

  it('takes no place from other receivers, although two of them never answer', async () => {
    await begin('60s')
    const others = await anHttpPeer()
    const silent = [await aCuttingProxy(receiver.url), await aCuttingProxy(receiver.url)]
    for (const line of silent) {
      line.swallow('and all that come')
      await addWebhook(line.url)
    }
    for (let n = 0; n < MANY; n++) await tell(w, 'admin')
    await until(
      'they hold their places',
      async () => (await deliveriesBy(w, 'WEBHOOK')).filter(({ attempts }) => attempts > 0).length >= 6,
    )
    await addWebhook(others.url)
    for (let n = 0; n < MANY; n++) await tell(w, 'admin')
    await until('the third has heard everything', async () => others.heard.length === MANY)
    expect(receiver.heard).to.deep.equal([])
    for (const line of silent) await line.close()
    await others.close()
  })
})
