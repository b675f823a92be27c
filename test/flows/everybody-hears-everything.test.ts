import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { WebSocket } from 'ws'
import { connect, type Client } from '../../client/src/socket/connect.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { openStream, readEntry, type Stream } from '../../shared/kit/store/stream.ts'
import type { Name } from '../support/people.ts'
import { someProcesses, type Member, type Processes } from '../support/processes.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { until } from '../support/until.ts'

const SECONDS = Number(process.env['SECONDS'] ?? 10)
const EVENTS_PER_SECOND = 120
const PEOPLE: readonly Name[] = ['employee', 'sic', 'manager', 'driver', 'staff', 'customer']

/** How a client behaves: every so many milliseconds it does something to its socket. */
const WAYS = {
  good: undefined,
  flapping: { every: 1000, act: (socket: WebSocket) => socket.terminate() },
  frozen: {
    every: 9000,
    act: (socket: WebSocket) => {
      socket.pause()
      setTimeout(() => socket.resume(), 6000).unref()
    },
  },
} as const

interface Listener {
  who: string
  channels: readonly string[]
  client: Client
  heard: string[]
  refetches: string[]
}

describe('everybody hears everything', function () {
  it('once and in order, however they come and go, while nodes are killed and started again', async function () {
    // Reads the log of one server to compare; the cluster has its own test of a failover.
    if (process.env['TEST_REDIS_CLUSTER']) this.skip()
    const seed = seedOfThisRun()
    const choices = choicesOf(seed)
    console.log(
      `      seed ${seed} (SEED=${seed} makes the same choices; what the machine does between them is its own)`,
    )
    const bellhop = await someProcesses({ STREAM_PARTITIONS: '4' })
    await bellhop.start('another')
    const redis = new Redis(bellhop.env['REDIS_URL'] ?? '')
    const stream = openStream(redis, {
      BULLMQ_PREFIX: bellhop.env['BULLMQ_PREFIX'] ?? 'bellhop',
      STREAM_PARTITIONS: 4,
      STREAM_MAX_LENGTH: 100_000,
      STREAM_MAX_AGE: 3_600_000,
    })
    const listeners = (await Promise.all(PEOPLE.map((name) => listenersOf(bellhop, name, choices)))).flat()
    await until('everybody listens', async () => listeners.every(({ client }) => client.state === 'live'))

    const channels = [...new Set(listeners.flatMap((listener) => listener.channels))]
    const killing = killNodes(bellhop)
    await write(stream, channels, choices)
    await killing
    const told = await logOf(redis, stream)
    await until('everybody has caught up', async () =>
      listeners.every((listener) => listener.heard.length >= expected(told, listener).length),
    ).catch(() => undefined)

    for (const listener of listeners) {
      // The log reaches back to the beginning, so that nobody has a reason to fetch.
      expect(listener.refetches, listener.who).to.deep.equal([])
      for (let partition = 0; partition < stream.partitions; partition++) {
        const of = (id: string): boolean => id.startsWith(`${partition}:`)
        expect(listener.heard.filter(of), `${listener.who}, partition ${partition}`).to.deep.equal(
          expected(told, listener).filter(of),
        )
      }
      listener.client.close()
    }
    redis.disconnect()
    await bellhop.end()
  })
})

async function listenersOf(bellhop: Processes, name: Name, choices: Choices): Promise<Listener[]> {
  const person = await bellhop.as(name)
  return (['good', 'flapping', 'frozen', 'good'] as const).map((way, at) =>
    listen(bellhop, person, `${name} ${at} (${way})`, way, choices),
  )
}

function listen(
  bellhop: Processes,
  person: Member,
  who: string,
  way: keyof typeof WAYS,
  choices: Choices,
): Listener {
  const behaviour = WAYS[way]
  class Socket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      if (!behaviour) return
      const timer = setInterval(() => behaviour.act(this), (behaviour.every * choices.between(70, 130)) / 100)
      this.on('close', () => clearInterval(timer))
    }
  }
  // A client behind a load balancer comes back to any node.
  const nodes = [bellhop.nodes.realtime, bellhop.nodes.another]
  class Balanced extends Socket {
    constructor(_url: string, protocols: string[]) {
      super(`${choices.oneOf(nodes).replace('http', 'ws')}/ws`, protocols)
    }
  }
  const heard: string[] = []
  const refetches: string[] = []
  const client = connect({
    url: bellhop.nodes.realtime,
    token: () => person.accessToken,
    WebSocket: Balanced,
    pauses: { first: 100, longest: 1000 },
    onRefetch: ({ reason }) => refetches.push(reason),
  })
  client.onAny((_data, { ev, id }) => {
    if (ev === 'test.told' && id) heard.push(id)
  })
  return {
    who,
    client,
    heard,
    refetches,
    channels: [userChannel(person.user.id), roleChannel(person.user.orgId, person.user.role)],
  }
}

async function killNodes(bellhop: Processes): Promise<void> {
  for (const node of ['realtime', 'another', 'realtime'] as const) {
    await pause((SECONDS * 1000) / 5)
    await bellhop.kill(node)
    await bellhop.start(node)
  }
}

/** At a steady rate, to any of the channels. */
async function write(stream: Stream, channels: readonly string[], choices: Choices): Promise<void> {
  for (let n = 0; n < SECONDS * EVENTS_PER_SECOND; n++) {
    const channel = choices.oneOf(channels)
    await stream.append({ key: `told.${n}`, channel, event: 'test.told', at: new Date(), data: { n } })
    await pause(1000 / EVENTS_PER_SECOND)
  }
}

async function logOf(redis: Redis, stream: Stream): Promise<{ id: string; channel: string }[]> {
  const partitions = Array.from({ length: stream.partitions }, (_, partition) => partition)
  const logs = await Promise.all(
    partitions.map(async (partition) => {
      const items = await redis.xrange(stream.logKey(partition), '-', '+')
      return items
        .map(([id, fields]) => readEntry(id, fields))
        .filter(({ event }) => event === 'test.told')
        .map(({ seq, channel }) => ({ id: `${partition}:${seq}`, channel }))
    }),
  )
  return logs.flat()
}

function expected(told: readonly { id: string; channel: string }[], { channels }: Listener): string[] {
  return told.filter(({ channel }) => channels.includes(channel)).map(({ id }) => id)
}
