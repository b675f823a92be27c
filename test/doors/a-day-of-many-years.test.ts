import { expect } from 'chai'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { aWorld, type World } from '../support/world.ts'

describe('bookings of a day, where many years lie behind', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: ['api'] })
  })
  after(() => w.end())

  it('are found by their time: nothing of the other years is read', async () => {
    const admin = await w.as('admin')
    await rowsOf(
      w.owner,
      `insert into bookings (id, org_id, booking_code, requester_id, booking_type, status, scheduled_date, scheduled_time,
         passenger_count, starts_at, ends_at, created_at, updated_at)
       select gen_random_uuid(), :orgId, 'PAST-' || n, :id, 'SINGLE_TRIP', 'COMPLETED', at::date, '09:00', 1, at, at + interval '1 hour', at, at
       from generate_series(1, 20000) n, lateral (select '2031-01-01'::timestamptz - n * interval '4 hours' as at) t`,
      { orgId: admin.user.orgId, id: admin.user.id },
    )
    await w.owner.raw('vacuum analyze bookings')
    const of = (day: string, until: string): string =>
      `/bookings?from=${day}T00:00:00Z&to=${until}T00:00:00Z&limit=1`
    const [quiet, ofQuiet] = await countRowsRead(w, () => admin.get(of('2031-02-10', '2031-02-11')))
    expect(quiet.body).to.deep.equal([])
    expect(ofQuiet).to.be.below(50)
    const [busy, ofBusy] = await countRowsRead(w, () => admin.get(of('2025-03-10', '2025-03-11')))
    expect(busy.body[0].scheduledDate).to.equal('2025-03-10')
    expect(busy.headers.get('x-total-count')).to.equal('6')
    expect(ofBusy).to.be.below(50)
    const backwards = await admin.get(of('2025-03-11', '2025-03-10'))
    expect([backwards.status, backwards.body]).to.deep.equal([200, []])
  })

  it('of one person are found by them, though everybody else is busy', async () => {
    const sic = await w.as('sic')
    const year = '/bookings?mine=true&from=2025-03-01T00:00:00Z&to=2025-05-01T00:00:00Z'
    const [none, read] = await countRowsRead(w, () => sic.get(year))
    expect(none.body).to.deep.equal([])
    expect(read).to.be.below(50)
  })
})
