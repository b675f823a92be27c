// Histories that a seed decides, of the real log and the real nodes under a held clock: see test/support/simulation.ts.

import { expect } from 'chai'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { VirtualClock } from '../support/clock.ts'
import { testConfig } from '../support/config.ts'
import { cloneDatabase, dropDatabase, urlOf } from '../support/database.ts'
import { someRedis, type RedisServers } from '../support/redis-servers.ts'
import { seedOfThisRun } from '../support/seed.ts'
import { seatPeople, simulate, type Outcome } from '../support/simulation.ts'

const HISTORIES = 30
const STEPS = 80
/** Small, so that the log, the memory of a node and its patience are outrun all the time. */
const SHORT = {
  STREAM_PARTITIONS: '3',
  STREAM_MAX_LENGTH: '150',
  RING_ENTRIES: '100',
  RING_BYTES: '200000',
  RESUME_MAX_ENTRIES: '120',
}

describe('whatever happens to nodes, clients and the log', function () {
  let redis: RedisServers
  let database: string
  let runtime: Runtime
  const seed = seedOfThisRun()
  const seeds = process.env['SEED'] ? [seed] : Array.from({ length: HISTORIES }, (_, n) => seed + n)
  const outcomes: Outcome[] = []
  before(async function () {
    // Its histories are those of one server, whose commands it holds; the cluster has its own test of a failover.
    if (process.env['TEST_REDIS_CLUSTER']) this.skip()
    console.log(`      seeds from ${seed} on; SEED=n repeats one, frame by frame`)
    ;[redis, database] = await Promise.all([someRedis(), cloneDatabase()])
    runtime = openRuntime(
      testConfig({ DATABASE_URL: urlOf(database), ...SHORT, ...redis.administrator }),
      new VirtualClock(),
      openLog('test', 'silent'),
    )
    await whenReady(runtime.redis)
    await seatPeople(runtime)
  })
  after(async () => {
    await runtime?.close()
    await redis?.stop()
    if (database) await dropDatabase(database)
  })

  it('every client is told everything once and in order, or to fetch it, and to fetch nothing else', async () => {
    for (const each of seeds) {
      const outcome = await simulate(runtime, each, STEPS)
      expect(outcome.complaints, `SEED=${each}`).to.deep.equal([])
      outcomes.push(outcome)
    }
  })

  it('these histories had a bit of everything: returns, trimming and lost logs', () => {
    const total: Record<string, number> = {}
    for (const { counts } of outcomes)
      for (const [what, count] of Object.entries(counts)) total[what] = (total[what] ?? 0) + count
    console.log(`      ${JSON.stringify(total)}`)
    // One history alone need not have.
    if (seeds.length === HISTORIES)
      expect(total).to.include.keys('hello', 'resumed', 'event', 'unreachable', 'trimmed', 'log_lost')
  })

  it('a seed gives the same history, frame by frame', async () => {
    const [first, second] = [await simulate(runtime, seed, STEPS), await simulate(runtime, seed, STEPS)]
    expect(first.transcript).to.have.length.above(STEPS)
    expect(second).to.deep.equal(first)
  })
})
