import { expect } from 'chai'
import { mustAnswer, openProducer, whenReady } from '../../shared/kit/store/redis.ts'
import { startLiveness } from '../../workers/liveness.ts'
import { testConfig } from '../support/config.ts'
import { aCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts'
import { TRIP } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

describe('when the network swallows what goes to Redis, and resets nothing', () => {
  let w: World | undefined
  let network: CuttingProxy
  beforeEach(async function () {
    const direct = process.env['TEST_REDIS_URL']
    if (!direct) return this.skip()
    network = await aCuttingProxy(direct)
  })
  afterEach(async () => {
    network?.pass()
    await w?.end()
    w = undefined
    await network?.close()
  })

  it('gives up a connection that two commands got no answer on, and the next command is answered', async () => {
    const redis = openProducer(testConfig({ DATABASE_URL: 'postgres://nowhere/x', REDIS_URL: network.url }))
    await whenReady(redis)
    network.swallow()
    expect(await redis.ping().catch((error: Error) => error.message)).to.equal('Command timed out')
    await until('it is answered again', () =>
      mustAnswer(redis).then(
        () => true,
        () => false,
      ),
    )
    redis.disconnect()
  })

  it('comes back by itself: what is asked, done and told goes through new connections', async () => {
    w = await aWorld({ env: { REDIS_URL: network.url } })
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const [mine, theirs] = [await employee.socket(), await manager.socket()]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    await theirs.event('room.created')
    network.swallow()
    expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
    expect(
      (await employee.post(`/chat/rooms/${room.id}/messages`, { content: 'Still there?' })).status,
    ).to.equal(201)
    await theirs.event('message.created')
    await theirs.event('notification.created')
    await until('a whisper is heard', async () => {
      await mine.command('typing', { roomId: room.id, isTyping: true })
      return theirs
        .next((frame) => frame.ev === 'typing', 1000)
        .then(
          () => true,
          () => false,
        )
    })
    const { body } = await w.anybody.get('/readyz')
    expect(body.checks).to.deep.include({ redis: 'ok', postgres: 'ok' })
  })

  it('ends a worker that nobody answers although Redis answers others, so that another begins', async () => {
    w = await aWorld({ with: [], env: { REDIS_URL: network.url } })
    let deaths = 0
    const { runtime, clock } = w
    const beginsAnew = { ...runtime, config: { ...runtime.config, REDIS_URL: process.env['TEST_REDIS_URL'] } }
    const stop = startLiveness(
      beginsAnew,
      ['approvals'],
      () => {
        deaths++
      },
      { look: 20, patience: 30_000 },
    )
    network.reset()
    await until('it cannot ask', () =>
      runtime.redis.ping().then(
        () => false,
        () => true,
      ),
    )
    clock.moveTo(new Date(clock.now().getTime() + 20_000))
    expect(deaths).to.equal(0)
    await until('it has ended', async () => {
      clock.moveTo(new Date(clock.now().getTime() + 10_000))
      return deaths > 0
    })
    await stop()
  })
})
