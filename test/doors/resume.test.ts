import { expect } from 'chai'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { readEntry } from '../../shared/kit/store/stream.ts'
import { openRealtime } from '../../realtime/server.ts'
import { openSocket, type Frame, type Socket } from '../support/socket.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** What a client keeps of a hello, a resumed or a refetch. */
const positionsOf = ({ cursor, epochs }: Frame) => ({ cursor, epochs })

describe('whoever comes back', () => {
  let w: World
  let employee: Person
  let sockets: Socket[]
  let alsoClose: (() => Promise<void>) | undefined
  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    w = await aWorld({ env: { STREAM_PARTITIONS: '2', ...env } })
    employee = await w.as('employee')
    sockets = []
  }
  afterEach(async () => {
    await Promise.all(sockets.map((socket) => socket.close()))
    await alsoClose?.()
    alsoClose = undefined
    await w.end()
  })

  const connect = async (): Promise<{ socket: Socket; hello: Frame }> => {
    const socket = await openSocket(w.socketUrl, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    sockets.push(socket)
    return { socket, hello: await socket.next((frame) => frame.t === 'hello') }
  }
  const tell = (n: number, to = employee.user.id, size = 1): Promise<string> =>
    w.runtime.stream.append({
      key: `${to}.${n}`,
      channel: userChannel(to),
      event: 'test.told',
      at: w.clock.now(),
      data: { n, text: 'x'.repeat(size) },
    })
  /** Until their node has read it too: nothing of it is live for whoever comes then. */
  const tellBefore = async (all: readonly number[], size = 1): Promise<void> => {
    let id = ''
    for (const n of all) id = await tell(n, employee.user.id, size)
    const [at = '', seq] = id.split(':')
    await until('the node has read all', async () => {
      const { socket, hello } = await connect()
      await socket.close()
      return hello['cursor'][at] >= Number(seq)
    })
  }
  const heard = (socket: Socket): number[] => socket.events('test.told').map((frame) => frame['data'].n)
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, n) => from + n)

  it('is told what they missed, in order and once, and then goes on live', async () => {
    await begin()
    const { socket, hello } = await connect()
    await socket.close()
    await tellBefore(numbers(0, 30))
    const back = await connect()
    back.socket.send({ c: 'resume', ref: 1, data: positionsOf(hello) })
    const resumed = await back.socket.next((frame) => frame.t === 'resumed')
    expect(resumed['count']).to.equal(30)
    const last = await tell(30)
    await back.socket.next((frame) => frame.id === last)
    expect(heard(back.socket)).to.deep.equal(numbers(0, 31))
    const { frames } = back.socket
    expect(frames.findIndex((frame) => frame.t === 'reply')).to.be.lessThan(
      frames.findIndex((frame) => frame.ev === 'test.told'),
    )
  })

  it('hears nothing that was said to others, and pays nothing for it', async () => {
    await begin()
    const { socket, hello } = await connect()
    await socket.close()
    const stranger = await w.idOf('sic')
    for (const n of numbers(0, 50)) await tell(n, stranger)
    await tellBefore([0])
    const back = await connect()
    back.socket.send({ c: 'resume', ref: 1, data: positionsOf(hello) })
    expect((await back.socket.next((frame) => frame.t === 'resumed'))['count']).to.equal(1)
  })

  it('is served from Redis when memory does not reach, and a crowd is served from one reading', async () => {
    await begin({ RING_ENTRIES: '100' })
    const { socket, hello } = await connect()
    await socket.close()
    await tellBefore(numbers(0, 700))
    const crowd = await Promise.all(numbers(0, 20).map(connect))
    const before = await pagesRead(w)
    for (const { socket: each } of crowd) each.send({ c: 'resume', ref: 1, data: positionsOf(hello) })
    await Promise.all(crowd.map(({ socket: each }) => each.next((frame) => frame.t === 'resumed')))
    for (const { socket: each } of crowd) expect(heard(each)).to.deep.equal(numbers(0, 700))
    expect((await pagesRead(w)) - before).to.be.lessThan(20)
  })

  it('gets megabytes without being taken for a slow reader', async () => {
    await begin()
    const { socket, hello } = await connect()
    await socket.close()
    await tellBefore(numbers(0, 100), 40_000)
    const back = await connect()
    back.socket.send({ c: 'resume', ref: 1, data: positionsOf(hello) })
    expect((await back.socket.next((frame) => frame.t === 'resumed'))['count']).to.equal(100)
    expect(heard(back.socket)).to.deep.equal(numbers(0, 100))
  })

  it('is told to fetch when the log no longer reaches, when it is another log, or when they missed too much', async () => {
    await begin({ STREAM_MAX_LENGTH: '100', RING_ENTRIES: '100', RESUME_MAX_ENTRIES: '300' })
    const { socket, hello } = await connect()
    await socket.close()
    await tellBefore(numbers(0, 250))
    const outcomes: Frame[] = []
    for (const data of [
      positionsOf(hello),
      { ...positionsOf(hello), epochs: { 0: 'another', 1: 'another' } },
      { cursor: {} },
      { cursor: { 0: 1e9, 1: 1e9 } },
    ]) {
      const back = await connect()
      back.socket.send({ c: 'resume', ref: 1, data })
      outcomes.push(await back.socket.next((frame) => frame.t === 'refetch'))
      expect((await back.socket.next((frame) => frame.t === 'resumed'))['count']).to.equal(0)
      const id = await tell(1000 + outcomes.length)
      await back.socket.next((frame) => frame.id === id)
    }
    for (const refetch of outcomes) expect(refetch).to.deep.include({ reason: 'unreachable' })
    expect(outcomes[0]?.['channels']).to.include(userChannel(employee.user.id))
  })

  it('misses nothing while others write without pause', async () => {
    await begin()
    const { hello, socket } = await connect()
    await socket.close()
    let n = 0
    let writing = true
    const writer = (async () => {
      while (writing) await tell(n++)
    })()
    for (let round = 0; round < 10; round++) {
      const back = await connect()
      back.socket.send({ c: 'resume', ref: 1, data: positionsOf(hello) })
      await back.socket.next((frame) => frame.t === 'resumed')
      const so = n
      await back.socket.next((frame) => frame['data']?.n === so)
      const after = back.socket.frames.findIndex((frame) => frame.t === 'reply')
      const told = back.socket.frames
        .slice(after)
        .filter((frame) => frame.ev === 'test.told')
        .map((frame) => frame['data'].n)
      expect(told).to.deep.equal(numbers(0, told.length))
      await back.socket.close()
    }
    writing = false
    await writer
  })

  const partition = (): number => w.runtime.stream.partitionOf(userChannel(employee.user.id))
  /** As a failover to a replica that had not got the newest entries. */
  const goBack = async (entries: number): Promise<void> => {
    const { redis, stream } = w.runtime
    const [log, head] = [stream.logKey(partition()), stream.headKey(partition())]
    const seq = Number(await redis.hget(head, 'seq')) - entries
    const [[, fields] = ['', []]] = await redis.xrange(log, `${seq}-0`, `${seq}-0`)
    const gone = numbers(seq + 1, seq + entries + 1).map((each) => `${each}-0`)
    await redis
      .multi()
      .xdel(log, ...gone)
      .call('XSETID', log, `${seq}-0`)
      .hset(head, { seq, mark: readEntry('', fields).mark })
      .exec()
  }

  it('is told to fetch when entries are gone before their node has read them, and hears what follows', async () => {
    await begin()
    const { socket } = await connect()
    await tell(0)
    await w.runtime.redis.hincrby(w.runtime.stream.headKey(partition()), 'seq', 5)
    const id = await tell(1)
    await socket.next((frame) => frame.id === id)
    const refetch = socket.frames.find((frame) => frame.t === 'refetch')
    expect(refetch).to.deep.include({
      reason: 'trimmed',
      cursor: { [partition()]: Number(id.split(':')[1]) - 1 },
    })
    expect(heard(socket)).to.deep.equal([0, 1])
  })

  it('is told to fetch when the log went back to an older state, and hears what is said then', async () => {
    await begin()
    const { socket } = await connect()
    for (const n of numbers(0, 5)) await tell(n)
    await until('all is heard', async () => heard(socket).length === 5)
    const before = (await connect()).hello
    await goBack(3)
    const refetch = await socket.next((frame) => frame.t === 'refetch')
    expect(refetch['reason']).to.equal('rolled_back')
    expect(refetch['epochs'][partition()]).not.to.equal(before['epochs'][partition()])
    const id = await tell(5)
    await socket.next((frame) => frame.id === id)
    expect(new Set(socket.events('test.told').map((frame) => frame.id)).size).to.equal(6)

    const late = await connect()
    late.socket.send({ c: 'resume', ref: 1, data: positionsOf(before) })
    expect((await late.socket.next((frame) => frame.t === 'refetch'))['reason']).to.equal('unreachable')
    expect((await late.socket.next((frame) => frame.t === 'resumed'))['count']).to.equal(0)
  })

  it('is told to fetch when the numbers that they saw were given to other events, on every node', async () => {
    await begin()
    const other = await openRealtime(w.runtime)
    const { socket, hello } = await connect()
    alsoClose = other.close
    const there = await openSocket(`ws://127.0.0.1:${other.port}/ws`, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    sockets.push(there)
    await there.next((frame) => frame.t === 'hello')
    for (const n of numbers(0, 5)) await tell(n)
    await Promise.all(
      [socket, there].map((each) => until('all is heard', async () => heard(each).length === 5)),
    )
    await goBack(3)
    for (const n of numbers(10, 14)) await tell(n)
    const told = await Promise.all([socket, there].map((each) => each.next((frame) => frame.t === 'refetch')))
    const last = await tell(14)
    await Promise.all([socket, there].map((each) => each.next((frame) => frame.id === last)))
    for (const each of [socket, there]) {
      expect(new Set(each.events('test.told').map((frame) => frame.id)).size).to.equal(heard(each).length)
      expect(heard(each).slice(0, 5)).to.deep.equal(numbers(0, 5))
    }
    const epochs = new Set([hello, ...told].map((frame) => frame['epochs'][partition()]))
    expect(epochs.size).to.equal(2)
  })
})

async function pagesRead(w: World): Promise<number> {
  return (await w.runtime.metrics.logPages.get()).values[0]?.value ?? 0
}
