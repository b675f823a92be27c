import { expect } from 'chai'
import { readDay } from '../../demo/day.ts'
import { play } from '../../demo/play.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

describe('a working day', () => {
  let bellhop: Processes
  afterEach(() => bellhop.end())

  it('adds up although the worker is killed, the API is killed, and Redis forgets everything in the middle', async () => {
    bellhop = await someProcesses({
      APPROVAL_TTL: '14s',
      APPROVAL_FIRST_REMINDER: '2s',
      APPROVAL_REMINDER_EVERY: '3s',
      OUTGOING_ALLOWED: '127.0.0.1',
    })
    const playing = play({ url: bellhop.url, log: () => undefined, pace: 0.15 })
    const bookings = async (): Promise<number> => (await bellhop.db('bookings')).length
    await until('the day has begun', async () => (await bookings()) >= 10)
    await bellhop.kill('workers')
    await bellhop.start('workers')
    await until('it goes on', async () => (await bookings()) >= 25)
    await bellhop.kill('api')
    await bellhop.start('api')
    await until('it goes on', async () => (await bookings()) >= 40)
    await bellhop.redis.flushall()
    const account = await playing
    expect(account.problems).to.deep.equal([])
    expect(account.notPlayed).to.deep.equal([])
    expect(account.fates.reduce((sum, { planned }) => sum + planned, 0)).to.equal(readDay().length)
    expect(account.addsUp).to.equal(true)
  })
})
