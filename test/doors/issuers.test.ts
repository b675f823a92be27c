// People of other systems come with the tokens that they have there.

import { expect } from 'chai'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { anIssuingSystem, newKey, writeToken, type IssuingSystem } from '../support/issuer.ts'
import { mustBeProblem } from '../support/problems.ts'
import { openSocket } from '../support/socket.ts'
import { openSocketio } from '../support/socketio.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const AUDIENCE = 'bellhop'

describe('a token of another system', () => {
  let w: World
  let admin: Person
  let system: IssuingSystem
  beforeEach(async () => {
    system = await anIssuingSystem()
    w = await aWorld({ env: { OUTGOING_ALLOWED: '127.0.0.1', DELIVERY_TIMEOUT: '1s' } })
    admin = await w.as('admin')
  })
  afterEach(async () => {
    await w.end()
    await system.close()
  })

  const trust = async (more: object = {}, by: Caller = admin): Promise<Reply> =>
    by.post('/organisation/issuers', {
      name: 'Ứng dụng',
      issuer: system.iss,
      audience: AUDIENCE,
      ...(!('publicKey' in more || 'sharedSecret' in more) && { jwksUrl: system.jwksUrl }),
      ...more,
    })
  const seconds = (after = 0): number => Math.floor(w.clock.now().getTime() / 1000) + after
  const claimsOf = (sub: string, more: object = {}): object => ({
    iss: system.iss,
    aud: AUDIENCE,
    sub,
    iat: seconds(),
    exp: seconds(600),
    ...more,
  })
  const tokenOf = (sub: string, more: object = {}): string => writeToken(claimsOf(sub, more), system.signing)
  const at = (token: string): Caller => caller(`${w.url}/api/v1`, token)
  const whoIs = (token: string): Promise<Reply> => at(token).get('/auth/me')
  const mustBeRefused = async (token: string, saying?: string): Promise<void> => {
    const reply = await whoIs(token)
    mustBeProblem(reply, 401, 'unauthorized')
    if (saying) expect(reply.body.detail).to.include(saying)
  }
  const put = async (externalId: string, more: object = {}): Promise<string> => {
    const scopes = ['users:write', 'act-as:admin']
    const { body } = await admin.post('/api-keys', { name: 'Nhân sự', scopes })
    const person = { email: `${externalId}@demo.test`, fullName: externalId, ...more }
    return (await caller(`${w.url}/api/v1`, body.key).put(`/users/external/${externalId}`, person)).body.id
  }

  it('opens REST, both kinds of sockets and the stream as its person, at once', async () => {
    const id = await put('hoa')
    expect((await trust()).status).to.equal(201)
    const token = tokenOf('hoa')
    expect((await whoIs(token)).body).to.include({ id, externalId: 'hoa' })
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${token}` } })
    expect((await socket.next((frame) => frame.t === 'hello'))['user'].id).to.equal(id)
    await socket.close()
    const inBand = await openSocket(w.socketUrl)
    inBand.send({ c: 'auth', ref: 1, token })
    expect((await inBand.next((frame) => frame.t === 'hello'))['user'].id).to.equal(id)
    await inBand.close()
    const older = openSocketio(`${w.url}/chat`, { auth: { token }, transports: ['websocket'] })
    expect((await older.asks('token', { token })).ok).to.equal(true)
    older.close()
    expect(system.peer.heard).to.have.length(2)
    expect((await admin.get('/audit/logs?action=login&limit=100')).body.filter(isOf(id))).to.have.length(1)
  })
  const isOf =
    (id: string) =>
    (row: { actorId: string }): boolean =>
      row.actorId === id

  it('is believed by its keys, whichever kind they are, and by no other', async () => {
    await put('hoa')
    const { signing, publicKey } = newKey()
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const { body: issuer } = await trust({ publicKey: pem })
    expect([issuer.publicKey, issuer.jwksUrl, issuer.hasSharedSecret]).to.deep.equal([pem, null, false])
    expect((await whoIs(writeToken(claimsOf('hoa'), signing))).status).to.equal(200)
    await mustBeRefused(tokenOf('hoa'))
    // The public key as a secret, which is known to everybody.
    await mustBeRefused(writeToken(claimsOf('hoa'), { alg: 'HS256', key: pem }))
    await mustBeRefused(writeToken(claimsOf('hoa'), { alg: 'none', key: '' }))
    const secret = 's'.repeat(32)
    const { body: changed } = await admin.patch(`/organisation/issuers/${issuer.id}`, {
      sharedSecret: secret,
    })
    expect([changed.publicKey, changed.hasSharedSecret]).to.deep.equal([null, true])
    expect(JSON.stringify(changed)).to.not.include(secret)
    expect((await whoIs(writeToken(claimsOf('hoa'), { alg: 'HS256', key: secret }))).status).to.equal(200)
    await mustBeRefused(writeToken(claimsOf('hoa', { jti: '2' }), signing))
    const [row] = await w.runtime.db('issuers').select('sharedSecret')
    expect(row.sharedSecret).to.not.include(secret)
  })

  it('opens nothing for another audience, after its end, before its time, without an end, or from nobody who is trusted', async () => {
    await put('hoa')
    await trust()
    await mustBeRefused(tokenOf('hoa', { aud: 'others' }))
    await mustBeRefused(tokenOf('hoa', { exp: seconds(-31), iat: seconds(-60) }), 'expired')
    await mustBeRefused(tokenOf('hoa', { nbf: seconds(120) }))
    await mustBeRefused(tokenOf('hoa', { exp: undefined }))
    await mustBeRefused(tokenOf('hoa', { iat: undefined }))
    await mustBeRefused(tokenOf('hoa', { iat: seconds(-90_000), exp: seconds(600) }))
    await mustBeRefused(tokenOf('hoa', { iss: 'https://stranger.example' }))
    await mustBeRefused(tokenOf('nobody'), 'Nobody here')
    expect((await whoIs(tokenOf('hoa', { aud: ['others', AUDIENCE] }))).status).to.equal(200)
  })

  it('is verified by a key that its issuer changed to, and each unknown one asks at most once a minute', async () => {
    await put('hoa')
    await trust()
    expect((await whoIs(tokenOf('hoa'))).status).to.equal(200)
    const before = system.rotate()
    expect((await whoIs(tokenOf('hoa', { jti: '2' }))).status).to.equal(200)
    await mustBeRefused(writeToken(claimsOf('hoa', { jti: '3' }), before))
    expect(system.peer.heard).to.have.length(2)
    for (const kid of ['x', 'y', 'z'])
      await mustBeRefused(writeToken(claimsOf('hoa'), { ...system.signing, kid }))
    expect(system.peer.heard).to.have.length(2)
    await w.advance('61 seconds')
    await mustBeRefused(writeToken(claimsOf('hoa'), { ...system.signing, kid: 'x' }))
    expect(system.peer.heard).to.have.length(3)
  })

  it('waits for no key set that hangs, and reads none that has no end', async () => {
    await put('hoa')
    await trust()
    const good = system.peer.answer
    system.peer.answer = { status: 200, body: JSON.stringify({ keys: [], more: 'x'.repeat(200_000) }) }
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
    await w.advance('11 seconds')
    system.peer.answer = 'trickles'
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
    await w.advance('11 seconds')
    system.peer.answer = { status: 302, headers: { location: 'http://127.0.0.1:1/' } }
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
    expect(system.peer.heard).to.have.length(3)
    await w.advance('11 seconds')
    system.peer.answer = good
    expect((await whoIs(tokenOf('hoa'))).status).to.equal(200)
    await w.advance('11 minutes')
    system.peer.answer = { status: 500 }
    expect((await whoIs(tokenOf('hoa'))).status).to.equal(200)
    await w.advance('1 hour')
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
  })

  it('opens its own organisation only', async () => {
    const foreign = await w.as('foreignAdmin')
    await put('hoa')
    await trust({}, foreign)
    await mustBeRefused(tokenOf('hoa'), 'Nobody here')
    mustBeProblem(await trust(), 409, 'conflict')
    const { body: own } = await trust({ audience: 'ours' })
    mustBeProblem(await foreign.delete(`/organisation/issuers/${own.id}`), 404, 'not_found')
    expect((await whoIs(tokenOf('hoa', { aud: 'ours' }))).status).to.equal(200)
    await mustBeRefused(tokenOf('hoa', { aud: ['ours', AUDIENCE] }))
  })

  it('ends by hand, with its time, with its issuer, and with its person', async () => {
    const id = await put('hoa')
    const { body: issuer } = await trust()
    const [first, second, third] = ['1', '2', '3'].map((jti) => tokenOf('hoa', { jti }))
    const sessions = (await at(first ?? '').get('/auth/sessions')).body
    expect(sessions.map(({ userAgent }: { userAgent: string }) => userAgent)).to.deep.equal(['Ứng dụng'])
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${first}` } })
    await socket.next((frame) => frame.t === 'hello')
    expect((await at(second ?? '').delete(`/auth/sessions/${sessions[0].id}`)).status).to.equal(200)
    expect((await socket.closed).code).to.equal(4402)
    await mustBeRefused(first ?? '')
    expect((await whoIs(second ?? '')).status).to.equal(200)
    await admin.patch(`/organisation/issuers/${issuer.id}`, { isEnabled: false })
    await mustBeRefused(second ?? '')
    await mustBeRefused(third ?? '')
    await admin.patch(`/organisation/issuers/${issuer.id}`, { isEnabled: true })
    await mustBeRefused(second ?? '')
    expect((await whoIs(third ?? '')).status).to.equal(200)
    await admin.patch(`/users/${id}`, { isActive: false })
    await mustBeRefused(third ?? '')
    await mustBeRefused(tokenOf('hoa', { jti: '4' }), 'not active')
    await admin.patch(`/users/${id}`, { isActive: true })
    const last = tokenOf('hoa', { jti: '5' })
    expect((await whoIs(last)).status).to.equal(200)
    await w.advance('601 seconds')
    await mustBeRefused(last)
    const another = tokenOf('hoa', { jti: '6' })
    expect((await whoIs(another)).status).to.equal(200)
    expect((await admin.get('/organisation/issuers')).body).to.have.length(1)
    expect((await admin.delete(`/organisation/issuers/${issuer.id}`)).status).to.equal(200)
    await mustBeRefused(another)
    expect((await admin.get(`/users/${id}`)).body.isActive).to.equal(true)
  })

  it('means by its address somebody of a named domain who has no name yet, where the address is proven', async () => {
    const employee = await w.idOf('employee')
    const address = { email: 'Employee@demo.test', email_verified: true }
    await trust({ emailDomains: ['elsewhere.test'] })
    const { body: issuer } = await trust({ audience: 'named', emailDomains: ['demo.test'] })
    await mustBeRefused(tokenOf('x', address), 'Nobody here')
    await mustBeRefused(tokenOf('x', { ...address, aud: 'named', email_verified: false }), 'Nobody here')
    expect((await whoIs(tokenOf('x', { ...address, aud: 'named' }))).body).to.include({
      id: employee,
      externalId: 'x',
    })
    await mustBeRefused(tokenOf('y', { ...address, aud: 'named' }), 'another name')
    // Without an ADMIN's word no token makes anybody an ADMIN, or is one.
    const boss = { email: 'admin@demo.test', email_verified: true, aud: 'named' }
    await mustBeRefused(tokenOf('boss', boss), 'sign in no ADMIN')
    await admin.patch(`/organisation/issuers/${issuer.id}`, { reaches: ['ADMIN'] })
    expect((await whoIs(tokenOf('boss', { ...boss, jti: '2' }))).body.role).to.equal('ADMIN')
  })

  it('adds whoever is new, and brings a new role, name and manager with the next one', async () => {
    await put('boss')
    const roleMap = { fleet_driver: 'DRIVER', desk: 'STAFF' }
    const claims = { role: 'realm_access.roles', manager: 'boss', department: 'unit' }
    const { status, body } = await trust({ provisioning: 'update', roleMap, claims, subjectPrefix: 'app:' })
    expect([status, body.roleMap, body.claims.emailVerified]).to.deep.equal([201, roleMap, 'email_verified'])
    const token = (roles: string[], more: object = {}): string =>
      tokenOf('7', { name: 'Lê Lan', realm_access: { roles }, ...more })
    const early = token(['fleet_driver'], { jti: 'early' })
    const first = await whoIs(token(['fleet_driver'], { unit: 'Kho' }))
    expect(first.body).to.include({
      externalId: 'app:7',
      role: 'DRIVER',
      fullName: 'Lê Lan',
      department: 'Kho',
    })
    const socket = await openSocket(w.socketUrl, {
      headers: { authorization: `Bearer ${token(['fleet_driver'], { unit: 'Kho' })}` },
    })
    await socket.next((frame) => frame.t === 'hello')
    await w.advance('5 seconds')
    const next = token(['desk', 'other'], { name: 'Lê Thị Lan' })
    expect((await whoIs(next)).body).to.include({ id: first.body.id, role: 'STAFF', fullName: 'Lê Thị Lan' })
    expect((await socket.closed).code).to.equal(4402)
    // Of before: it changes nothing back.
    expect((await whoIs(early)).body.role).to.equal('STAFF')
    expect((await whoIs(token([], { jti: '3' }))).body.role).to.equal('EMPLOYEE')
    mustBeProblem(await trust({ audience: 'x', roleMap: { chief: 'ADMIN' } }), 422, 'invalid')
    mustBeProblem(await trust({ audience: 'x', defaultRole: 'OWNER' }), 422, 'invalid')
    expect((await trust({ audience: 'x', roleMap: { chief: 'ADMIN' }, reaches: ['ADMIN'] })).status).to.equal(
      201,
    )
  })

  it('renews a socket in band, although each opens a session of its own', async () => {
    await put('hoa')
    await put('lan')
    await trust()
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${tokenOf('hoa')}` } })
    await socket.next((frame) => frame.t === 'hello')
    const refused = await socket.command('token', { token: tokenOf('lan') })
    expect([refused['ok'], refused['error'].code]).to.deep.equal([false, 'unauthorized'])
    const next = tokenOf('hoa', { exp: seconds(1200), jti: '2' })
    const { data } = await socket.command('token', { token: next })
    expect(data.tokenExpiresAt).to.equal(new Date(seconds(1200) * 1000).toISOString())
    const { body } = await at(next).get('/auth/sessions')
    const current = body.find((each: { isCurrent: boolean }) => each.isCurrent)
    await at(next).delete(`/auth/sessions/${current.id}`)
    expect((await socket.closed).code).to.equal(4402)
  })

  it('takes from an ADMIN only keys that verify something, from where they may be asked', async () => {
    for (const [wrong, saying] of [
      [{ jwksUrl: 'http://keys.example/set' }, 'https'],
      [{ publicKey: 'no key' }, 'PEM'],
      [{ sharedSecret: 'ş'.repeat(15) }, '32 bytes'],
      [{ jwksUrl: system.jwksUrl, sharedSecret: 's'.repeat(32) }, 'one of'],
    ] as const) {
      const reply = await trust(wrong)
      mustBeProblem(reply, 422, 'invalid')
      expect(reply.body.detail).to.include(saying)
    }
    await put('hoa')
    await trust({ jwksUrl: 'https://10.0.0.1/keys' })
    mustBeProblem(await whoIs(tokenOf('hoa')), 503, 'unavailable')
  })

  it('of many at once opens one session, and adds one person', async () => {
    await trust({ provisioning: 'create' })
    const token = tokenOf('new', { email: 'new@demo.test', email_verified: true })
    const replies = await Promise.all(Array.from({ length: 8 }, () => whoIs(token)))
    expect(new Set(replies.map(({ status, body }) => `${status} ${body.id}`)).size).to.equal(1)
    expect(replies[0]?.body).to.include({ email: 'new@demo.test', role: 'EMPLOYEE', fullName: 'new' })
    await until('one session', async () => (await at(token).get('/auth/sessions')).body.length === 1)
  })
})
