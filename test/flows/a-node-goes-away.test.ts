import { expect } from 'chai'
import { Redis } from 'ioredis'
import { openStream } from '../../shared/kit/store/stream.ts'
import { complaintsOf } from '../support/account.ts'
import { listen, type Listener } from '../support/listener.ts'
import { LogBook } from '../support/log-book.ts'
import type { Name } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { choicesOf, seedOfThisRun } from '../support/seed.ts'
import { steadily } from '../support/steadily.ts'
import { until } from '../support/until.ts'

const PEOPLE: readonly Name[] = [
  'employee',
  'sic',
  'manager',
  'director',
  'driver',
  'staff',
  'admin',
  'supervisor',
  'owner',
  'customer',
]
const CLIENTS_OF_EACH = 30
const EVENTS_PER_SECOND = 300

describe('a node that is asked to go', function () {
  let bellhop: Processes
  let redis: Redis
  let listeners: Listener[] = []
  afterEach(async () => {
    for (const { client } of listeners) client.close()
    redis?.disconnect()
    await bellhop?.end()
  })

  it('ends within ten seconds under three hundred clients, who all go on at the other one and miss nothing', async function () {
    // Reads the log of one server to compare; the cluster has its own test of a failover.
    if (process.env['TEST_REDIS_CLUSTER']) this.skip()
    const seed = seedOfThisRun()
    console.log(
      `      seed ${seed} (SEED=${seed} makes the same choices; what the machine does between them is its own)`,
    )
    const choose = choicesOf(seed)
    bellhop = await someProcesses({ STREAM_PARTITIONS: '4' })
    await bellhop.start('another')
    redis = new Redis(bellhop.env['REDIS_URL'] ?? '')
    const stream = openStream(redis, {
      BULLMQ_PREFIX: bellhop.env['BULLMQ_PREFIX'] ?? '',
      STREAM_PARTITIONS: 4,
      STREAM_MAX_LENGTH: 10_000,
      STREAM_MAX_AGE: 3_600_000,
    })
    const book = new LogBook(redis, stream, 20_000, () => new Date())

    // As a balancer does, that takes a node out which is not ready.
    let isLeaving = false
    const people = await Promise.all(PEOPLE.map((name) => bellhop.as(name)))
    listeners = people.flatMap((person, at) =>
      Array.from({ length: CLIENTS_OF_EACH }, (_, n) => {
        const prefersLeaving = choose.chance(0.5)
        return listen(person, `${PEOPLE[at]} ${n}`, book, {
          node: () => (prefersLeaving && !isLeaving ? bellhop.nodes.realtime : bellhop.nodes.another),
        })
      }),
    )
    await until('everybody listens', async () => listeners.every(({ client }) => client.state === 'live'))
    const before = listeners.map((listener) => listener.node())

    const channels = [...new Set(listeners.flatMap((listener) => listener.channels))]
    const writer = steadily(EVENTS_PER_SECOND, () => book.write([choose.oneOf(channels)]))
    await until('events are told', async () => book.written.length > EVENTS_PER_SECOND)
    isLeaving = true
    const { code, seconds } = await bellhop.dismiss('realtime')
    await until('everybody is back', async () => listeners.every(({ client }) => client.state === 'live'))
    const soFar = book.written.length
    await until('it goes on', async () => book.written.length > soFar + EVENTS_PER_SECOND)
    await writer.stop()
    await book.write(channels)
    const last = new Map(book.written.map(({ channel, n }) => [channel, n]))
    await until('everybody has heard the last of it', async () =>
      listeners.every(({ told, channels: own }) =>
        own.every((channel) => told.includes(last.get(channel) ?? -1)),
      ),
    ).catch(() => undefined)

    expect(code).to.equal(0)
    expect(seconds).to.be.lessThan(10)
    expect(new Set(before).size, 'nodes before').to.equal(2)
    expect(new Set(listeners.map((listener) => listener.node())).size, 'nodes after').to.equal(1)
    const accounts = await Promise.all(listeners.map((listener) => listener.account()))
    expect(accounts.flatMap(({ gaps }) => gaps)).to.deep.equal([])
    expect(accounts.flatMap((account) => complaintsOf(account, book.written))).to.deep.equal([])
    console.log(
      `      it took ${seconds.toFixed(1)} s; ${book.written.length} events, told ` +
        `${accounts.reduce((sum, { told }) => sum + told.length, 0)} times`,
    )
  })
})
