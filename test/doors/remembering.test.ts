// What a process believes from memory: who stands behind a session, what is left of a limit, where the log stood.

import { expect } from 'chai'
import { startApi, type Api } from '../../api/server.ts'
import { KnownSessions } from '../../api/http/known-sessions.ts'
import type { AppError } from '../../shared/kit/declare/errors.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { MINUTE, SECOND } from '../../shared/kit/time/time.ts'
import { verifyAccessToken } from '../../shared/users/tokens.ts'
import { caller, type Caller } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { beginCounting, countDuring } from '../support/round-trips.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const AMOUNT = 200

describe('what is believed from memory', () => {
  let w: World
  let runtime: Runtime
  let second: Api
  let employee: Person
  before(async () => {
    beginCounting()
    w = await aWorld({ with: ['api'], env: { RATE_LIMIT_PER_MINUTE: String(AMOUNT) } })
    runtime = openRuntime(w.runtime.config, w.clock, w.runtime.log)
    await whenReady(runtime.redis)
    second = await startApi(runtime)
  })
  after(async () => {
    await second.close()
    await runtime.close()
    await w.end()
  })
  beforeEach(async () => {
    employee = await w.as('employee')
  })

  const elsewhere = (token: string): Caller => caller(`http://127.0.0.1:${second.port}`, token)

  it('lets a hundred reads ask for little more than their rows', async () => {
    await employee.get('/bookings')
    const sent = await countDuring(async () => {
      for (let n = 0; n < 100; n++) await employee.get('/notifications/unread-count')
    })
    // Each its row, and on a slow machine its look at where the log stands; one share of the limit for four of them.
    expect(sent.statements).to.be.within(100, 110)
    expect(sent.commands).to.be.at.most(100 + 100 / (AMOUNT / 50) + 10)
  })

  it('never serves more than a limit, however many processes serve, and hardly less', async () => {
    const manager = await w.as('manager')
    const there = elsewhere(manager.accessToken)
    const statuses: number[] = []
    for (let n = 0; n < AMOUNT / 50 + 1; n++)
      for (const each of [manager, there]) {
        const answers = await Promise.all(Array.from({ length: 25 }, () => each.get('/auth/me')))
        statuses.push(...answers.map(({ status }) => status))
      }
    const served = statuses.filter((status) => status === 200).length
    expect(served).to.be.within(AMOUNT - 2 * (AMOUNT / 50), AMOUNT)
    expect(statuses.filter((status) => status === 429)).to.have.length(statuses.length - served)
  })

  it('ends at once where a session is ended, and within a moment in every other process', async () => {
    const { body } = await w.anybody.post('/auth/login', {
      email: 'sic@demo.test',
      password: 'bellhop-demo',
    })
    const [here, there] = [caller(w.url, body.accessToken), elsewhere(body.accessToken)]
    expect([(await here.get('/auth/me')).status, (await there.get('/auth/me')).status]).to.deep.equal([
      200, 200,
    ])
    expect((await here.post('/auth/logout')).status).to.be.below(300)
    mustBeProblem(await here.get('/auth/me'), 401)
    await until('the other process knows', async () => (await there.get('/auth/me')).status === 401)
  })

  it('ends within a second in another process, to the millisecond', async () => {
    let steady = 0
    const known = new KnownSessions(runtime, () => steady)
    const { sid } = verifyAccessToken(runtime.config, (await w.as('driver')).accessToken, w.clock.now())
    expect(await known.find(sid)).to.not.equal(undefined)
    steady = 5000
    expect(await known.find(sid)).to.not.equal(undefined)
    await w.runtime.db('sessions').where({ id: sid }).update({ endedAt: w.clock.now() })
    steady = 5999
    expect(await known.find(sid)).to.equal(undefined)
  })

  it('holds while sessions and people are locked, for longer than it is good for otherwise', async () => {
    let steady = 0
    const known = new KnownSessions(runtime, () => steady)
    const sidOf = ({ accessToken }: Person): string =>
      verifyAccessToken(runtime.config, accessToken, w.clock.now()).sid
    const [mine, another] = [sidOf(employee), sidOf(await w.as('manager'))]
    expect([await known.find(mine), await known.find(another)]).to.not.include(undefined)
    await w.runtime.db('sessions').where({ id: another }).update({ endedAt: w.clock.now() })
    const lock = await w.owner.transaction()
    try {
      await lock.raw('lock table users, sessions')
      for (let minutes = 0; minutes < 3; minutes++) {
        steady += MINUTE + SECOND
        const found = await Promise.all(Array.from({ length: 20 }, () => known.find(mine)))
        expect(new Set(found.map((actor) => actor?.email))).to.deep.equal(new Set([employee.user.email]))
      }
      // What ended before the lock is not believed, although its row cannot be read.
      expect(await known.find(another).catch(({ status }: AppError) => status)).to.equal(503)
    } finally {
      await lock.rollback()
    }
    expect(await known.find(another)).to.equal(undefined)
  })
})
