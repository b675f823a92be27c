// Workers are killed while facts go out, real processes on the real clock: each fact arrives at least once, and of one booking
// one after the other.

import { expect } from 'chai'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { readConfig } from '../../shared/kit/process/config.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { untilJobsDone } from '../support/left-jobs.ts'
import { tripOnItsDay } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

const BOOKINGS = 40
const KILLS = 2

describe('workers that die under facts', function () {
  this.timeout(600_000)
  let bellhop: Processes
  let peer: HttpPeer
  let runtime: Runtime
  before(async () => {
    peer = await anHttpPeer()
    bellhop = await someProcesses({
      OUTGOING_ALLOWED: '127.0.0.1',
      DELIVERY_TIMEOUT: '2s',
      DELIVERY_FIRST_RETRY: '1s',
    })
    runtime = openRuntime(readConfig(bellhop.env), systemClock, openLog('test', 'silent'))
    await whenReady(runtime.redis)
  })
  after(async () => {
    await runtime.close()
    await bellhop.end()
    await peer.close()
  })

  it('lose none of them, and turn none around', async () => {
    const [admin, manager, staff] = [
      await bellhop.as('admin'),
      await bellhop.as('manager'),
      await bellhop.as('staff'),
    ]
    const hook = { url: peer.url, events: ['booking.*'], form: 'full' }
    expect((await admin.post('/webhooks', hook)).status).to.equal(201)
    const asking = (async () => {
      for (let n = 0; n < BOOKINGS; n++) {
        const { body } = await manager.post('/bookings', tripOnItsDay())
        await staff.post(`/bookings/${body.id}/confirm`)
        await staff.post(`/bookings/${body.id}/cancel`, { reason: 'OTHER' })
      }
    })()
    for (let kills = 1; kills <= KILLS; kills++) {
      const enough = (kills * BOOKINGS * 3) / (KILLS * 2)
      await until('some have arrived', async () => peer.heard.length > enough, 200_000)
      await bellhop.kill('workers')
      await bellhop.start('workers')
    }
    await asking
    await untilJobsDone(runtime, '%.deliverFact', 200_000)

    const heard = peer.heard.map(({ headers, body }) => ({
      factId: headers['webhook-id'],
      ...JSON.parse(body.toString()).data,
    }))
    const facts = await runtime.db('fact_deliveries').orderBy('n')
    expect(facts).to.have.length(BOOKINGS * 3)
    expect(new Set(facts.map(({ status }) => status))).to.deep.equal(new Set(['DELIVERED']))
    const arrived = new Set(peer.heard.map(({ headers }) => headers['webhook-id']))
    expect(facts.filter(({ factId }) => !arrived.has(factId))).to.deep.equal([])
    for (const bookingId of new Set(facts.map(({ subjectId }) => subjectId))) {
      const versions: number[] = heard.filter(({ id }) => id === bookingId).map(({ version }) => version)
      expect(versions, bookingId).to.deep.equal(versions.toSorted((a, b) => a - b))
    }
  })
})
