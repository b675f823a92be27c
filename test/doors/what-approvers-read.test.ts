// Whoever was asked with others for years has long lists of it.

import { expect } from 'chai'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const DECIDED = 50_000
/** A page, and what belongs to each entry. */
const MOST_READ = 1500

describe('the lists of somebody who decided fifty thousand approvals with others', function () {
  this.timeout(300_000)
  let w: World
  let owner: Db
  let manager: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    manager = await w.as('manager')
    owner = openAsOwner(w.runtime.config.DATABASE_URL)
    const bindings = { manager: manager.user.id, employee: await w.idOf('employee'), decided: DECIDED }
    await owner.transaction(async (db) => {
      await db.raw('set local session_replication_role = replica')
      await rowsOf(
        db,
        `insert into approvals (id, org_id, subject_type, subject_id, subject_label, requester_id, approval_type, status, continuation,
           route, created_at, updated_at)
         select gen_random_uuid(), u.org_id, 'BOOKING', gen_random_uuid(), '{"code": "LONG", "date": "2031-01-01"}', :employee,
           'MANAGER_APPROVAL', case when n % 20000 = 7 then 'PENDING' else 'APPROVED' end, 'bookings.applyDecision',
           '{"version": 1, "rule": "Two", "steps": []}', now() - n * interval '1 minute', now()
         from users u, generate_series(1, :decided::int) n where u.id = :manager`,
        bindings,
      )
      await rowsOf(
        db,
        `insert into approval_deciders (approval_id, user_id, org_id, is_waiting, created_at, status)
         select id, :manager, org_id, status = 'PENDING', created_at, status from approvals where route is not null`,
        bindings,
      )
    })
    await owner.raw('vacuum analyze approvals, approval_deciders')
  })
  after(async () => {
    await owner.destroy()
    await w.end()
  })

  const linkIn = (headers: Headers): string =>
    /<[^>]*(\/approvals[^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? ''

  it('read a page and no more, of each status, and further on', async () => {
    const read = new Map<string, number>()
    let next = '/approvals'
    for (const path of [
      '',
      '?status=APPROVED',
      '?status=PENDING',
      '?status=REJECTED',
      '?to=2031-01-01T00:00:00Z',
    ]) {
      const [{ status, headers }, rows] = await countRowsRead(w, () => manager.get(`/approvals${path}`))
      expect(status, path).to.equal(200)
      if (path === '') next = linkIn(headers)
      read.set(path, rows)
    }
    const page = await manager.get(`/approvals?status=APPROVED&offset=10000&limit=1`)
    const deep = linkIn(page.headers)
    for (const path of [next, deep]) {
      const [{ status, body }, rows] = await countRowsRead(w, () => manager.get(path))
      expect([status, body.length > 0]).to.deep.equal([200, true])
      read.set(path, rows)
    }
    expect([...read].filter(([, rows]) => rows > MOST_READ)).to.deep.equal([])
    expect((await manager.get('/approvals?status=PENDING')).body.length).to.equal(DECIDED / 20_000 + 0.5)
  })
})
