// A node hears what is appended by a subscription, and asks for nothing. Whatever becomes of the subscription, it hears everything once
// and in order, and waits for nothing that would have to be said next.

import { expect } from 'chai'
import { Broker, type Loss } from '../../realtime/log/broker.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openBlocking, whenReady, type Redis } from '../../shared/kit/store/redis.ts'
import {
  HEAD_FIELDS,
  openStream,
  readHead,
  type LogEntry,
  type Stream,
} from '../../shared/kit/store/stream.ts'
import { VirtualClock } from '../support/clock.ts'
import { testConfig } from '../support/config.ts'
import { someRedis, type RedisServers } from '../support/redis-servers.ts'
import { until } from '../support/until.ts'

const PARTITIONS = 3
const CHANNELS = Array.from({ length: 20 }, (_, n) => `user:${n}`)

describe('a node to which the log is pushed', () => {
  let servers: RedisServers
  let runtime: Runtime
  let broker: Broker
  let appended: string[] = []
  let heard: LogEntry[] = []
  let losses: Loss[] = []
  let said = 0
  beforeEach(async () => {
    servers = await someRedis()
    runtime = openRuntime(
      testConfig({
        DATABASE_URL: 'postgres://nowhere/x',
        STREAM_PARTITIONS: String(PARTITIONS),
        BULLMQ_PREFIX: `pushed${Math.random().toString(36).slice(2)}`,
        ...servers.env,
      }),
      new VirtualClock(),
      openLog('test', 'silent'),
    )
    await whenReady(runtime.redis)
    ;[appended, heard, losses] = [[], [], []]
    broker = new Broker(runtime, {
      take: (entries) => heard.push(...entries),
      lost: (loss) => losses.push(loss),
    })
  })
  afterEach(async () => {
    await servers.each(async (redis) => {
      await redis.config('SET', 'client-output-buffer-limit', 'pubsub 33554432 8388608 60')
    })
    await broker.close()
    await runtime.close()
    await servers.stop()
  })

  /** Some on every channel, in one turn, as a change does it. */
  async function say(stream: Stream = runtime.stream): Promise<void> {
    said++
    const ids = await Promise.all(
      CHANNELS.map((channel) =>
        stream.append({
          key: `${channel} ${said}`,
          channel,
          event: 'test.said',
          at: runtime.clock.now(),
          data: { words: 'Xin chào' },
        }),
      ),
    )
    appended.push(...ids)
  }

  const idOf = (entry: LogEntry): string => JSON.parse(entry.frame).id
  const inOrder = (ids: readonly string[]): string[][] =>
    Array.from({ length: PARTITIONS }, (_, partition) => ids.filter((id) => id.startsWith(`${partition}:`)))
  const byNumber = (ids: readonly string[]): string[][] =>
    inOrder(ids).map((each) => each.toSorted((a, b) => Number(a.split(':')[1]) - Number(b.split(':')[1])))

  async function mustHearAll(): Promise<void> {
    await until('all is heard', async () => heard.length >= appended.length)
    expect(inOrder(heard.map(idOf))).to.deep.equal(byNumber(appended))
    expect(losses).to.deep.equal([])
  }

  const endSubscriptions = (): Promise<void> =>
    servers.each(async (redis) => {
      await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    })

  /** A node that reads waits in Redis for what is appended next. */
  async function whenItReads(): Promise<void> {
    await until('the node waits for a read', async () => {
      let isReading = false
      await servers.each(async (redis) => {
        isReading ||= / flags=b .* cmd=xread /.test(String(await redis.call('CLIENT', 'LIST')))
      })
      return isReading
    })
  }

  async function timesUnpushed(): Promise<number> {
    const { values } = await runtime.metrics.unpushed.get()
    return values[0]?.value ?? 0
  }

  it('hears what is published, and needs no read for it', async () => {
    await broker.start()
    const partition = runtime.stream.partitionOf('user:1')
    const head = readHead(await runtime.redis.hmget(runtime.stream.headKey(partition), ...HEAD_FIELDS))
    const header = `0 mark ${head.mark} ${head.epoch} test.said user:1`
    const frame = `{"id":"${partition}:${head.seq + 1}","data":"Xin chào"}`
    const sizes = [head.seq + 1, Buffer.byteLength(header), Buffer.byteLength(frame)]
    // It lies in no log, where it could be read.
    await runtime.redis.publish(runtime.stream.logKey(partition), `${sizes.join(' ')}\n${header}${frame}`)
    await until('it is heard', async () => heard.length === 1)
    expect(heard[0]).to.deep.include({ seq: head.seq + 1, channel: 'user:1', event: 'test.said', frame })
  })

  it('begins while others write, without a gap and without hearing anything twice', async () => {
    for (let n = 0; n < 10; n++) await say()
    const before = appended.length
    let isOver = false
    const writing = (async () => {
      while (!isOver) await say()
    })()
    await broker.start()
    await until('something was heard', async () => heard.length > 100)
    isOver = true
    await writing
    const last = new Map(appended.map((id) => [id.split(':')[0], Number(id.split(':')[1])]))
    await until('the last of it is heard', async () =>
      Object.entries(broker.positions().cursor).every(
        ([partition, seq]) => seq >= (last.get(partition) ?? 0),
      ),
    )
    const remembered = CHANNELS.flatMap((channel) =>
      broker.memory.after(runtime.stream.partitionOf(channel), [channel], 0).map(idOf),
    )
    expect(byNumber(remembered)).to.deep.equal(byNumber(appended))
    const [first, all] = [inOrder(heard.map(idOf)), byNumber(appended)]
    for (const [partition, ids] of first.entries())
      expect(ids).to.deep.equal(all[partition]?.slice(-ids.length))
    expect(heard.length).to.be.at.most(appended.length - before)
  })

  it('hears everything once and in order while its subscription ends again and again', async () => {
    await broker.start()
    for (let n = 0; n < 60; n++) await (n % 6 === 3 ? Promise.all([say(), endSubscriptions(), say()]) : say())
    await endSubscriptions()
    await mustHearAll()
    expect(await timesUnpushed()).to.be.at.least(1)
  })

  it('hears everything when Redis ends it for being too slow, each time anew', async () => {
    await broker.start()
    await servers.each(async (redis) => {
      await redis.config('SET', 'client-output-buffer-limit', 'pubsub 1 0 0')
    })
    for (let n = 0; n < 40; n++) await say()
    await mustHearAll()
  })

  it('hears at once what is appended and not pushed, as the release before does and whoever may not publish', async () => {
    await broker.start()
    const { redis, stream } = await somebodyWithoutChannels()
    await say(stream)
    await mustHearAll()
    for (let n = 0; n < 10; n++) {
      await whenItReads()
      await Promise.all([say(stream), say()])
      await mustHearAll()
    }
    redis.disconnect()
  })

  it('tells everybody to fetch when Redis forgot everything, and hears what is said then', async () => {
    await broker.start()
    await say()
    await mustHearAll()
    await servers.flushall()
    await until('every partition is known to be another', async () => {
      const lost = losses.flatMap(({ from }) => Object.keys(from.cursor))
      return new Set(lost).size === PARTITIONS
    })
    expect(new Set(losses.map(({ reason }) => reason))).to.deep.equal(new Set(['log_lost']))
    ;[appended, heard, losses] = [[], [], []]
    await say()
    await mustHearAll()
  })

  it('goes on by reading when it may hear no channel any more, and is no worse for having been refused', async () => {
    await broker.start()
    await say()
    await mustHearAll()
    const [address = ''] = runtime.config.REDIS_CLUSTER ?? [runtime.config.REDIS_URL ?? '']
    const account = new URL(address).username || 'default'
    const allow = (...rules: string[]): Promise<void> =>
      servers.each(async (server) => {
        await server.call('ACL', 'SETUSER', account, ...rules)
      })
    // A process that runs Bellhop ends of these.
    const rejections: unknown[] = []
    const note = (error: unknown): void => void rejections.push(error)
    process.on('unhandledRejection', note)
    await allow('resetchannels')
    try {
      await until('it comes back and is refused', async () => {
        const refusals: string[] = []
        await servers.each(
          async (server) => void refusals.push(JSON.stringify(await server.call('ACL', 'LOG'))),
        )
        return refusals.some((each) => /"channel","context","toplevel"/.test(each))
      })
      await whenItReads()
      for (let n = 0; n < 3; n++) await say()
      await mustHearAll()
      expect(rejections).to.deep.equal([])
    } finally {
      process.off('unhandledRejection', note)
      await allow('allchannels')
    }
  })

  async function somebodyWithoutChannels(): Promise<{ redis: Redis; stream: Stream }> {
    await servers.each(async (server) => {
      await server.call('ACL', 'SETUSER', 'quiet', 'on', '>secret', '~*', 'resetchannels', '+@all')
    })
    const { config } = runtime
    const signedIn = (address: string): string => {
      const url = new URL(address)
      ;[url.username, url.password] = ['quiet', 'secret']
      return url.href
    }
    const redis = openBlocking({
      REDIS_URL: config.REDIS_URL && signedIn(config.REDIS_URL),
      REDIS_CLUSTER: config.REDIS_CLUSTER?.map(signedIn),
    })
    await whenReady(redis)
    return { redis, stream: openStream(redis, config) }
  }
})
