// Disks are full: that of the files, that of the database, that of Redis. Whoever asks is told to come back, everything that
// needs no room goes on, and as soon as there is room again all is as before.

import { expect } from 'chai'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { onFreePort } from '../../bin/embedded/ports.ts'
import { startRedis } from '../../bin/embedded/redis.ts'
import type { EmbeddedServer } from '../../bin/embedded/postgres.ts'
import { mustBeProblem } from '../support/problems.ts'
import { TRIP } from '../support/people.ts'
import { aSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const MEBIBYTE = 1024 * 1024

describe('a disk that is full', function () {
  let disk: SmallDisk
  let w: World | undefined
  let redis: EmbeddedServer | undefined

  async function aDisk(context: Mocha.Context, mebibytes: number): Promise<void> {
    const made = await aSmallDisk(mebibytes * MEBIBYTE)
    if (!made) {
      console.log('      skipped: nobody may mount a disk here')
      return context.skip()
    }
    disk = made
  }

  afterEach(async () => {
    await w?.end()
    await redis?.stop()
    await disk?.remove()
    w = redis = undefined
  })

  const fileOf = (bytes: number): FormData => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes).fill(65)], { type: 'text/plain' }), 'hoá đơn.txt')
    return form
  }

  it('of the files: an upload is told to come back and leaves nothing behind; the rest goes on', async function () {
    await aDisk(this, 2)
    w = await aWorld({ env: { FILES_DIR: path.join(disk.folder, 'files') } })
    const employee = await w.as('employee')
    expect((await employee.post('/chat/attachments', fileOf(1000))).status).to.equal(201)
    await disk.fill()
    const refused = await employee.post('/chat/attachments', fileOf(MEBIBYTE))
    mustBeProblem(refused, 503, 'unavailable')
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/)
    expect(await readdir(path.join(disk.folder, 'files', 'incoming'))).to.deep.equal([])
    expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
    await disk.empty()
    expect((await employee.post('/chat/attachments', fileOf(1000))).status).to.equal(201)
    expect(await w.runtime.db('files')).to.have.length(2)
  })

  it('of the database: writes are told to come back, reads go on, and nothing is half written', async function () {
    await aDisk(this, 96)
    w = await aWorld()
    const employee = await w.as('employee')
    expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
    await w.settle()
    await moveTables(w, disk)
    await disk.fill()
    const purpose = 'x'.repeat(900)
    let refused = await employee.post('/bookings', { ...TRIP, purpose })
    for (let n = 0; n < 500 && refused.status === 201; n++)
      refused = await employee.post('/bookings', { ...TRIP, purpose })
    mustBeProblem(refused, 503, 'unavailable')
    expect((await employee.get('/bookings')).status).to.equal(200)
    await disk.empty()
    const after = await employee.post('/bookings', { ...TRIP, purpose: 'there is room again' })
    expect(after.status).to.equal(201)
    await w.settle()
    const codes = (await w.runtime.db('bookings').select('bookingCode')).map(({ bookingCode }) => bookingCode)
    expect(new Set(codes).size).to.equal(codes.length)
  })

  it('of Redis: requests are taken, and what they cause travels when there is room again', async function () {
    await aDisk(this, 8)
    redis = await onFreePort((port) =>
      startRedis({
        dir: path.join(disk.folder, 'redis'),
        port,
        log: () => undefined,
        program: JSON.parse(process.env['TEST_REDIS_SERVER'] ?? 'null') ?? undefined,
      }),
    )
    w = await aWorld({ env: { REDIS_URL: redis.url } })
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    await disk.fill()
    const asked = await employee.post('/bookings', TRIP)
    expect(asked.status).to.equal(201)
    await disk.empty()
    await until(
      'the manager is asked',
      async () => (await manager.get('/approvals/pending')).body.length === 1,
    )
  })
})

/** All that grows with a booking lies on the small disk then; the journal of the server stays where it is. */
async function moveTables({ owner }: World, { folder }: SmallDisk): Promise<void> {
  const name = `small_${process.pid}`
  const home = path.join(folder, 'tables')
  await owner.raw(`copy (select 1) to program 'mkdir -m 700 ${home}'`)
  await owner.raw(`create tablespace ${name} location '${home}'`)
  for (const table of ['bookings', 'audit_log', 'jobs', 'outbox'])
    await owner.raw(`alter table ${table} set tablespace ${name}`)
}
