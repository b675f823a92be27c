// Every list, and every filter of each, on tables that are filled: how many rows PostgreSQL reads for a page. The server counts them
// itself (EXPLAIN ANALYZE), so that no machine is too slow to tell.

import { expect } from 'chai'
import { LOOKER, seedGrowth } from '../../bench/growth/seed.ts'
import { countBookings } from '../../shared/bookings/queries.ts'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { MOST_COUNTED } from '../../shared/kit/store/keyset.ts'
import { parametersOf, type ApiDocument } from '../support/api-document.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { actorOf } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** Several times what may be read. */
const SIZE = {
  people: 30_000,
  bookings: 40_000,
  notifications: 40_000,
  auditRows: 40_000,
  rooms: 30_000,
  messagesOfRoom: 1,
  ownRooms: 1000,
  tickets: 30_000,
  approvals: 40_000,
  alarms: 0,
}
/** A page, the count as far as it goes, and what belongs to each entry. */
const MOST_READ = 6000
/** Also the rooms that somebody is in: counted, sorted, and walked through (test/domains/what-search-reads). */
const MOST_SEARCHED = MOST_READ + 5 * SIZE.ownRooms

/** A word of one or two letters reads all names. */
const PARTS = ['12345', 'nguoi 12345', 'nguoi', 'grown12345', '0012345', 'xyzzy']

/** For each filter a value that matches little, or nothing. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  status: ['REDIRECTED_EXTERNAL', 'open', 'ARCHIVED', 'PENDING', 'WITHDRAWN'],
  as: ['approver', 'requester', 'delegate', 'admin'],
  mine: ['true'],
  unread: ['true', 'false'],
  category: ['audit'],
  except: ['audit'],
  role: ['OWNER'],
  isActive: ['false'],
  kind: ['SUPPORT', 'TEAM', 'PROPERTY'],
  type: ['department', 'battery_issue'],
  priority: ['urgent'],
  assigneeId: ['00000000-0000-4000-8000-000000000000'],
  resourceId: ['00000000-0000-4000-8000-000000000000'],
  driverId: ['00000000-0000-4000-8000-000000000000'],
  requesterId: ['00000000-0000-4000-8000-000000000000'],
  externalId: ['nobody'],
  managerId: ['00000000-0000-4000-8000-000000000000'],
  userId: [],
  ids: ['00000000-0000-4000-8000-000000000000'],
  subjectId: ['00000000-0000-4000-8000-000000000000'],
  stationId: ['00000000-0000-4000-8000-000000000000'],
  atLeast: ['2'],
  action: ['booking_cancelled'],
  entity: ['resource'],
  actorId: ['00000000-0000-4000-8000-000000000000'],
  roomId: ['00000000-0000-4000-8000-000000000000'],
  q: PARTS,
  from: ['2020-01-01T00:00:00Z'],
  to: ['2020-01-01T00:00:00Z'],
}
/** What somebody looks for in rooms and questions is looked for in all of them. */
const NAMES = ['search']
const PAGING = ['limit', 'offset', 'page', 'cursor', 'before', 'after']

describe('what lists read', function () {
  this.timeout(300_000)
  let w: World
  let owner: Db
  let paths: string[]
  before(async () => {
    w = await aWorld({ with: ['api'] })
    owner = openAsOwner(w.runtime.config.DATABASE_URL)
    await seedGrowth(owner, SIZE)
    paths = await listPaths()
    expect(paths.length).to.be.above(60)
  })
  after(async () => {
    await owner.destroy()
    await w.end()
  })

  /** All lists, each with every filter; what they are about is the person of whom they are long. */
  async function listPaths(): Promise<string[]> {
    const document: ApiDocument = (await w.anybody.get('/openapi.json')).body
    const [looker] = await rowsOf<{ id: string }>(owner, 'select id from users where email = :email', {
      email: LOOKER,
    })
    const [station] = await rowsOf<{ id: string }>(owner, `select id from resources where name = 'Xe 1'`)
    const about = { userId: looker?.id, driverId: looker?.id, stationId: station?.id, status: 'in_progress' }
    return Object.keys(document.paths).flatMap((path) => {
      const names = parametersOf(document, path).flatMap((each) => (each.in === 'query' ? each.name : []))
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof about) => about[name] ?? '?')
      if (!names.includes('cursor') || filled.includes('?')) return []
      const filters = names.filter((name) => ![...PAGING, ...NAMES].includes(name))
      for (const name of filters) expect(Object.keys(VALUES), path).to.include(name)
      return [
        filled,
        ...filters.flatMap((name) => (VALUES[name] ?? []).map((value) => `${filled}?${name}=${value}`)),
      ]
    })
  }

  /** @returns undefined for what this person may not ask, or in these words */
  async function countRead(person: Person, path: string): Promise<number | undefined> {
    const [{ status }, rows] = await countRowsRead(w, () => person.get(path))
    expect(status, path).to.be.below(500)
    return status === 200 ? rows : undefined
  }

  // Of whom all is asked: the manager.
  for (const [name, part] of [
    ['admin', '/'],
    ['employee', '/'],
    ['manager', '/approvals'],
  ] as const)
    it(`is no more the more there is: ${name}`, async () => {
      const person = await w.as(name)
      const read = new Map<string, number>()
      for (const path of paths.filter((each) => each.startsWith(part))) {
        const rows = await countRead(person, path)
        if (rows !== undefined) read.set(path, rows)
      }
      expect(read.size).to.be.above(10)
      const mostOf = (path: string): number => (path.includes('/search?') ? MOST_SEARCHED : MOST_READ)
      expect([...read].filter(([path, rows]) => rows > mostOf(path))).to.deep.equal([])
    })

  it('is no booking where own ones are counted: an index tells', async () => {
    const actor = await actorOf(w, 'employee')
    const [count, , fetched] = await countRowsRead(w, () => countBookings(w.runtime.db, actor, {}))
    expect([count, fetched]).to.deep.equal([MOST_COUNTED + 1, 0])
  })

  it('is none of what waits for others, for somebody whom nothing waits for', async () => {
    const driver = await w.as('driver')
    for (const path of ['/approvals/pending', '/approvals?as=delegate', '/approvals?status=PENDING'])
      expect(await countRead(driver, path), path).to.be.below(100)
  })
})
