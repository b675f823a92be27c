import { expect } from 'chai'
import { WebSocket } from 'ws'
import { freePort } from '../../bin/embedded/ports.ts'
import {
  connect,
  type Client,
  type Options,
  type State,
  type StateReason,
} from '../../client/src/socket/connect.ts'
import { openRealtime, type Realtime } from '../../realtime/server.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { gate } from '../support/gate.ts'
import { openSocket } from '../support/socket.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)

/** A client, and everything that it said to its page. */
interface Watched {
  client: Client
  told: number[]
  refetches: { reason: string; channels: string[] }[]
  states: State[]
  whys: (StateReason | undefined)[]
  /** Sockets that it made, the present one last. */
  sockets: WebSocket[]
  /** Frames that it sent, on all of them. */
  sent: { c: string; ref: string }[]
}

describe('the client', () => {
  let w: World
  let employee: Person
  let clients: Client[]
  let nodes: Realtime[]
  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    w = await aWorld({ env })
    employee = await w.as('employee')
    ;[clients, nodes] = [[], []]
  }
  afterEach(async () => {
    for (const client of clients) client.close()
    await Promise.all(nodes.map((node) => node.close()))
    await w.end()
  })

  function watch(
    options: Partial<Options> = {},
    touch: (socket: WebSocket) => void = () => undefined,
  ): Watched {
    const watched: Omit<Watched, 'client'> = {
      told: [],
      refetches: [],
      states: [],
      whys: [],
      sockets: [],
      sent: [],
    }
    class Socket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        watched.sockets.push(this)
        touch(this)
      }

      override send(data: string): void {
        watched.sent.push(JSON.parse(data))
        super.send(data)
      }
    }
    const client = connect({
      url: w.url,
      token: () => employee.accessToken,
      WebSocket: Socket,
      pauses: { first: 20, longest: 200 },
      onRefetch: (refetch) => watched.refetches.push(refetch),
      onState: (state, why) => {
        watched.states.push(state)
        watched.whys.push(why)
      },
      ...options,
    })
    clients.push(client)
    client.onAny((data, { ev }) => {
      if (ev === 'test.told') watched.told.push((data as { n: number }).n)
    })
    return { ...watched, client }
  }
  const isLive = ({ client }: Watched) => until('the client is live', async () => client.state === 'live')
  const hasHeard = ({ told }: Watched, n: number) => until(`it has heard ${n}`, async () => told.includes(n))
  const tell = (n: number, channel = userChannel(employee.user.id)): Promise<string> =>
    w.runtime.stream.append({
      key: `${channel}.${n}`,
      channel,
      event: 'test.told',
      at: w.clock.now(),
      data: { n },
    })
  const cut = ({ sockets }: Watched): void => sockets.at(-1)?.terminate()

  it('hears everything once and in order while its connections break at random moments', async () => {
    await begin({ STREAM_PARTITIONS: '2' })
    const watched = watch({}, (socket) =>
      socket.on('message', () => {
        if (Math.random() < 0.08) socket.terminate()
      }),
    )
    await isLive(watched)
    let n = 0
    while (n < 300 || watched.sockets.length < 15) await tell(n++)
    await hasHeard(watched, n - 1)
    expect(watched.told).to.deep.equal(numbers(0, n))
    expect(watched.refetches).to.deep.equal([])
  })

  it('keeps its place in every partition', async () => {
    await begin({ STREAM_PARTITIONS: '8' })
    const [own, role] = [userChannel(employee.user.id), roleChannel(employee.user.orgId, 'EMPLOYEE')]
    const watched = watch({}, (socket) =>
      socket.on('message', () => {
        if (Math.random() < 0.05) socket.terminate()
      }),
    )
    await isLive(watched)
    for (const n of numbers(0, 100)) await Promise.all([tell(n, own), tell(1000 + n, role)])
    await Promise.all([hasHeard(watched, 99), hasHeard(watched, 1099)])
    expect(watched.told.filter((n) => n < 1000)).to.deep.equal(numbers(0, 100))
    expect(watched.told.filter((n) => n >= 1000)).to.deep.equal(numbers(1000, 1100))
  })

  it('asks its page to fetch exactly when the log could not reach', async () => {
    await begin({ STREAM_PARTITIONS: '1', STREAM_MAX_LENGTH: '100', RING_ENTRIES: '100' })
    let held = gate()
    held.open()
    const watched = watch({
      token: async () => {
        await held.opened
        return employee.accessToken
      },
    })
    await isLive(watched)
    const away = async (missed: number[]): Promise<void> => {
      held = gate()
      cut(watched)
      await until('it has noticed', async () => watched.client.state === 'connecting')
      for (const n of missed) await tell(n)
      held.open()
      await until('it is back', async () => watched.states.at(-1) === 'live')
    }
    await away(numbers(0, 50))
    expect([watched.told, watched.refetches]).to.deep.equal([numbers(0, 50), []])
    await away(numbers(50, 400))
    expect(watched.refetches).to.deep.equal([
      {
        reason: 'unreachable',
        channels: [`user:${employee.user.id}`, `org:${employee.user.orgId}:EMPLOYEE`],
      },
    ])
    await away([400])
    expect([watched.told, watched.refetches.length]).to.deep.equal([numbers(0, 51).with(50, 400), 1])
  })

  it('goes on from where an earlier one stood, and from the X-Cursor of an answer', async () => {
    await begin()
    const first = watch()
    await isLive(first)
    await tell(0)
    await hasHeard(first, 0)
    first.client.close()
    const { headers } = await employee.get('/notifications')
    for (const n of [1, 2]) await tell(n)
    for (const from of [first.client.cursor(), headers.get('x-cursor') ?? '']) {
      const second = watch({ from })
      await isLive(second)
      expect(second.told).to.deep.equal([1, 2])
    }
  })

  it('brings a newer token before the old one ends, and stays', async () => {
    await begin({ ACCESS_TOKEN_TTL: '2s' })
    const START = w.clock.now().getTime()
    let { refreshToken } = employee
    let fresh = employee.accessToken
    const watched = watch({
      token: async () => {
        if (w.clock.now().getTime() === START) return fresh
        const { body } = await w.anybody.post('/auth/refresh', { refreshToken })
        ;({ refreshToken, accessToken: fresh } = body)
        return fresh
      },
    })
    await isLive(watched)
    const forgetful = await employee.socket()
    await w.advance('1 second')
    await until(
      'it has renewed its token',
      async () => watched.sent.some(({ c }) => c === 'token') && fresh !== employee.accessToken,
    )
    await watched.client.command('ping')
    await w.advance('1 second')
    expect((await forgetful.closed).code).to.equal(4001)
    await watched.client.command('ping')
    expect([watched.states, watched.sockets.length]).to.deep.equal([['live'], 1])
  })

  it('ends with its session, and does not come back', async () => {
    await begin()
    const owner = await w.as('owner')
    const watched = watch({ token: () => owner.accessToken })
    await isLive(watched)
    await owner.post('/auth/logout')
    await until('it has ended', async () => watched.client.state === 'ended')
    expect(watched.states).to.deep.equal(['live', 'ended'])
    expect(watched.whys.at(-1)).to.deep.equal({ code: 4402, reason: 'session_ended' })
    expect(await refusalOf(watched.client.command('ping'))).to.equal('ended')
    expect(watched.sockets).to.have.length(1)
  })

  it('ends when its token is refused and there is no other, and comes back when there is', async () => {
    await begin()
    const hopeless = watch({ token: () => 'made-up' })
    await until('it has ended', async () => hopeless.client.state === 'ended')
    expect(hopeless.sockets).to.have.length(1)
    const tokens = ['made-up', employee.accessToken]
    const hopeful = watch({ token: () => tokens.shift() ?? employee.accessToken })
    await isLive(hopeful)
    expect(hopeful.states).to.deep.equal(['away', 'connecting', 'live'])
    const signedOut = watch({ token: () => undefined })
    await until('it has ended', async () => signedOut.client.state === 'ended')
    expect(signedOut.sockets).to.deep.equal([])
  })

  it('comes back after a goodbye, to what it missed meanwhile', async () => {
    await begin()
    const runtime = { ...w.runtime, config: { ...w.runtime.config, REALTIME_PORT: await freePort() } }
    const node = await openRealtime(runtime)
    const watched = watch({ url: `ws://127.0.0.1:${node.port}/ws` })
    await isLive(watched)
    await tell(0)
    await hasHeard(watched, 0)
    await node.close()
    expect(watched.whys.find(Boolean)).to.deep.equal({ code: 4000, reason: 'going_away' })
    await tell(1)
    nodes.push(await openRealtime(runtime))
    await hasHeard(watched, 1)
    expect(watched.told).to.deep.equal([0, 1])
  })

  it('keeps commands while it is away, and sends each once, in their order', async () => {
    await begin()
    const held = gate()
    const watched = watch({
      token: async () => {
        await held.opened
        return employee.accessToken
      },
      queue: 30,
    })
    const asked = numbers(0, 30).map((n) =>
      watched.client.command('presence.query', { userIds: n === 0 ? [employee.user.id] : [] }),
    )
    expect(await refusalOf(watched.client.command('ping'))).to.equal('queue_full')
    held.open()
    const since = performance.now()
    expect(await Promise.all(asked)).to.have.length(30)
    // At half the speed that the server takes: 20 at once, and 10 a second.
    expect(performance.now() - since).to.be.greaterThan(900)
    const refs = watched.sent.filter(({ c }) => c === 'presence.query').map(({ ref }) => Number(ref))
    expect(refs).to.deep.equal(refs.toSorted((a, b) => a - b))
    expect(new Set(refs).size).to.equal(30)
  })

  it('sends again what was not answered when that does no harm, and says of the rest that it cannot know', async () => {
    await begin()
    const watched = watch()
    await isLive(watched)
    const harmless = watched.client.command('presence.query', { userIds: [] })
    const unknown = refusalOf(watched.client.command('something.new', {}))
    cut(watched)
    expect(await unknown).to.equal('connection_lost')
    expect(await harmless).to.deep.equal({ online: [] })
    expect(watched.sent.filter(({ c }) => c === 'presence.query')).to.have.length(2)
  })

  it('rejects with the problem that REST would answer', async () => {
    await begin()
    const { client } = watch()
    const refused = await client.subscribe('room:nowhere').then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refused)
      .to.be.instanceOf(Error)
      .and.to.include({ status: 404, code: 'not_found', detail: 'Channel not found' })
  })

  it('leaves and takes up channels, also over a break', async () => {
    await begin()
    const watched = watch()
    await isLive(watched)
    await watched.client.unsubscribe(userChannel(employee.user.id))
    await tell(0)
    cut(watched)
    await until('it is back', async () => watched.sockets.length === 2 && watched.client.state === 'live')
    await tell(1)
    await watched.client.subscribe(userChannel(employee.user.id))
    await tell(2)
    await hasHeard(watched, 2)
    expect(watched.told).to.deep.equal([2])
  })

  it('notices that nothing comes any more, and comes back', async () => {
    await begin()
    const watched = watch({ silence: 100, probe: 300 })
    await isLive(watched)
    await tell(0)
    await hasHeard(watched, 0)
    watched.sockets.at(-1)?.pause()
    await until(
      'it has another connection',
      async () => watched.sockets.length > 1 && watched.client.state === 'live',
    )
    expect(watched.whys.find(Boolean)).to.deep.equal({ code: 1006, reason: 'silent' })
    await tell(1)
    await hasHeard(watched, 1)
    expect(watched.told).to.deep.equal([0, 1])
  })

  it('says no more once it is closed', async () => {
    await begin()
    const watched = watch()
    await isLive(watched)
    const ping = refusalOf(watched.client.command('something.new'))
    watched.client.close()
    expect(await ping).to.equal('connection_lost')
    const other = await openSocket(w.socketUrl, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    await other.next((frame) => frame.t === 'hello')
    await tell(0)
    await other.event('test.told')
    await other.close()
    expect([watched.told, watched.states.at(-1)]).to.deep.equal([[], 'closed'])
  })
})

async function refusalOf(asking: Promise<unknown>): Promise<string> {
  return asking.then(
    () => 'answered',
    ({ code }: { code: string }) => code,
  )
}
