import { expect } from 'chai'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { openRealtime } from '../../realtime/server.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { caller } from '../support/client.ts'
import { openSocket, type Frame, type Socket } from '../support/socket.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const isHello = (frame: Frame): boolean => frame.t === 'hello'

describe('the socket door', () => {
  let w: World
  let employee: Person
  const open: Socket[] = []
  const nodes: (() => Promise<void>)[] = []
  before(async () => {
    w = await aWorld()
    employee = await w.as('employee')
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((socket) => socket.close()))
  })
  after(async () => {
    await Promise.all(nodes.map((close) => close()))
    await w.end()
  })

  async function connect(
    query = '',
    headers: Record<string, string> = {},
    protocols?: string[],
  ): Promise<Socket> {
    const socket = await openSocket(w.socketUrl + query, { headers, ...(protocols && { protocols }) })
    open.push(socket)
    return socket
  }
  async function anotherNode(): Promise<{ port: number; close(): Promise<void> }> {
    const node = await openRealtime(w.runtime)
    let closed: Promise<void> | undefined
    nodes.push(() => (closed ??= node.close()))
    return { port: node.port, close: () => (closed ??= node.close()) }
  }
  const bearer = (person: Person) => ({ authorization: `Bearer ${person.accessToken}` })
  const tell = (key: string, n: number, size = 1): Promise<string> =>
    w.runtime.stream.append({
      key,
      channel: userChannel(employee.user.id),
      event: 'test.told',
      at: w.clock.now(),
      data: { n, text: 'x'.repeat(size) },
    })

  it('greets whoever brings a token in the header', async () => {
    const hello = await (await connect('', bearer(employee))).next(isHello)
    expect(hello['user']).to.deep.equal({
      id: employee.user.id,
      orgId: employee.user.orgId,
      role: 'EMPLOYEE',
      fullName: 'Nguyễn Thị Mai',
    })
    expect(hello['channels']).to.deep.equal([
      `user:${employee.user.id}`,
      `org:${employee.user.orgId}:EMPLOYEE`,
    ])
    expect(Object.keys(hello['epochs'])).to.have.length(w.runtime.config.STREAM_PARTITIONS)
    expect(hello['heartbeat']).to.equal(25)
  })

  it('lets what a ticket opened end with the token that it was taken with', async () => {
    const { exp } = JSON.parse(Buffer.from(employee.accessToken.split('.')[1] ?? '', 'base64url').toString())
    w.clock.moveTo(new Date(w.clock.now().getTime() + 60_000))
    const { body } = await employee.post('/auth/socket-ticket')
    expect((await (await connect(`?ticket=${body.ticket}`)).next(isHello))['tokenExpiresAt']).to.equal(
      new Date(exp * 1000).toISOString(),
    )
  })

  it('greets whoever brings a ticket, once', async () => {
    const { body } = await employee.post('/auth/socket-ticket')
    expect((await (await connect(`?ticket=${body.ticket}`)).next(isHello))['user'].id).to.equal(
      employee.user.id,
    )
    expect(await (await connect(`?ticket=${body.ticket}`)).closed).to.deep.equal({
      code: 4401,
      reason: 'bad_token',
    })
  })

  it('greets whoever says who they are in the first frame, and closes on whoever does not', async () => {
    const socket = await connect()
    socket.send({ c: 'auth', ref: 1, token: employee.accessToken })
    expect((await socket.next((frame) => frame.t === 'reply'))['ok']).to.equal(true)
    expect((await socket.next(isHello))['user'].id).to.equal(employee.user.id)

    const liar = await connect()
    liar.send({ c: 'auth', ref: 1, token: 'made-up' })
    expect((await liar.next((frame) => frame.t === 'reply'))['error']).to.include({
      status: 401,
      code: 'unauthorized',
    })
    expect(await liar.closed).to.deep.equal({ code: 4401, reason: 'bad_token' })

    const silent = await connect()
    await w.advance('6 seconds')
    expect(await silent.closed).to.deep.equal({ code: 4203, reason: 'auth_timeout' })
  })

  it('refuses tokens that are none, pages of strangers, and other protocols', async () => {
    expect(await refusalOf(connect('', { authorization: 'Bearer nonsense' }))).to.contain('401')
    expect(await refusalOf(connect('', { ...bearer(employee), origin: 'https://evil.example' }))).to.contain(
      '403',
    )
    expect(await refusalOf(connect('', bearer(employee), ['graphql-ws']))).to.contain('400')
  })

  it('delivers the log to every socket in one order, the bytes as they stand there', async () => {
    const [one, two] = [await connect('', bearer(employee)), await connect('', bearer(employee))]
    await Promise.all([one.next(isHello), two.next(isHello)])
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => tell(`order-${n}`, n)))
    await Promise.all([one, two].map((socket) => socket.next((frame) => frame.id === ids.at(-1))))
    const heard = (socket: Socket): string[] => socket.events('test.told').map((frame) => frame.id ?? '')
    expect(heard(one)).to.deep.equal(ids)
    expect(heard(two)).to.deep.equal(ids)
  })

  it('answers every command once, wrong ones with the problem that REST would give', async () => {
    const socket = await connect('', bearer(employee))
    await socket.next(isHello)
    expect((await socket.command('ping'))['ok']).to.equal(true)
    expect(
      (await socket.command('subscribe', { channel: `user:${employee.user.id}` }))['data'].channel,
    ).to.equal(`user:${employee.user.id}`)
    const [foreign, unknown] = [
      await socket.command('subscribe', { channel: `user:${await w.idOf('foreigner')}` }),
      await socket.command('subscribe', { channel: 'room:nowhere' }),
    ]
    expect(foreign['error']).to.include({ status: 404, code: 'not_found' })
    expect(foreign['error']).to.deep.equal(unknown['error'])
    const malformed = await socket.command('subscribe', { room: 1, extra: 2 })
    expect(malformed['error'].errors.map((each: { path: string }) => each.path)).to.have.members([
      '/data/channel',
      '/data/room',
      '/data/extra',
    ])
    socket.send('{"c":')
    expect(
      (await socket.next((frame) => frame.t === 'reply' && frame['ref'] === null))['error'].status,
    ).to.equal(400)
  })

  it('no longer delivers what somebody unsubscribed from', async () => {
    const socket = await connect('', bearer(employee))
    await socket.next(isHello)
    await socket.command('unsubscribe', { channel: userChannel(employee.user.id) })
    await tell('unheard', 1)
    await socket.command('subscribe', { channel: userChannel(employee.user.id) })
    const id = await tell('heard', 2)
    await socket.next((frame) => frame.id === id)
    expect(socket.events('test.told').map((frame) => frame['data'].n)).to.deep.equal([2])
  })

  it('slows down whoever commands too fast, and closes on whoever does not stop', async () => {
    const socket = await connect('', bearer(employee))
    await socket.next(isHello)
    for (let n = 0; n < 41; n++) socket.send({ c: 'ping', ref: n })
    expect((await socket.next((frame) => frame['ref'] === 39))['ok']).to.equal(true)
    expect((await socket.next((frame) => frame['ref'] === 40))['error']).to.include({ status: 429 })
    for (let n = 0; n < 60; n++) socket.send({ c: 'ping', ref: n })
    expect((await socket.closed).code).to.equal(4202)
  })

  it('closes on frames over 64 KiB, and on binary ones', async () => {
    const [large, binary] = [await connect('', bearer(employee)), await connect('', bearer(employee))]
    large.send('x'.repeat(65_537))
    expect((await large.closed).code).to.be.oneOf([1006, 1009])
    binary.send(Buffer.from([1, 2, 3]))
    expect((await binary.closed).code).to.equal(4400)
  })

  it('closes a reader that does not read, after a prefix without a gap, and nobody else waits', async () => {
    const [slow, quick] = [await connect('', bearer(employee)), await connect('', bearer(employee))]
    await Promise.all([slow.next(isHello), quick.next(isHello)])
    slow.pause()
    const megabyte = 20
    // More than the kernel and the proxy keep for a reader, so that the backlog reaches the server.
    for (let n = 0; n < 60 * megabyte; n++) await tell(`flood-${n}`, n, 50_000)
    await quick.next((frame) => frame['data']?.n === 60 * megabyte - 1)
    slow.resume()
    await slow.closed
    const numbers = slow.events('test.told').map((frame) => frame['data'].n)
    expect(numbers.length).to.be.lessThan(60 * megabyte)
    expect(numbers).to.deep.equal(Array.from({ length: numbers.length }, (_, n) => n))
  })

  it('is closed within two seconds when its session ends, on every node', async () => {
    const owner = await w.as('owner')
    const other = await anotherNode()
    const here = await connect('', bearer(owner))
    const there = await openSocket(`ws://127.0.0.1:${other.port}/ws`, { headers: bearer(owner) })
    await Promise.all([here.next(isHello), there.next(isHello)])
    await owner.post('/auth/logout')
    expect(await here.closed).to.deep.equal({ code: 4402, reason: 'session_ended' })
    expect(await there.closed).to.deep.equal({ code: 4402, reason: 'session_ended' })
  })

  it('is not opened with the token of a session that has ended, whichever node knows it from the log or from the rows', async () => {
    const supervisor = await w.as('supervisor')
    await supervisor.post('/auth/logout')
    await w.runtime.outbox.settled()
    const later = await anotherNode()
    for (const url of [w.socketUrl, `ws://127.0.0.1:${later.port}/ws`]) {
      const socket = await openSocket(url, { headers: bearer(supervisor) })
      expect(await socket.closed, url).to.deep.equal({ code: 4402, reason: 'session_ended' })
      expect(socket.frames).to.deep.equal([])
    }
  })

  it('is not opened by a token that a program had made for an hour, long after its session has ended', async () => {
    const admin = await w.as('admin')
    const { body: key } = await admin.post('/api-keys', { name: 'App', scopes: ['tokens:write'] })
    const ask = { userId: await w.idOf('driver'), ttl: 3600 }
    const { body: made } = await caller(w.url, key.key).post('/auth/token', ask)
    const driver = caller(w.url, made.accessToken)
    const [session] = (await driver.get('/auth/sessions')).body
    await driver.delete(`/auth/sessions/${session.id}`)
    await w.advance('30 minutes')
    const later = await anotherNode()
    const socket = await openSocket(`ws://127.0.0.1:${later.port}/ws`, { headers: bearer(made) })
    expect(await socket.closed).to.deep.equal({ code: 4402, reason: 'session_ended' })
  })

  it('says goodbye when its node goes away', async () => {
    const other = await anotherNode()
    const socket = await openSocket(`ws://127.0.0.1:${other.port}/ws`, { headers: bearer(employee) })
    await socket.next(isHello)
    await other.close()
    expect(await socket.next((frame) => frame.t === 'bye')).to.include({ reconnect: true })
    expect(await socket.closed).to.deep.equal({ code: 4000, reason: 'going_away' })
  })

  it('ends with its token, unless a new one comes in time', async () => {
    const person = await w.as('sic')
    const [renewing, forgetful] = [await connect('', bearer(person)), await connect('', bearer(person))]
    await Promise.all([renewing.next(isHello), forgetful.next(isHello)])
    await w.advance('6 days')
    const { body } = await w.anybody.post('/auth/refresh', { refreshToken: person.refreshToken })
    expect((await renewing.command('token', { token: body.accessToken }))['ok']).to.equal(true)
    await w.advance('2 days')
    expect(await forgetful.closed).to.deep.equal({ code: 4001, reason: 'token_expired' })
    expect((await renewing.command('ping'))['ok']).to.equal(true)
  })
})

