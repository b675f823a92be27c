// Redis comes back empty while thousands of calls to webhooks wait. What is under way or just done is not made again; the rest
// goes on, in order.

import { expect } from 'chai'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { readConfig } from '../../shared/kit/process/config.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { notify } from '../../shared/notifications/actions/notify.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** BACKLOG=9000 is the size at which it was first seen to go wrong. */
const BACKLOG = Number(process.env['BACKLOG'] ?? 1500)
/** In one transaction. */
const BATCH = 100

describe('a Redis that comes back empty under a backlog of deliveries', function () {
  this.timeout(1_200_000)
  let bellhop: Processes
  let http: HttpPeer
  let runtime: Runtime
  before(async () => {
    http = await anHttpPeer()
    bellhop = await someProcesses({ OUTGOING_ALLOWED: '127.0.0.1', STREAM_MAX_LENGTH: '100000' })
    runtime = openRuntime(readConfig(bellhop.env), systemClock, openLog('test', 'silent'))
    await whenReady(runtime.redis)
  })
  after(async () => {
    await runtime.close()
    await bellhop.end()
    await http.close()
  })

  it('has each of them made once', async () => {
    const [admin, employee] = [await bellhop.as('admin'), await bellhop.as('employee')]
    await admin.post('/webhooks', { channel: 'WEBHOOK', url: http.url })
    for (let done = 0; done < BACKLOG; done += BATCH) {
      await makeChange(runtime, { requestId: 'test' }, async (change) => {
        for (let n = done; n < Math.min(BACKLOG, done + BATCH); n++)
          await notify(change, {
            orgId: employee.user.orgId,
            userId: employee.user.id,
            type: 'VEHICLE_ARRIVING',
            parameters: { code: `N-${n}` },
          })
      })
    }
    await until('some have arrived', async () => http.heard.length > BACKLOG / 10, 300_000)
    const before = http.heard.length
    await bellhop.redis.flushall()
    await until(
      'all have arrived',
      async () => new Set(http.heard.map(({ headers }) => headers['webhook-id'])).size === BACKLOG,
      900_000,
    )
    await until(
      'all is done',
      async () => (await runtime.db('jobs').where({ name: 'webhooks.deliver' }).limit(1)).length === 0,
      300_000,
    )
    console.log(`      ${before} had arrived before, ${http.heard.length - BACKLOG} arrived again`)
    expect(http.heard.length).to.equal(BACKLOG)
  })
})
