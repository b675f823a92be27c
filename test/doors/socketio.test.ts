import { expect } from 'chai'
import jwt from 'jsonwebtoken'
import { io } from 'socket.io-client'
import { openRealtime } from '../../realtime/server.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { TRIP } from '../support/people.ts'
import { openSocketio, type SocketioPerson } from '../support/socketio.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'
import { PATIENCE } from '../support/patience.ts'

type Options = Parameters<typeof openSocketio>[1]

describe('the Socket.IO door', () => {
  let w: World
  let employee: Person
  let manager: Person
  const open: SocketioPerson[] = []
  before(async () => {
    w = await aWorld({ env: { CORS_ORIGINS: 'https://app.example', SOCKET_QUERY_TOKEN: 'on' } })
    employee = await w.as('employee')
    manager = await w.as('manager')
  })
  afterEach(() => open.splice(0).forEach((each) => each.close()))
  after(() => w.end())

  function connect(namespace: string, options: Options = {}, origin = w.url): SocketioPerson {
    const socket = openSocketio(origin + namespace, options)
    open.push(socket)
    return socket
  }
  const as = (person: Person, more: Options = {}): Options => ({
    auth: { token: person.accessToken },
    ...more,
  })
  const tell = (person: Person, n: number, size = 1): Promise<string> =>
    w.runtime.stream.append({
      key: `told-${n}-${size}`,
      channel: userChannel(person.user.id),
      event: 'booking.changed',
      at: w.clock.now(),
      data: { n, text: 'x'.repeat(size) },
    })

  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`greets whoever brings a token, over ${transports.join(' and then ')}`, async () => {
      const greeting = { message: 'Connected', userId: employee.user.id }
      expect(await connect('/chat', as(employee, { transports })).hears('connected')).to.deep.include(
        greeting,
      )
      const header = { transports, extraHeaders: { Authorization: `Bearer ${employee.accessToken}` } }
      expect(await connect('/notifications', header).hears('connected')).to.deep.include(greeting)
      expect(
        await connect('/realtime', { transports, query: { token: employee.accessToken } }).hears('connected'),
      ).to.deep.include(greeting)
    })
  }

  it('says why it does not let somebody in, and disconnects them for good', async () => {
    for (const [options, message] of [
      [{}, 'An access token is missing (auth.token)'],
      [{ auth: { token: 'made-up' } }, 'The access token is not valid'],
      [{ auth: { token: 'made-up' }, transports: ['polling'] }, 'The access token is not valid'],
    ] as const) {
      const stranger = connect('/notifications', {
        ...options,
        transports: [...('transports' in options ? options.transports : ['websocket'])],
      })
      expect(await stranger.hears('error')).to.include({ message, status: 401, code: 'unauthorized' })
      expect(await stranger.ended).to.equal('io server disconnect')
      expect(stranger.heard.map(({ name }) => name)).to.deep.equal(['error'])
    }
  })

  it('takes a person named in id, as some issuers do, and no token without a session', async () => {
    const { header, payload } = jwt.decode(employee.accessToken, { complete: true }) as {
      header: jwt.JwtHeader
      payload: jwt.JwtPayload
    }
    const { sub, ...claims } = payload
    const [secret = ''] = w.runtime.config.JWT_SECRET
    const sign = (given: object): string => jwt.sign(given, secret, { header: { ...header, alg: 'HS256' } })
    expect(
      await connect('/chat', { auth: { token: sign({ ...claims, id: sub }) } }).hears('connected'),
    ).to.include({ userId: sub })
    expect(
      await connect('/chat', { auth: { token: sign({ ...claims, sub, sid: undefined }) } }).hears('error'),
    ).to.include({ status: 401 })
  })

  it('tells a manager of a booking that waits for them, and the staff of every booking', async () => {
    const staff = await w.as('staff')
    const [forManager, onDashboard, forStaff] = [
      connect('/notifications', as(manager)),
      connect('/realtime', as(manager)),
      connect('/realtime', as(staff, { transports: ['polling'] })),
    ]
    await Promise.all([forManager, onDashboard, forStaff].map((each) => each.hears('connected')))
    const { body: booking } = await employee.post('/bookings', TRIP)

    const notification = await forManager.hears('notification:new')
    expect(notification).to.deep.include({ type: 'approval_required', priority: 'high' })
    expect(notification).to.have.keys('id', 'type', 'title', 'message', 'data', 'timestamp', 'priority')
    expect(notification.data).to.deep.include({ booking_id: booking.id })
    expect(await onDashboard.hears('notification:new')).to.deep.include({
      type: 'approval',
      event: 'APPROVAL_REQUIRED',
      bookingId: booking.id,
    })
    expect(await onDashboard.hears('approval.requested')).to.deep.include({ bookingId: booking.id })
    const { message, ...created } = await forStaff.hears('booking.created')
    expect(created).to.deep.equal(booking)
    expect(message).to.equal(`${booking.bookingCode}, 2031-03-10 08:30`)
    const [approval] = (await manager.get('/approvals/pending')).body
    await manager.post(`/approvals/${approval.id}/approve`)
    expect(await forStaff.hears('booking.changed', (data) => data.id === booking.id)).to.include({
      status: 'PENDING',
    })
    expect(onDashboard.heard.filter(({ name }) => name === 'approval.requested')).to.have.length(1)
  })

  it('serves the clients of the requirement documents as they are', async () => {
    const staff = await w.as('staff')
    const dashboard = connect('/realtime', as(staff, { transports: ['websocket', 'polling'] }))
    const support = connect('/notifications', as(manager))
    const chat = connect(
      '/chat',
      as(employee, { extraHeaders: { Authorization: `Bearer ${employee.accessToken}` } }),
    )
    const shown: unknown[] = []
    dashboard.client.on('connected', ({ userId }) => shown.push(userId))
    dashboard.client.on('booking.created', ({ message }) => shown.push(message))
    support.client.on('notification:new', ({ title, priority }) => shown.push(`${priority}: ${title}`))
    chat.client.on('error', ({ message }) => shown.push(message))
    chat.client.on('connect', () => chat.client.emit('join_room', { roomId: employee.user.id }))
    await Promise.all([dashboard.hears('connected'), support.hears('connected'), chat.hears('error')])
    const { body: booking } = await employee.post('/bookings', TRIP)
    await Promise.all([dashboard.hears('booking.created'), support.hears('notification:new')])
    expect(shown).to.have.members([
      staff.user.id,
      'Room not found',
      `${booking.bookingCode}, 2031-03-10 08:30`,
      `high: Chờ bạn duyệt: Nguyễn Thị Mai, 10 thg 3, 2031 (${booking.bookingCode})`,
    ])
  })

  it('answers questions by their callback, and by an event where there is none', async () => {
    const socket = connect('/chat', as(employee))
    await socket.hears('connected')
    expect(await socket.asks('token', { token: employee.accessToken }))
      .to.deep.include({ ok: true })
      .and.have.nested.property('data.tokenExpiresAt')
    socket.client.emit('token', { token: employee.accessToken })
    expect(await socket.hears('token_renewed')).to.have.key('tokenExpiresAt')

    const refused = await socket.asks('token', { token: 'made-up' })
    expect(refused).to.deep.include({ ok: false })
    expect(refused.error).to.include({ message: 'The access token is not valid', status: 401 })
    socket.client.emit('token', { tokens: 1 })
    expect(
      (await socket.hears('error', ({ code }) => code === 'malformed')).errors.map(
        (each: { path: string }) => each.path,
      ),
    ).to.have.members(['/data/token', '/data/tokens'])
    expect((await socket.asks('constructor')).error).to.include({
      message: 'constructor is not spoken here',
      status: 400,
    })
    for (const name of ['toString', 'subscribe', 'error'])
      socket.client.emit(name, { channel: 'user:somebody' })
    for (const name of ['toString', 'subscribe', 'error'])
      await socket.hears('error', ({ message }) => message === `${name} is not spoken here`)
  })

  it('answers what was asked before it had looked at the token', async () => {
    const socket = connect('/realtime', as(employee))
    expect((await socket.asks('token', { token: employee.accessToken })).ok).to.equal(true)
    expect(socket.heard[0]?.name).to.equal('connected')
  })

  it('slows down whoever asks too fast, and hangs up on whoever does not stop', async () => {
    const socket = connect('/realtime', as(employee, { reconnection: false }))
    await socket.hears('connected')
    for (let n = 0; n < 50; n++) socket.client.emit('nonsense', n)
    await socket.hears('error', ({ status }) => status === 429)
    for (let n = 0; n < 60; n++) socket.client.emit('nonsense', n)
    await socket.hears('error', ({ code }) => code === 'rate_limited')
    await socket.ended
  })

  it('disconnects everybody of a session that ended, in every namespace, and leaves other sessions of the same client alone', async () => {
    const owner = await w.as('owner')
    const polling = connect('/realtime', as(owner, { transports: ['polling'] }))
    const shared = connect('/chat', as(owner, { transports: ['websocket'] }))
    const other = shared.client.io.socket('/realtime', { auth: { token: employee.accessToken } })
    await Promise.all([
      polling.hears('connected'),
      shared.hears('connected'),
      new Promise((resolve) => other.once('connected', resolve)),
    ])
    await owner.post('/auth/logout')
    for (const each of [polling, shared]) {
      expect(await each.hears('error')).to.deep.equal({
        message: 'The session has ended',
        code: 'session_ended',
      })
      expect(await each.ended).to.equal('io server disconnect')
    }
    expect((await other.timeout(PATIENCE).emitWithAck('token', { token: employee.accessToken })).ok).to.equal(
      true,
    )
    other.close()
  })

  it('ends with the token, unless a newer one comes in time', async () => {
    const sic = await w.as('sic')
    const [renewing, forgetful] = [connect('/chat', as(sic)), connect('/chat', as(sic))]
    await Promise.all([renewing, forgetful].map((each) => each.hears('connected')))
    await w.advance('6 days')
    const { body } = await w.anybody.post('/auth/refresh', { refreshToken: sic.refreshToken })
    expect((await renewing.asks('token', { token: body.accessToken })).ok).to.equal(true)
    await w.advance('2 days')
    expect(await forgetful.hears('error')).to.include({ message: 'The access token has expired' })
    expect(await forgetful.ended).to.equal('io server disconnect')
    expect((await renewing.asks('token', { token: body.accessToken })).ok).to.equal(true)
    employee = await reborn('employee')
    manager = await reborn('manager')
  })

  async function reborn(name: 'employee' | 'manager'): Promise<Person> {
    const { body } = await w.anybody.post('/auth/login', {
      email: `${name}@demo.test`,
      password: 'bellhop-demo',
    })
    return { ...(await w.as(name)), ...body }
  }

  it('refuses pages of strangers, and lets those of its friends read', async () => {
    const first = (origin: string): Promise<Response> =>
      fetch(`${w.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
    const [stranger, friend, own] = await Promise.all(
      ['https://evil.example', 'https://app.example', w.url].map(first),
    )
    expect(stranger?.status).to.equal(403)
    expect(stranger?.headers.get('access-control-allow-origin')).to.equal(null)
    expect([friend?.status, friend?.headers.get('access-control-allow-origin')]).to.deep.equal([
      200,
      'https://app.example',
    ])
    expect(own?.status).to.equal(200)
    const socket = connect(
      '/chat',
      as(employee, {
        transports: ['websocket'],
        extraHeaders: { origin: 'https://evil.example' },
        reconnection: false,
      }),
    )
    await new Promise((resolve) => socket.client.once('connect_error', resolve))
  })

  it('closes a reader that does not read, after a prefix without a gap, and nobody else waits', async () => {
    const node = await openRealtime(w.runtime)
    const origin = `http://127.0.0.1:${node.socketioPort}`
    const [slow, quick] = ['websocket', 'polling'].map((transport) =>
      connect('/realtime', as(employee, { transports: [transport], reconnection: false }), origin),
    )
    if (!slow || !quick) throw new Error('never')
    await Promise.all([slow.hears('connected'), quick.hears('connected')])
    const { ws } = slow.client.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }
    ws.pause()
    const floods = 600
    for (let n = 0; n < floods; n++) await tell(employee, n, 50_000)
    await quick.hears('booking.changed', (data) => data.n === floods - 1)
    ws.resume()
    await slow.ended
    const numbers = slow.heard.filter(({ name }) => name === 'booking.changed').map(({ data }) => data.n)
    expect(numbers.length).to.be.lessThan(floods)
    expect(numbers).to.deep.equal(Array.from({ length: numbers.length }, (_, n) => n))
    expect(await w.runtime.metrics.registry.getSingleMetricAsString('bellhop_socket_closes_total')).to.match(
      /slow_reader"\} [1-9]/,
    )
    await node.close()
  })

  it('closes on a client that no longer polls, too', async () => {
    const node = await openRealtime(w.runtime)
    const address = `http://127.0.0.1:${node.socketioPort}/socket.io/?EIO=4&transport=polling`
    const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1))
    const mine = `${address}&sid=${sid}`
    await fetch(mine, {
      method: 'POST',
      body: `40/realtime,${JSON.stringify({ token: employee.accessToken })}`,
    })
    let heard = ''
    await until('they are greeted', async () =>
      (heard += await (await fetch(mine)).text()).includes('connected'),
    )
    for (let n = 0; n < 60; n++) await tell(employee, n, 49_000)
    await until('they are gone', async () => (await w.runtime.metrics.sockets.get()).values[0]?.value === 0)
    expect((await fetch(mine)).status).to.equal(400)
    await node.close()
  })

  it('closes on frames over 64 KiB', async () => {
    const socket = connect('/realtime', as(employee, { transports: ['websocket'], reconnection: false }))
    await socket.hears('connected')
    socket.client.emit('token', { token: 'x'.repeat(65_537) })
    expect(await socket.ended).to.equal('transport close')
  })

  it('lets its clients go when its node goes away, so that they come back by themselves', async () => {
    const node = await openRealtime(w.runtime)
    const clients = ['websocket', 'polling'].map((transport) =>
      connect('/chat', as(employee, { transports: [transport] }), `http://127.0.0.1:${node.socketioPort}`),
    )
    await Promise.all(clients.map((each) => each.hears('connected')))
    await node.close()
    for (const each of clients) {
      expect(await each.ended).to.be.oneOf(['transport close', 'transport error'])
      expect(each.client.active).to.equal(true)
    }
    expect(await clients[0]?.hears('bye')).to.have.key('after')
  })

  it('counts its sockets with the others, and forgets who left', async () => {
    const sockets = async (): Promise<number> => (await w.runtime.metrics.sockets.get()).values[0]?.value ?? 0
    await until('the sockets of earlier tests are gone', async () => (await sockets()) === 0)
    const here = [connect('/chat', as(employee)), connect('/', as(employee))]
    await here[0]?.hears('connected')
    await until('both are counted', async () => (await sockets()) === 2)
    here.forEach((each) => each.close())
    await until('nobody is left', async () => (await sockets()) === 0)
  })

  it('tells the staff who comes and goes', async () => {
    const staff = connect('/', as(await reborn('manager')))
    const admin = connect(
      '/',
      as(await w.as('admin'), {
        auth: {
          token: (await w.anybody.post('/auth/login', { email: 'admin@demo.test', password: 'bellhop-demo' }))
            .body.accessToken,
        },
      }),
    )
    await until('both are in', async () => staff.client.connected && admin.client.connected)
    const driver = connect('/chat', {
      auth: {
        token: (await w.anybody.post('/auth/login', { email: 'driver@demo.test', password: 'bellhop-demo' }))
          .body.accessToken,
      },
    })
    await driver.hears('connected')
    const id = await w.idOf('driver')
    expect(await admin.hears('user_online', ({ userId }) => userId === id))
      .to.include({ isOnline: true })
      .and.have.property('lastSeen')
    driver.close()
    await until('they left', async () => !driver.client.connected)
    expect(staff.heard.filter(({ data }) => data?.userId === id)).to.deep.equal([])
  })
})

describe('the Socket.IO door, as it is by default', () => {
  it('takes no token in the address, and speaks no namespace that is not in the table', async () => {
    const w = await aWorld()
    const { accessToken } = await w.as('employee')
    const socket = openSocketio(`${w.url}/chat`, { query: { token: accessToken } })
    expect(await socket.hears('error')).to.include({ message: 'An access token is missing (auth.token)' })
    expect(await socket.ended).to.equal('io server disconnect')
    const elsewhere = io(`${w.url}/admin`, { auth: { token: accessToken }, reconnection: false })
    expect(
      await new Promise((resolve) => elsewhere.once('connect_error', ({ message }) => resolve(message))),
    ).to.equal('Invalid namespace')
    elsewhere.close()
    await w.end()
  })
})