describe('the socket door, when Redis loses its data', () => {
  it('tells everybody to fetch, and goes on', async () => {
    const w = await aWorld()
    const employee = await w.as('employee')
    const socket = await employee.socket()
    const { stream } = w.runtime
    await loseLog(w)
    const refetch = await socket.next(
      (frame) => frame.t === 'refetch' && frame['channels'].includes(userChannel(employee.user.id)),
    )
    expect(refetch['reason']).to.equal('log_lost')
    const id = await stream.append({
      key: 'after',
      channel: userChannel(employee.user.id),
      event: 'test.told',
      at: w.clock.now(),
      data: {},
    })
    await socket.next((frame) => frame.id === id)
    await w.end()
  })
})

describe('the socket door, when the end of a session was said in a log that is lost', () => {
  it('closes the sockets of the session all the same', async () => {
    const w = await aWorld()
    const [employee, driver] = [await w.as('employee'), await w.as('driver')]
    const [socket, other] = [await employee.socket(), await driver.socket()]
    await w.runtime.db('sessions').where({ userId: employee.user.id }).update({ endedAt: w.clock.now() })
    await loseLog(w)
    expect(await socket.closed).to.deep.equal({ code: 4402, reason: 'session_ended' })
    expect((await other.command('ping'))['ok']).to.equal(true)
    await w.end()
  })
})

/** Time goes on, so that the next heartbeat is one that the log has not had. */
async function loseLog({ clock, runtime: { redis, stream } }: World): Promise<void> {
  for (let partition = 0; partition < stream.partitions; partition++)
    await redis.del(stream.logKey(partition), stream.headKey(partition))
  clock.moveTo(plusMs(clock.now(), MINUTE))
}

async function refusalOf(connecting: Promise<Socket>): Promise<string> {
  return connecting.then(
    () => 'let in',
    (error: Error) => error.message,
  )
}
