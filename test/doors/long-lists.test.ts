// Lists that are longer than anybody reads: what they say of themselves, and how far one gets by counting.

import { expect } from 'chai'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { problemsIn } from '../support/problems.ts'
import { parametersOf, type ApiDocument } from '../support/api-document.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a long list', () => {
  let w: World
  let admin: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
    await addBookings(1000)
  })
  after(() => w.end())

  function addBookings(count: number): Promise<unknown> {
    return rowsOf(
      w.runtime.db,
      `insert into bookings (id, org_id, booking_code, requester_id, booking_type, status, scheduled_date, scheduled_time,
         passenger_count, created_at, updated_at)
       select gen_random_uuid(), :orgId, gen_random_uuid()::text, :userId, 'SINGLE_TRIP', 'PENDING', '2031-01-01', '09:00',
         1, now() - n * interval '1 second', now() from generate_series(1, :count::int) n`,
      { orgId: admin.user.orgId, userId: admin.user.id, count },
    )
  }

  const counted = async (path: string): Promise<(string | null)[]> => {
    const { headers } = await admin.get(path)
    return ['x-total-count', 'x-has-more'].map((name) => headers.get(name))
  }

  async function readThrough(path: string): Promise<string[]> {
    const seen: string[] = []
    for (let next: string | undefined = path; next;) {
      const { status, body, headers } = await admin.get(next)
      expect(status, JSON.stringify(body)).to.equal(200)
      seen.push(...body.map((each: { id?: string; text?: string }) => each.id ?? each.text))
      next = /<\/api\/v1([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    return seen
  }

  it('is counted exactly up to a thousand, and beyond says that there are more', async () => {
    expect(await counted('/bookings?limit=1')).to.deep.equal(['1000', null])
    expect(await counted('/bookings?status=CONFIRMED')).to.deep.equal(['0', null])
    await addBookings(1)
    expect(await counted('/bookings?limit=1')).to.deep.equal([null, 'true'])
    expect(await counted('/bookings?limit=1&offset=500')).to.deep.equal([null, 'true'])
  })

  it('of unread notifications counts a thousand, and says so of any more', async () => {
    const told = (count: number): Promise<unknown> =>
      rowsOf(
        w.runtime.db,
        `insert into notifications (id, org_id, user_id, category, type, title, message, priority, created_at)
         select gen_random_uuid(), :orgId, :userId, 'system', 'SYSTEM_ALERT', 't', 'm', 'low', now()
         from generate_series(1, :count::int)`,
        { orgId: admin.user.orgId, userId: admin.user.id, count },
      )
    const unread = async (): Promise<number> => (await admin.get('/notifications/unread-count')).body.count
    await told(999 - (await unread()))
    expect(await unread()).to.equal(999)
    await told(2)
    expect(await unread()).to.equal(1000)
  })

  it('is read to its end by its links, and by counting up to the end of what is counted', async () => {
    expect(new Set(await readThrough('/bookings?limit=100')).size).to.equal(1001)
    expect(new Set(await readThrough('/bookings?limit=100&offset=1')).size).to.equal(1000)
  })

  it('is not counted through beyond ten thousand entries, and says how to go on', async () => {
    expect((await admin.get('/bookings?offset=10000')).status).to.equal(200)
    expect(problemsIn(await admin.get('/bookings?offset=10001'))).to.deep.equal([
      '/query/offset must be <= 10000',
    ])
    expect(problemsIn(await admin.get('/bookings?page=102&limit=100'))).to.deep.equal([
      '/query/page must begin within the first 10000 entries; go on by the Link of the page before',
    ])
    expect(problemsIn(await admin.get('/audit/logs?page=102&limit=100'))).to.deep.equal([
      '/query/page must begin within the first 10000 entries; go on by the Link of the page before',
    ])
  })

  it('is led through by links also when it is sorted by names, and when names are the same', async () => {
    for (const name of ['Đào', 'Dao', 'Đào', 'an', 'Ân. B.', 'Zoë', 'Đào'])
      for (const [path, body] of [
        ['/resources', { kind: 'VEHICLE', name }],
        ['/chat/groups', { name, type: 'custom', memberIds: [] }],
        ['/api-keys', { name }],
        ['/webhooks', { channel: 'WEBHOOK', url: `https://hooks.example/${encodeURIComponent(name)}` }],
        ['/chat/faqs', { question: `Is it ${name}?`, answer: 'Yes.' }],
      ] as const) {
        const { status, body: made } = await admin.post(path, body)
        expect(status, `${path} ${JSON.stringify(made)}`).to.equal(201)
      }
    for (const path of [
      '/users',
      '/people',
      '/resources',
      '/chat/groups',
      '/api-keys',
      '/webhooks',
      '/chat/faqs',
      '/chat/auto-responses',
      '/auth/sessions',
    ]) {
      const whole = (await admin.get(`${path}?limit=100`)).body.map(({ id }: { id: string }) => id)
      expect(whole.length, path).to.be.greaterThan(0)
      expect(await readThrough(`${path}?limit=1`), path).to.deep.equal(whole)
    }
  })

  it('goes on by a cursor, whichever it is, or by the numbers of its messages', async () => {
    const document: ApiDocument = (await w.anybody.get('/openapi.json')).body
    const counting = Object.keys(document.paths).flatMap((path) => {
      const names = parametersOf(document, path).map(({ name }) => name)
      return names.includes('offset') && names.includes('limit') ? [{ path, names }] : []
    })
    expect(counting.length).to.be.greaterThan(20)
    for (const { path, names } of counting)
      expect(names, path).to.include(path.startsWith('/chat/rooms/{id}/') ? 'before' : 'cursor')
  })
})
