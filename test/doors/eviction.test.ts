import { expect } from 'chai'
import { Redis } from 'ioredis'
import { watchEviction } from '../../workers/eviction-watch.ts'
import { someRedis } from '../support/redis-servers.ts'
import { aWorld } from '../support/world.ts'

describe('a Redis that begins to throw jobs away while everything runs', () => {
  it('makes Bellhop unready, in words, and shows in the metrics, until it is set back', async () => {
    const servers = await someRedis()
    const w = await aWorld({ with: ['api'], env: { REDIS_URL: '', ...servers.env } })
    const redis = new Redis(servers.administrator['REDIS_URL'] ?? '')
    const ready = async (): Promise<unknown> => await (await fetch(`${w.url}/readyz`)).json()
    const evicts = async (): Promise<number | undefined> => {
      await watchEviction(w.runtime)
      return (await w.runtime.metrics.redisEvicts.get()).values[0]?.value
    }
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    expect(await ready())
      .to.deep.include({ ready: false })
      .and.to.have.nested.property('checks.redis', 'may throw away jobs: maxmemory-policy is allkeys-lru')
    expect(await evicts()).to.equal(1)
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    expect(await ready()).to.deep.include({
      ready: true,
      checks: { postgres: 'ok', redis: 'ok', queues: 'ok' },
    })
    expect(await evicts()).to.equal(0)
    const shareUsed = async (): Promise<number> => {
      await watchEviction(w.runtime)
      return (await w.runtime.metrics.redisMemory.get()).values[0]?.value ?? 0
    }
    expect(await shareUsed()).to.be.within(0.00001, 0.2)
    await redis.config('SET', 'maxmemory', '100mb')
    expect(await shareUsed()).to.be.above(0.005)
    await redis.config('SET', 'maxmemory', '0')
    redis.disconnect()
    await w.end()
    await servers.stop()
  })
})
