import { expect } from 'chai'
import { openRealtime } from '../../realtime/server.ts'
import { openPresenceStore } from '../../shared/kit/store/presence.ts'
import { gate } from '../support/gate.ts'
import { openSocket, type Frame, type Socket } from '../support/socket.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const isChangeOf =
  (person: Person, isOnline: boolean) =>
  (frame: Frame): boolean =>
    frame.ev === 'presence.changed' &&
    frame['data'].userId === person.user.id &&
    frame['data'].isOnline === isOnline

describe('presence', () => {
  let w: World
  let staff: Person
  let employee: Person
  let watching: Socket
  beforeEach(async () => {
    w = await aWorld()
    ;[staff, employee] = [await w.as('staff'), await w.as('employee')]
    watching = await staff.socket()
  })
  afterEach(() => w.end())

  const isOnline = async (person: Person): Promise<boolean> =>
    (await watching.command('presence.query', { userIds: [person.user.id] }))['data'].online.length === 1
  const counts = () => openPresenceStore(w.runtime.redis, w.runtime.config).counts(staff.user.orgId)

  it('tells the staff who comes and who goes, and counts them by role', async () => {
    expect(await isOnline(employee)).to.equal(false)
    const socket = await employee.socket()
    await watching.next(isChangeOf(employee, true))
    expect(await isOnline(employee)).to.equal(true)
    await until('both are counted', async () => Object.keys(await counts()).length === 2)
    expect(await counts()).to.deep.equal({ STAFF: 1, EMPLOYEE: 1 })
    await socket.close()
    await until('the node has noticed', async () =>
      w.runtime.metrics.sockets.get().then((metric) => metric.values[0]?.value === 1),
    )
    await w.advance('6 seconds')
    await watching.next(isChangeOf(employee, false))
    expect(await counts()).to.deep.equal({ STAFF: 1 })
  })

  it('takes nobody for gone who comes back within five seconds, on any node', async () => {
    const [first, other] = [await employee.socket(), await openRealtime(w.runtime)]
    await watching.next(isChangeOf(employee, true))
    await first.close()
    const second = await openSocket(`ws://127.0.0.1:${other.port}/ws`, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    await second.next((frame) => frame.t === 'hello')
    await w.advance('30 seconds')
    await until('the first node has looked', async () => (await watching.command('ping'))['ok'] === true)
    expect(await isOnline(employee)).to.equal(true)
    expect(watching.events('presence.changed').filter(isChangeOf(employee, false))).to.deep.equal([])
    await second.close()
    await other.close()
  })

  it('takes nobody for gone who comes back while others are seen off', async () => {
    const manager = await w.as('manager')
    const others = [await manager.socket(), await employee.socket()]
    await watching.next(isChangeOf(employee, true))
    for (const socket of others) await socket.close()
    await until('the node has noticed', async () =>
      w.runtime.metrics.sockets.get().then((metric) => metric.values[0]?.value === 1),
    )
    const { presence } = w.runtime
    const [depart, turn] = [presence.depart, gate()]
    let departures = 0
    presence.depart = async (...whom) => {
      if (departures++ === 0) await turn.opened
      return depart(...whom)
    }
    await w.advance('6 seconds')
    await until('the first is being seen off', async () => departures > 0)
    await employee.socket()
    turn.open()
    await watching.next(isChangeOf(manager, false))
    expect(await isOnline(employee)).to.equal(true)
  })

  it('is over for those of a node that was killed, after PRESENCE_TTL', async () => {
    const store = openPresenceStore(w.runtime.redis, w.runtime.config)
    await store.arrive(
      { orgId: employee.user.orgId, userId: employee.user.id, role: 'EMPLOYEE' },
      'a node that is no more',
      new Date(w.clock.now().getTime() + w.runtime.config.PRESENCE_TTL),
    )
    expect(await isOnline(employee)).to.equal(true)
    await w.advance('299 seconds')
    expect(await isOnline(employee)).to.equal(true)
    await w.advance('2 seconds')
    await watching.next(isChangeOf(employee, false))
    expect(await isOnline(employee)).to.equal(false)
  })

  it('is nothing that a customer or a colleague can ask about, nor another organisation', async () => {
    const [mine, foreign] = [await employee.socket(), await (await w.as('foreignAdmin')).socket()]
    await watching.next(isChangeOf(employee, true))
    expect(
      (await mine.command('presence.query', { userIds: [staff.user.id, employee.user.id] }))['data'],
    ).to.deep.equal({ online: [employee.user.id] })
    expect(
      (await foreign.command('presence.query', { userIds: [staff.user.id, employee.user.id] }))['data'],
    ).to.deep.equal({ online: [] })
    expect(
      foreign.events('presence.changed').filter((frame) => frame['data'].userId === employee.user.id),
    ).to.deep.equal([])
  })

  it('comes back by itself after Redis forgot it', async () => {
    await employee.socket()
    await watching.next(isChangeOf(employee, true))
    const keys = ['devices', 'nodes', 'roles', 'counts'].map(
      (part) => `{${w.runtime.config.BULLMQ_PREFIX}.presence.${employee.user.orgId}}:${part}`,
    )
    expect(await w.runtime.redis.del(keys)).to.equal(keys.length)
    expect(await isOnline(employee)).to.equal(false)
    await w.advance('101 seconds')
    await until('it is known again', async () => (await counts())['EMPLOYEE'] === 1)
  })
})

describe('too many sockets', () => {
  it('are refused with a time to come back, per person and per address', async () => {
    const w = await aWorld({ env: { MAX_SOCKETS_PER_USER: '2', MAX_SOCKETS_PER_ADDRESS: '4' } })
    const [employee, sic] = [await w.as('employee'), await w.as('sic')]
    await employee.socket()
    await employee.socket()
    const third = await openSocket(w.socketUrl, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    expect(await third.closed).to.deep.equal({ code: 4204, reason: 'too_many_sockets' })
    await sic.socket()
    await sic.socket()
    const refusal = await openSocket(w.socketUrl, {
      headers: { authorization: `Bearer ${sic.accessToken}` },
    }).then(
      () => 'let in',
      (error: Error) => error.message,
    )
    expect(refusal).to.contain('503')
    await w.end()
  })
})

describe('the stats of a node', () => {
  it('are for the ADMINs of the organisation that operates the installation', async () => {
    const w = await aWorld()
    const [admin, employee, foreignAdmin] = [
      await w.as('admin'),
      await w.as('employee'),
      await w.as('foreignAdmin'),
    ]
    await admin.socket()
    const stats = await admin.get('/realtime/stats')
    expect(stats.status).to.equal(200)
    expect(stats.body).to.deep.include({ sockets: 1, silentPartitions: [] })
    expect((await employee.get('/realtime/stats')).status).to.equal(403)
    expect((await foreignAdmin.get('/realtime/stats')).status).to.equal(403)
    expect((await w.anybody.get('/realtime/stats')).status).to.equal(401)
    await w.end()
  })
})
