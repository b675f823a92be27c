// The clock of one machine is set an hour ahead, and then an hour behind, while people work: as after a failed time server.
// Alarms ring by the clock of whoever carries them out, so they may come early; nothing is lost, and nothing comes twice.

import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openLedger, type Ledger } from '../support/ledger.ts'
import { TRIP } from '../support/people.ts'
import { someProcesses, type Processes, type Service } from '../support/processes.ts'
import { until } from '../support/until.ts'

const HOUR = 3_600_000
/** Beyond the jump: that a token ends by the clock is as it should be, and nobody here asks for another. */
const TOKENS_LAST = '4h'

describe('a clock that jumps by an hour', function () {
  this.timeout(300_000)
  let bellhop: Processes
  let ledger: Ledger
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bellhop-test-'))
  })
  afterEach(async () => {
    ledger?.close()
    await bellhop.end()
    await rm(folder, { recursive: true, force: true })
  })

  const set = (hours: number): Promise<void> => writeFile(path.join(folder, 'clock'), String(hours * HOUR))

  async function restart(service: Service): Promise<void> {
    await bellhop.dismiss(service)
    await bellhop.start(service, {
      env: {
        JUMPING_CLOCK: path.join(folder, 'clock'),
        NODE_OPTIONS: `--import ${path.resolve('test/support/jumping-clock.mjs')}`,
      },
    })
  }

  for (const service of ['workers', 'api', 'realtime'] as const) {
    it(`of ${service}: everything that was accepted is done once`, async () => {
      bellhop = await someProcesses({ ACCESS_TOKEN_TTL: TOKENS_LAST })
      await set(0)
      await restart(service)
      ledger = await openLedger(bellhop)
      await ledger.more(5)
      await set(1)
      await ledger.more(5)
      await set(-1)
      await ledger.more(5)
      await set(0)
      await ledger.stop()
      expect(await ledger.balance()).to.deep.equal([])
    })
  }

  it('an alarm that was set while the clock was ahead rings when its time has come, once', async () => {
    bellhop = await someProcesses({ APPROVAL_TTL: '8s', APPROVAL_FIRST_REMINDER: '2h' })
    await set(1)
    await restart('workers')
    const [employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
    const asked = await employee.post('/bookings', TRIP)
    await until('it is routed', async () => (await manager.get('/approvals/pending')).body.length === 1)
    // By the clock that is right, its deadline is an hour and eight seconds away; by the one that set it, eight seconds.
    await until(
      'it has expired',
      async () =>
        (await bellhop.db('approvals').where({ subjectId: asked.body.id }).first('status')).status ===
        'EXPIRED',
    )
    await set(0)
    await until(
      'everything is done',
      async () =>
        (await bellhop.db('jobs').where('dueAt', '<', new Date()).orWhereNull('dueAt')).length === 0,
    )
    const told = (await manager.get('/notifications')).body.map(({ type }: { type: string }) => type)
    expect(told.filter((type: string) => type === 'APPROVAL_EXPIRED')).to.have.length(1)
  })
})
