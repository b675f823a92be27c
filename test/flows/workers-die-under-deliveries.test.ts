// Workers are killed again and again under thousands of deliveries, real processes on the real clock. Each mail server and
// webhook heard of each notification at least once, each socket exactly once, and what is written down adds up.

import { expect } from 'chai'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { readConfig } from '../../shared/kit/process/config.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { notify } from '../../shared/notifications/actions/notify.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { untilJobsDone } from '../support/left-jobs.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { someProcesses, type Member, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** Three ways each; NOTIFICATIONS=3334 makes ten thousand deliveries of them. */
const NOTIFICATIONS = Number(process.env['NOTIFICATIONS'] ?? 400)
const KILLS = 3
/** In one transaction. */
const BATCH = 100

describe('workers that die under deliveries', function () {
  this.timeout(600_000)
  let bellhop: Processes
  let mail: MailPeer
  let http: HttpPeer
  let runtime: Runtime
  before(async () => {
    ;[mail, http] = [await aMailPeer(), await anHttpPeer()]
    bellhop = await someProcesses({
      SMTP_URL: mail.url,
      MAIL_FROM: 'no-reply@bellhop.test',
      OUTGOING_ALLOWED: '127.0.0.1',
      DELIVERY_TIMEOUT: '2s',
      DELIVERY_FIRST_RETRY: '1s',
      STREAM_MAX_LENGTH: '100000',
      MAILS_PER_HOUR: '100000',
    })
    runtime = openRuntime(readConfig(bellhop.env), systemClock, openLog('test', 'silent'))
    await whenReady(runtime.redis)
  })
  after(async () => {
    await runtime.close()
    await bellhop.end()
    await mail.close()
    await http.close()
  })

  async function tellMany({ user: { id: userId, orgId } }: Member): Promise<void> {
    for (let done = 0; done < NOTIFICATIONS; done += BATCH) {
      await makeChange(runtime, { requestId: 'test' }, async (change) => {
        for (let n = done; n < Math.min(NOTIFICATIONS, done + BATCH); n++)
          await notify(change, { orgId, userId, type: 'VEHICLE_ARRIVING', parameters: { code: `N-${n}` } })
      })
    }
  }

  const timesOf = (ids: readonly string[]): Map<string, number> => {
    const times = new Map<string, number>()
    for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
    return times
  }

  it('lose nothing, and count honestly', async () => {
    const [admin, employee] = [await bellhop.as('admin'), await bellhop.as('employee')]
    await admin.post('/webhooks', { channel: 'WEBHOOK', url: http.url })
    const socket = await employee.socket()
    const telling = tellMany(employee)
    for (let kills = 1; kills <= KILLS; kills++) {
      await until(
        'some have arrived',
        async () => mail.mails.length > (kills * NOTIFICATIONS) / (KILLS * 2),
        500_000,
      )
      await bellhop.kill('workers')
      await bellhop.start('workers')
    }
    await telling
    const open = runtime.db('jobs').where('name', 'like', '%.deliver').whereNull('failedAt')
    await until('all are done, or given up', async () => (await open.clone().limit(1)).length === 0, 500_000)
    // Over which three workers happened to die is given up, and is for an ADMIN to try again.
    await admin.post('/operations/failures/retry')
    await untilJobsDone(runtime, '%.deliver', 500_000)

    const shown = timesOf(socket.events('notification.created').map((frame) => frame['data'].id))
    expect(shown.size, 'each is shown in the app').to.equal(NOTIFICATIONS)
    expect(
      [...shown.values()].every((times) => times === 1),
      'exactly once',
    ).to.equal(true)
    const heard = timesOf([
      ...mail.mails.map(({ headers }) => headers['message-id']?.slice(1, 37) ?? ''),
      ...http.heard.map(({ headers }) => headers['webhook-id'] ?? ''),
    ])
    const outside = await runtime.db('deliveries').whereIn('channel', ['EMAIL', 'WEBHOOK'])
    expect(outside).to.have.length(2 * NOTIFICATIONS)
    expect(
      outside.filter(({ id }) => !heard.has(id)),
      'every mail and every call arrived',
    ).to.deep.equal([])
    expect(
      outside.filter(({ id, attempts }) => (heard.get(id) ?? 0) > attempts),
      'nothing arrived that was not counted',
    ).to.deep.equal([])
    const states = await runtime
      .db('deliveries')
      .whereNot({ status: 'SKIPPED' })
      .select('channel', 'status')
      .count('* as count')
      .groupBy('channel', 'status')
      .orderBy('channel')
    expect(states.map(({ channel, status, count }) => `${channel} ${status} ${count}`)).to.deep.equal([
      `EMAIL SENT ${NOTIFICATIONS}`,
      `IN_APP SENT ${NOTIFICATIONS}`,
      `WEBHOOK DELIVERED ${NOTIFICATIONS}`,
    ])
    const attempts = outside.reduce((sum, delivery) => sum + delivery.attempts, 0)
    const arrivals = [...heard.values()].reduce((sum, times) => sum + times, 0)
    expect(attempts - arrivals, 'a killed worker takes no more along than it had in hand').to.be.within(
      0,
      KILLS * 2 * runtime.config.WORKER_CONCURRENCY,
    )
  })
})
