// What several processes let through together, and what counting costs Redis.

import { expect } from 'chai'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { beginCounting, countDuring } from '../support/round-trips.ts'
import { aWorld, type World } from '../support/world.ts'

/** A window of a minute with the parts that messages have, so that no machine is too slow for it. */
const AMOUNT = 100
const PART = AMOUNT / 50

describe('a limit that processes count out by themselves', () => {
  let w: World
  let processes: Runtime[]
  before(() => beginCounting())
  beforeEach(async () => {
    w = await aWorld({ with: [], env: { LIMITS: `forwarded=${AMOUNT},tickets.person=${AMOUNT}` } })
    processes = Array.from({ length: 3 }, () => openRuntime(w.runtime.config, w.clock, w.runtime.log))
    await Promise.all(processes.map(({ redis }) => whenReady(redis)))
  })
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.close()))
    await w.end()
  })

  const asks = async (
    at: number,
    name: 'forwarded' | 'tickets.person' = 'forwarded',
    who = 'An',
  ): Promise<boolean> =>
    (await processes[at]?.limiter.count(name, who).catch((error: { status?: number }) => {
      expect(error.status).to.equal(429)
    })) !== undefined

  /** As often as it is allowed and a good deal more. @returns how often it was */
  async function askInTurn(turns: number): Promise<number> {
    let allowed = 0
    for (let n = 0; n < 2 * AMOUNT; n++) if (await asks(n % turns)) allowed++
    return allowed
  }

  it('is exact where one process counts', async () => {
    expect(await askInTurn(1)).to.equal(AMOUNT)
  })

  it('lets a few in a hundred more or fewer through where several do', async () => {
    expect(await askInTurn(3)).to.be.within(AMOUNT - 2 * (PART - 1), AMOUNT + 2 * (PART / 2))
  })

  it('is kept where all come at the same moment', async () => {
    const allowed = await Promise.all(Array.from({ length: 3 * AMOUNT }, (_, n) => asks(n % 3)))
    expect(allowed.filter(Boolean).length).to.be.within(AMOUNT - 2 * (PART - 1), AMOUNT + 2 * (PART / 2))
  })

  it('costs Redis nothing for whoever comes now and then, and little for whoever comes often', async () => {
    const one = await countDuring(async () => void (await asks(0)))
    expect(one.commands).to.equal(0)
    const many = await countDuring(async () => {
      for (let n = 0; n < 40; n++) await asks(0, 'forwarded', 'Bình')
    })
    expect(many.commands).to.be.at.most(20)
    const exact = await countDuring(async () => void (await asks(0, 'tickets.person')))
    expect(exact.commands).to.equal(1)
  })

  it('pays for what was given out before Redis was asked', async () => {
    const key = `${w.runtime.config.BULLMQ_PREFIX}:limit:forwarded:An`
    await asks(0)
    expect(await w.runtime.redis.get(key)).to.equal(null)
    await asks(0)
    expect(await w.runtime.redis.get(key)).to.equal(String(PART / 2 + PART))
  })
})
