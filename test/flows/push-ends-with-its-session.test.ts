import { expect } from 'chai'
import { createECDH } from 'node:crypto'
import { aPushBrowser } from '../support/browser-push.ts'
import { caller, type Caller } from '../support/client.ts'
import { deliveriesBy, deliveryBy, explained, tell } from '../support/deliveries.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { aWorld, type World } from '../support/world.ts'

const vapid = createECDH('prime256v1')
vapid.generateKeys()
const VAPID = {
  VAPID_SUBJECT: 'mailto:ops@bellhop.test',
  VAPID_PUBLIC_KEY: vapid.getPublicKey('base64url'),
  VAPID_PRIVATE_KEY: vapid.getPrivateKey('base64url'),
}

describe('a browser that gets push messages', () => {
  let w: World
  let client: HttpPeer
  beforeEach(async () => {
    client = await anHttpPeer()
    client.answer = { status: 201 }
    w = await aWorld({
      with: ['api', 'workers'],
      env: { ...VAPID, OUTGOING_ALLOWED: '127.0.0.1', PUSH_ALLOWED: '127.0.0.1' },
    })
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const signIn = async (email = 'employee@demo.test', password = 'bellhop-demo'): Promise<Caller> =>
    caller(w.url, (await w.anybody.post('/auth/login', { email, password })).body.accessToken)
  const subscribe = async (by: Caller, path = '/browser'): Promise<string> =>
    (
      await by.post('/notifications/subscriptions', {
        endpoint: client.url + path,
        keys: aPushBrowser().keys,
      })
    ).body.id
  /** Told while the push service is not well, so that the delivery waits for its next attempt. */
  const tellAndWait = async (): Promise<string> => {
    client.answer = { status: 503 }
    const id = await tell(w, 'employee')
    await w.settle()
    client.answer = { status: 201 }
    client.heard.length = 0
    return id
  }
  const mustBeSkipped = async (notificationId: string): Promise<void> => {
    await w.advance('1 minute')
    expect(client.heard).to.deep.equal([])
    expect(await deliveryBy(w, 'APP_PUSH')).to.include({ status: 'SKIPPED', reason: 'subscription_over' })
    expect(await explained(await w.as('employee'), notificationId, 'APP_PUSH')).to.include('đã đăng xuất')
  }

  for (const next of ['manager@demo.test', 'employee@other.test']) {
    it(`shows ${next}, who signs in there next, nothing that waited for the one before`, async () => {
      const first = await subscribe(await signIn())
      const waiting = await tellAndWait()
      const nextPerson = await signIn(next)
      expect(await subscribe(nextPerson)).not.to.equal(first)
      await mustBeSkipped(waiting)
      expect((await nextPerson.get('/notifications/subscriptions')).body).to.have.length(1)
      expect((await (await signIn()).get('/notifications/subscriptions')).body).to.deep.equal([])
    })
  }

  it('keeps its subscription when the same person subscribes it again', async () => {
    const by = await signIn()
    const id = await subscribe(by)
    expect(await subscribe(await signIn())).to.equal(id)
    expect((await by.post('/auth/logout')).status).to.equal(200)
    await tell(w, 'employee')
    await w.settle()
    expect(client.heard).to.have.length(1)
  })

  const endings: Record<string, (by: Caller) => Promise<unknown>> = {
    'is signed out': (by) => by.post('/auth/logout'),
    'gets a new password': async () =>
      (await w.as('admin')).post(`/users/${await w.idOf('employee')}/password`, { password: 'bellhop-demo' }),
    'is not seen for so long that the session expires': () => w.advance('8 days'),
  }
  for (const [what, end] of Object.entries(endings)) {
    it(`hears nothing more once its person ${what}, and others of theirs do`, async () => {
      const by = await signIn()
      await subscribe(by)
      await end(by)
      await subscribe(await signIn(), '/other')
      await tell(w, 'employee')
      await w.settle()
      expect(client.heard.map(({ path }) => path)).to.deep.equal(['/other'])
    })
  }

  it('hears nothing of what waited when its person signed out', async () => {
    const by = await signIn()
    await subscribe(by)
    const waiting = await tellAndWait()
    await by.post('/auth/logout')
    await mustBeSkipped(waiting)
  })

  it('that an earlier release subscribed hears until its person is signed in nowhere', async () => {
    const by = await signIn()
    const id = await subscribe(by)
    await w.runtime.db('push_subscriptions').where({ id }).update({ sessionId: null })
    await tell(w, 'employee')
    await w.settle()
    await by.post('/auth/logout')
    await w.advance('1 second')
    await tell(w, 'employee')
    await w.settle()
    expect((await deliveriesBy(w, 'APP_PUSH')).map(({ status }) => status)).to.deep.equal(['SENT', 'SKIPPED'])
  })
})
