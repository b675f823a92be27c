import { expect } from 'chai'
import { startApi } from '../../api/server.ts'
import { openRuntime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { caller, type Reply } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aWorld, type World } from '../support/world.ts'

describe('how often one may ask', () => {
  it('is said with every answer; whoever asks too often is refused for a while, and nobody else', async () => {
    const w = await aWorld({ with: ['api'], env: { RATE_LIMIT_PER_MINUTE: '5' } })
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const answers: Reply[] = []
    for (let n = 0; n < 6; n++) answers.push(await employee.get('/auth/me'))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).to.equal('"default";q=5;w=60')
    expect(
      answers
        .slice(0, 5)
        .map(({ headers }) => /^"default";r=(\d);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]),
    ).to.deep.equal(['4', '3', '2', '1', '0'])
    const refused = answers[5]
    if (!refused) throw new Error('There was no sixth answer.')
    mustBeProblem(refused, 429, 'too_many_requests')
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60)
    expect((await manager.get('/auth/me')).status).to.equal(200)
    await w.end()
  })
})

describe('how often one may guess a password', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api'] })
  })
  afterEach(() => w.end())

  const guess = (email = 'employee@demo.test', password = 'wrong', url = w.url): Promise<Reply> =>
    caller(url).post('/auth/login', { email, password })
  const guesses = async (count: number, email?: (n: number) => string): Promise<number[]> => {
    const statuses: number[] = []
    for (let n = 0; n < count; n++) statuses.push((await guess(email?.(n))).status)
    return statuses
  }

  it('is five times for an account; then even the right password has to wait', async () => {
    expect(await guesses(6)).to.deep.equal([401, 401, 401, 401, 401, 429])
    const refused = await guess('employee@demo.test', 'bellhop-demo')
    mustBeProblem(refused, 429, 'too_many_requests')
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 300)
    expect((await guess('manager@demo.test', 'bellhop-demo')).status).to.equal(200)
  })

  it('does not depend on how the address is spelled', async () => {
    expect(await guesses(6, (n) => (n % 2 ? 'EMPLOYEE@demo.test' : ' employee@demo.test'))).to.deep.equal([
      401, 401, 401, 401, 401, 429,
    ])
  })

  it('begins anew after a right one', async () => {
    expect(await guesses(4)).to.deep.equal([401, 401, 401, 401])
    expect((await guess('employee@demo.test', 'bellhop-demo')).status).to.equal(200)
    expect(await guesses(6)).to.deep.equal([401, 401, 401, 401, 401, 429])
  })

  it('is twenty times from one address, over all accounts', async () => {
    const statuses = await guesses(21, (n) => `nobody${n}@demo.test`)
    expect(statuses.filter((status) => status === 401)).to.have.length(20)
    expect(statuses.at(-1)).to.equal(429)
    expect((await guess('manager@demo.test', 'bellhop-demo')).status).to.equal(429)
  })

  it('is not used up by those who get it right', async () => {
    for (let n = 0; n < 22; n++)
      expect((await guess('manager@demo.test', 'bellhop-demo')).status).to.equal(200)
  })

  it('is counted over all processes, and at once', async () => {
    const runtime = openRuntime(w.runtime.config, w.clock, w.runtime.log)
    await whenReady(runtime.redis)
    const second = await startApi(runtime)
    const statuses = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        guess('employee@demo.test', 'wrong', n % 2 ? w.url : `http://127.0.0.1:${second.port}`),
      ),
    )
    expect(statuses.filter(({ status }) => status === 401)).to.have.length(5)
    await second.close()
    await runtime.close()
  })

  it('is one count for an account, by whichever of its names', async () => {
    await w.runtime.db('users').where({ email: 'employee@demo.test' }).update({ phone: '+84901234567' })
    expect(await guesses(6, (n) => (n % 2 ? '+84901234567' : 'employee@demo.test'))).to.deep.equal([
      401, 401, 401, 401, 401, 429,
    ])
  })
})
