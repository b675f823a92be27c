import { expect } from 'chai'
import { Redis } from 'ioredis'
import type { RedisCluster } from '../../bin/embedded/cluster.ts'
import {
  mustAnswer,
  openProducer,
  refuseEviction,
  whenReady,
  type Redis as Client,
} from '../../shared/kit/store/redis.ts'
import { testConfig } from '../support/config.ts'
import { someCluster, type RedisServers } from '../support/redis-servers.ts'
import { until } from '../support/until.ts'

describe('a process on a cluster', () => {
  let servers: RedisServers & { cluster: RedisCluster }
  let redis: Client
  before(async () => {
    servers = await someCluster()
    redis = openProducer(testConfig({ DATABASE_URL: 'postgres://nowhere/x', ...servers.env }))
    await whenReady(redis)
  })
  after(async () => {
    redis?.disconnect()
    await servers?.stop()
  })

  const isAnswering = (): Promise<boolean> =>
    mustAnswer(redis).then(
      () => true,
      () => false,
    )

  it('does not start when any of the primaries throws jobs away', async () => {
    await refuseEviction(redis)
    const { primary } = await servers.cluster.holderOf('somewhere')
    const server = new Redis(`redis://${primary.address}`)
    await server.config('SET', 'maxmemory-policy', 'allkeys-lru')
    expect(
      await refuseEviction(redis).then(
        () => 'started',
        (error: Error) => error.message,
      ),
    ).to.contain('maxmemory-policy allkeys-lru')
    await server.config('SET', 'maxmemory-policy', 'noeviction')
    server.disconnect()
  })

  it('is not ready while some of the keys are out of reach, and then is again', async () => {
    expect(await isAnswering()).to.equal(true)
    const { primary } = await servers.cluster.holderOf('somewhere')
    process.kill(primary.pid, 'SIGKILL')
    await until('it is not ready', async () => !(await isAnswering()))
    await until('it is ready again', isAnswering)
    await redis.set('somewhere', 'x')
  })

  it('fails fast while a primary does not answer, and finds the one that takes its place', async () => {
    await servers.cluster.heal()
    const { primary } = await servers.cluster.holderOf('elsewhere')
    process.kill(primary.pid, 'SIGSTOP')
    const since = performance.now()
    expect(
      await redis.get('elsewhere').then(
        () => 'answered',
        () => 'failed',
      ),
    ).to.equal('failed')
    expect(performance.now() - since).to.be.lessThan(3000)
    await until('another one answers', () =>
      redis.get('elsewhere').then(
        () => true,
        () => false,
      ),
    )
    process.kill(primary.pid, 'SIGCONT')
  })
})
