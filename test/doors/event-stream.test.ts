import { expect } from 'chai'
import { startApi } from '../../api/server.ts'
import { freePort } from '../../bin/embedded/ports.ts'
import { openRealtime, type Realtime } from '../../realtime/server.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { readEvents, type Reader } from '../support/event-stream.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)
const bearer = ({ accessToken }: Person): Record<string, string> => ({
  authorization: `Bearer ${accessToken}`,
})

describe('the stream of server-sent events', () => {
  let w: World
  let employee: Person
  let readers: Reader[]
  let nodes: Realtime[]
  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    w = await aWorld({ env: { STREAM_PARTITIONS: '2', ...env } })
    employee = await w.as('employee')
    ;[readers, nodes] = [[], []]
  }
  afterEach(async () => {
    for (const reader of readers) reader.close()
    await Promise.all(nodes.map((node) => node.close()))
    await w.end()
  })

  async function read(
    headers: Record<string, string> = bearer(employee),
    { path = '/events/stream', origin = w.url } = {},
  ): Promise<Reader> {
    const reader = await readEvents(origin + path, headers)
    readers.push(reader)
    return reader
  }
  async function anotherNode(): Promise<string> {
    const node = await openRealtime(w.runtime)
    nodes.push(node)
    return `http://127.0.0.1:${node.port}`
  }
  const refusalOf = (reading: Promise<Reader>): Promise<string> =>
    reading.then(
      () => 'let in',
      (error: Error) => error.message,
    )
  const tell = (n: number, to = employee.user.id, size = 1): Promise<string> =>
    w.runtime.stream.append({
      key: `${to}.${n}`,
      channel: userChannel(to),
      event: 'test.told',
      at: w.clock.now(),
      data: { n, text: 'x'.repeat(size) },
    })
  const heard = (reader: Reader): number[] => reader.heard('test.told').map(({ n }) => n)
  const isTold =
    (n: number) =>
    ({ data }: { data: { data?: { n?: number } } }): boolean =>
      data.data?.n === n

  /** Until the node has read it too: nothing of it is live for whoever comes then. */
  const tellBefore = async (all: readonly number[]): Promise<void> => {
    const watching = await read()
    await watching.event('hello')
    for (const n of all) await tell(n)
    await watching.next(isTold(all.at(-1) ?? 0))
    watching.close()
  }

  it('greets, and tells what happens as it happens, under every base path, through the API and directly', async () => {
    await begin()
    const paths = ['/events/stream', '/api/events/stream', '/api/v1/events/stream']
    const all = [
      ...(await Promise.all(paths.map((path) => read(bearer(employee), { path })))),
      await read(bearer(employee), { origin: await anotherNode() }),
    ]
    for (const reader of all) {
      expect(reader.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8')
      const hello = await reader.event('hello')
      expect(hello.data.channels).to.deep.equal([
        `user:${employee.user.id}`,
        `org:${employee.user.orgId}:EMPLOYEE`,
      ])
      expect(hello.retry).to.be.within(1000, 2000)
    }
    const id = await tell(1)
    for (const reader of all) {
      const { event, data } = await reader.next(isTold(1))
      expect(event).to.equal('test.told')
      expect(data).to.deep.include({ t: 'event', id, ch: userChannel(employee.user.id) })
    }
  })

  it('tells whoever comes back with their Last-Event-ID what they missed, in order and once, then goes on', async () => {
    await begin()
    const first = await read()
    await first.event('hello')
    await tell(0)
    const { id } = await first.next(isTold(0))
    first.close()
    await tellBefore(numbers(1, 40))
    const [byHeader, byQuery] = [
      await read({ ...bearer(employee), 'last-event-id': id }),
      await read(bearer(employee), { path: `/events/stream?lastEventId=${encodeURIComponent(id)}` }),
    ]
    for (const reader of [byHeader, byQuery]) expect((await reader.event('resumed')).data.count).to.equal(39)
    await tell(40)
    for (const reader of [byHeader, byQuery]) {
      await reader.next(isTold(40))
      expect(heard(reader)).to.deep.equal(numbers(1, 41))
    }
  })

  it('has an id behind every message from which a reader can go on, wherever it was cut off', async () => {
    await begin()
    const first = await read()
    const { id } = await first.event('hello')
    first.close()
    await tellBefore(numbers(0, 12))
    const whole = await read({ ...bearer(employee), 'last-event-id': id })
    await whole.event('resumed')
    for (const [at, message] of whole.messages.entries()) {
      const back = await read({ ...bearer(employee), 'last-event-id': message.id || id })
      await back.event('resumed')
      const before = whole.messages
        .slice(0, at + 1)
        .filter(({ event }) => event === 'test.told')
        .map(({ data }) => data.data.n)
      expect([...before, ...heard(back)]).to.deep.equal(numbers(0, 12))
    }
  })

  it('misses nothing while others write without pause and connections break', async () => {
    await begin()
    let [n, writing] = [0, true]
    const first = await read()
    let { id } = await first.event('hello')
    first.close()
    const writer = (async () => {
      while (writing) await tell(n++)
    })()
    const all: number[] = []
    for (let round = 0; round < 15; round++) {
      const reader = await read({ ...bearer(employee), 'last-event-id': id })
      const so = n + round
      await reader.next(isTold(so))
      reader.close()
      all.push(...heard(reader))
      id = reader.messages.at(-1)?.id ?? id
    }
    writing = false
    await writer
    expect(all).to.deep.equal(numbers(0, all.length))
  })

  it('goes on from the X-Cursor of what was read by REST', async () => {
    await begin()
    const { headers } = await employee.get('/notifications')
    await tellBefore([0])
    const reader = await read({ ...bearer(employee), 'last-event-id': headers.get('x-cursor') ?? '' })
    await reader.event('resumed')
    expect(heard(reader)).to.deep.equal([0])
  })

  it('says refetch where the log does not reach, and goes on from there', async () => {
    await begin({ STREAM_MAX_LENGTH: '100', RING_ENTRIES: '100', RESUME_MAX_ENTRIES: '300' })
    const first = await read()
    const { id } = await first.event('hello')
    first.close()
    await tellBefore(numbers(0, 250))
    for (const lastEventId of [id, 'nonsense', id.replaceAll(/@[\w-]+/g, '@another')]) {
      const reader = await read({ ...bearer(employee), 'last-event-id': lastEventId })
      const refetch = await reader.event('refetch')
      expect(refetch.data).to.deep.include({ reason: 'unreachable' })
      expect(refetch.data.channels).to.include(userChannel(employee.user.id))
      const resumed = await reader.event('resumed')
      expect(resumed.data.count).to.equal(0)
      const next = 1000 + readers.length
      await tell(next)
      await reader.next(isTold(next))
      const back = await read({ ...bearer(employee), 'last-event-id': resumed.id })
      await back.event('resumed')
      expect(heard(back)).to.deep.equal([next])
      expect(back.messages.map(({ event }) => event)).not.to.include('refetch')
    }
  })

  it('says refetch when Redis loses its data', async () => {
    await begin()
    const reader = await read()
    await reader.event('hello')
    const { stream, redis } = w.runtime
    for (let partition = 0; partition < stream.partitions; partition++)
      await redis.del(stream.logKey(partition), stream.headKey(partition))
    const { id, data } = await reader.event('refetch')
    expect(data.reason).to.equal('log_lost')
    await tell(7)
    // The first entry begins the new log: whoever comes before the node knows of it is told to fetch once more, and nothing else.
    const back = await read({ ...bearer(employee), 'last-event-id': id })
    await back.next((message) => message.event === 'refetch' || isTold(7)(message))
  })

  it('takes a ticket, once, and answers by its status whoever has no right', async () => {
    await begin()
    const { body } = await employee.post('/auth/socket-ticket')
    const path = `/events/stream?ticket=${body.ticket}`
    await (await read({}, { path })).event('hello')
    expect(await refusalOf(read({}, { path }))).to.match(/^401 .*unauthorized/)
    expect(await refusalOf(read({}))).to.match(/^401 /)
    expect(await refusalOf(read({ authorization: 'Bearer nonsense' }))).to.match(/^401 /)
    expect(await refusalOf(read({ ...bearer(employee), origin: 'https://evil.example' }))).to.match(/^403 /)
  })

  it('ends at once, and is tried again, while the node is going away or takes no more', async () => {
    await begin({ MAX_SOCKETS_PER_ADDRESS: '1' })
    const node = await anotherNode()
    await (await read(bearer(employee), { origin: node })).event('hello')
    const refused = await read(bearer(employee), { origin: node })
    expect(await refused.event('close')).to.deep.include({
      data: { t: 'close', code: 4200, reason: 'unavailable' },
    })
    expect(refused.messages[0]?.retry).to.be.within(5000, 10_000)
    await refused.ended
    const api = await startApi({
      ...w.runtime,
      config: { ...w.runtime.config, REALTIME_URL: `http://127.0.0.1:${await freePort()}` },
    })
    const nobody = await read(bearer(employee), { origin: `http://127.0.0.1:${api.port}` })
    expect((await nobody.event('close')).data).to.include({ code: 4200 })
    await nobody.ended
    await api.close()
  })

  it('lets pages of CORS_ORIGINS in, and answers what they ask first', async () => {
    await begin({ CORS_ORIGINS: 'https://app.example' })
    const origin = 'https://app.example'
    for (const context of [w.url, await anotherNode()]) {
      const preflight = await fetch(`${context}/events/stream`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-headers': 'authorization' },
      })
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).to.deep.equal([
        204,
        origin,
      ])
      expect(preflight.headers.get('access-control-allow-headers'))
        .to.contain('Last-Event-ID')
        .and.contain('Authorization')
      expect(
        (await read({ ...bearer(employee), origin }, { origin: context })).headers.get(
          'access-control-allow-origin',
        ),
      ).to.equal(origin)
    }
  })

  it('ends with the session, and refuses it from then on', async () => {
    await begin()
    const owner = await w.as('owner')
    const reader = await read(bearer(owner))
    await reader.event('hello')
    await owner.post('/auth/logout')
    expect((await reader.event('close')).data).to.deep.equal({
      t: 'close',
      code: 4402,
      reason: 'session_ended',
    })
    await reader.ended
    expect(await refusalOf(read(bearer(owner)))).to.match(/^401 /)
  })

  it('ends with its token', async () => {
    await begin()
    const reader = await read()
    await reader.event('hello')
    await w.advance('8 days')
    expect((await reader.event('close')).data).to.include({ code: 4001, reason: 'token_expired' })
    await reader.ended
  })

  it('says goodbye when its node goes away, and does not keep it', async () => {
    await begin()
    const reader = await read(bearer(employee), { origin: await anotherNode() })
    await reader.event('hello')
    await nodes.pop()?.close()
    expect((await reader.event('bye')).data).to.include({ reconnect: true })
    await reader.ended
  })

  it('does not keep the API from going away', async () => {
    await begin()
    const api = await startApi({
      ...w.runtime,
      config: { ...w.runtime.config, REALTIME_URL: await anotherNode() },
    })
    const reader = await read(bearer(employee), { origin: `http://127.0.0.1:${api.port}` })
    await reader.event('hello')
    await api.close()
    await reader.ended
  })

  it('is given up when its reader leaves, through the API too', async () => {
    await begin()
    const here = await read()
    await here.event('hello')
    const open = async (): Promise<number> => (await w.runtime.metrics.sockets.get()).values[0]?.value ?? 0
    expect(await open()).to.equal(1)
    here.close()
    await until('the node has noticed', async () => (await open()) === 0)
  })

  it('ends a reader that does not read, after a prefix without a gap, and it comes back to the rest', async () => {
    await begin()
    const node = await anotherNode()
    const [slow, quick] = [await read(bearer(employee), { origin: node }), await read()]
    await quick.event('hello')
    slow.pause()
    let n = 0
    while (!(await wasEnded())) await tellLong(quick, n++)
    slow.resume()
    await slow.ended
    const first = heard(slow)
    expect(first).to.deep.equal(numbers(0, first.length))
    expect([...first, ...(await restOf(slow, n - 1, node))]).to.deep.equal(numbers(0, n))

    // As much as that, and a little less: some of it waits in our hands, and has to come out of them.
    const lagging = await read(bearer(employee), { origin: node })
    await lagging.event('hello')
    lagging.pause()
    const [from, to] = [n, 2 * n - 3]
    while (n < to) await tellLong(quick, n++)
    lagging.resume()
    await Promise.race([lagging.ended, lagging.next(isTold(to - 1))])
    expect([...heard(lagging), ...(await restOf(lagging, to - 1, node))]).to.deep.equal(numbers(from, to))
  })

  const wasEnded = async (): Promise<boolean> =>
    (await w.runtime.metrics.socketCloses.get()).values.some(({ labels }) => labels.reason === 'slow_reader')
  async function tellLong(quick: Reader, n: number): Promise<void> {
    await tell(n, employee.user.id, 50_000)
    await quick.next(isTold(n))
  }
  /** What a reader hears when it comes back, up to this one. */
  async function restOf(reader: Reader, last: number, origin: string): Promise<number[]> {
    if (heard(reader).includes(last)) return []
    const back = await read(
      { ...bearer(employee), 'last-event-id': reader.messages.at(-1)?.id ?? '' },
      { origin },
    )
    await back.next(isTold(last))
    return heard(back)
  }
})
