import { expect } from 'chai'
import { Redis } from 'ioredis'
import type { WebSocket } from 'ws'
import { openStream } from '../../shared/kit/store/stream.ts'
import { complaintsOf } from '../support/account.ts'
import { listen, type Listener } from '../support/listener.ts'
import { LogBook } from '../support/log-book.ts'
import type { Name } from '../support/people.ts'
import { someProcesses, type Member, type Processes } from '../support/processes.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { steadily } from '../support/steadily.ts'
import { until } from '../support/until.ts'

const PEOPLE: readonly Name[] = ['employee', 'sic', 'manager', 'driver', 'staff', 'customer']
const EVENTS_PER_SECOND = 200
/** The log reaches two seconds back, and nobody is read back more than 120 entries. */
const SHORT = {
  STREAM_PARTITIONS: '2',
  STREAM_MAX_LENGTH: '150',
  RING_ENTRIES: '100',
  RESUME_MAX_ENTRIES: '120',
}
const NOWHERE = 'http://127.0.0.1:9'

type Way = 'good' | 'flapping' | 'frozen' | 'away'

describe('when the log cannot reach as far as people stay away', function () {
  this.timeout(300_000)
  let bellhop: Processes
  let redis: Redis
  let book: LogBook
  let listeners: Listener[] = []
  /** From here on nobody's network fails any more. */
  let isCalm = false
  afterEach(async () => {
    for (const { client } of listeners) client.close()
    redis?.disconnect()
    await bellhop?.end()
  })

  it('everybody hears everything once and in order, or is told to fetch exactly that', async function () {
    // Trims and empties one server; the cluster has its own test of a failover.
    if (process.env['TEST_REDIS_CLUSTER']) this.skip()
    const seed = seedOfThisRun()
    console.log(
      `      seed ${seed} (SEED=${seed} makes the same choices; what the machine does between them is its own)`,
    )
    const choose = choicesOf(seed)
    bellhop = await someProcesses(SHORT)
    await bellhop.start('another')
    redis = new Redis(bellhop.env['REDIS_URL'] ?? '')
    const stream = openStream(redis, {
      BULLMQ_PREFIX: bellhop.env['BULLMQ_PREFIX'] ?? '',
      STREAM_PARTITIONS: 2,
      STREAM_MAX_LENGTH: 150,
      STREAM_MAX_AGE: 3_600_000,
    })
    book = new LogBook(redis, stream, 120, () => new Date())
    const people = await Promise.all(PEOPLE.map((name) => bellhop.as(name)))
    listeners = people.flatMap((person, at) =>
      (['good', 'flapping', 'frozen', 'away'] as const).map((way) =>
        one(person, `${PEOPLE[at]} (${way})`, way, choose),
      ),
    )
    await until('everybody listens', async () => listeners.every(({ client }) => client.state === 'live'))

    const channels = [...new Set(listeners.flatMap((listener) => listener.channels))]
    let isToForget = false
    const writer = steadily(EVENTS_PER_SECOND, async () => {
      if (isToForget) await forget()
      isToForget = false
      await book.write([choose.oneOf(channels)])
    })
    await moreWritten(300)
    await bellhop.kill('realtime')
    await bellhop.start('realtime')
    await moreWritten(150)
    // A node that stands still, and to which nothing is pushed any more, falls behind what the log keeps.
    bellhop.freeze('another')
    await bellhop.redis.each(async (server) => {
      await server.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    })
    await moreWritten(600)
    bellhop.thaw('another')
    await moreWritten(300)
    isToForget = true
    await moreWritten(450)
    await bellhop.kill('another')
    await bellhop.start('another')
    await moreWritten(300)
    await writer.stop()
    isCalm = true
    await until('everybody is back', async () => listeners.every(({ client }) => client.state === 'live'))
    await book.write(channels)
    const last = new Map(book.written.map(({ channel, n }) => [channel, n]))
    await until('everybody has heard the last of it', async () =>
      listeners.every(({ told, channels: own }) =>
        own.every((channel) => told.includes(last.get(channel) ?? -1)),
      ),
    ).catch(() => undefined)

    const accounts = await Promise.all(listeners.map((listener) => listener.account()))
    expect(
      accounts.flatMap((account) => complaintsOf(account, book.written)),
      `SEED=${seed}`,
    ).to.deep.equal([])
    // Whoever was there when the log was lost was told so, whatever else befell them.
    for (const { who, gaps } of accounts)
      expect(
        gaps.some(({ from, to }) => from.era < to.era),
        who,
      ).to.equal(true)
    const reasons = accounts.flatMap(({ gaps }) => gaps.map(({ reason }) => reason))
    expect(reasons).to.include.members(['unreachable', 'trimmed'])
    console.log(
      `      ${book.written.length} events, told ${accounts.reduce((sum, { told }) => sum + told.length, 0)} times; refetches: ${JSON.stringify(countsOf(reasons))}`,
    )
  })

  function one(person: Member, who: string, way: Way, choose: Choices): Listener {
    let absentUntil = 0
    const leave = (socket: WebSocket): void => {
      absentUntil = way === 'away' ? performance.now() + choose.between(2000, 6000) : 0
      socket.terminate()
    }
    return listen(person, who, book, {
      node: () =>
        performance.now() < absentUntil
          ? NOWHERE
          : choose.oneOf([bellhop.nodes.realtime, bellhop.nodes.another]),
      befall(socket) {
        if (way === 'good') return
        const act = (): void => {
          if (isCalm) return
          if (way !== 'frozen') return leave(socket)
          socket.pause()
          setTimeout(() => socket.resume(), 4000).unref()
        }
        const timer = setInterval(act, choose.between(...EVERY[way]))
        socket.on('close', () => clearInterval(timer))
      },
    })
  }

  /** Begun anew, with every epoch known that was. */
  async function forget(): Promise<void> {
    await book.reaches()
    await bellhop.redis.flushall()
  }

  async function moreWritten(events: number): Promise<void> {
    const goal = book.written.length + events
    await until(`${events} more events are written`, async () => book.written.length >= goal)
  }
})

/** Milliseconds from opening to what befalls a socket. */
const EVERY: Record<Exclude<Way, 'good'>, [number, number]> = {
  flapping: [500, 1500],
  frozen: [5000, 7000],
  away: [3000, 5000],
}

function countsOf(words: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(words)].map((word) => [word, words.filter((each) => each === word).length]),
  )
}
