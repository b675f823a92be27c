// What changes of one transaction ask for in the same turn is one statement, and each has its own answer.

import { expect } from 'chai'
import { askOnce, askTogether } from '../../shared/kit/store/ask-together.ts'
import { rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { makeChanges } from '../../shared/kit/store/change.ts'
import { requestBooking } from '../../shared/bookings/actions/request.ts'
import { routeApproval } from '../../shared/approvals/actions/ask.ts'
import { findSubjectDetails } from '../../shared/bookings/subject.ts'
import { routeApprovalJob } from '../../shared/approvals/jobs.ts'
import type { Routing } from '../../shared/approvals/actions/new-row.ts'
import { TRIP } from '../support/people.ts'
import { actorOf } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('what is asked for in the same turn', () => {
  let w: World
  let sent: string[]
  before(async () => {
    w = await aWorld({ with: [] })
    w.runtime.db.client.on('query', ({ sql }: { sql: string }) => sent.push(sql))
  })
  beforeEach(() => {
    sent = []
  })
  after(() => w.end())

  const double = askTogether(async (db, numbers: readonly number[]) => {
    const rows = await rowsOf<{ n: number }>(db, 'select 2 * n::int as n from unnest(?::int[]) n', [numbers])
    return rows.map(({ n }) => n)
  })
  const inChanges = <T>(work: (db: Db) => Promise<T>): Promise<T> =>
    makeChanges(w.runtime, (begin) => work(begin({ requestId: 'r' }).db))

  it('is one statement, which answers each with its own', async () => {
    const answers = await inChanges((db) => Promise.all([1, 2, 3].map((n) => double(db, n))))
    expect(answers).to.deep.equal([2, 4, 6])
    expect(sent.filter((sql) => sql.includes('unnest')).length).to.equal(1)
  })

  it('is not mixed with what another transaction asks', async () => {
    await Promise.all([inChanges((db) => double(db, 1)), inChanges((db) => double(db, 2))])
    expect(sent.filter((sql) => sql.includes('unnest')).length).to.equal(2)
  })

  it('fails for all who asked', async () => {
    const refuse = askTogether<number, number>((db) => rowsOf(db, 'select 1 / 0'))
    const ends = await inChanges((db) => Promise.allSettled([refuse(db, 1), refuse(db, 2)])).catch(String)
    expect(JSON.stringify(ends)).not.to.include('fulfilled')
  })

  it('is asked once where it is the same, and for each otherwise', async () => {
    let asked = 0
    const ask = askOnce(String, async (_db: Db, n: number) => [++asked, n])
    const answers = await inChanges((db) => Promise.all([7, 8, 7].map((n) => ask(db, n))))
    expect(answers).to.deep.equal([
      [1, 7],
      [2, 8],
      [1, 7],
    ])
  })

  it('fails for one alone where each has a statement of its own', async () => {
    const ask = askOnce(String, async (_db: Db, n: number) => {
      if (n === 8) throw new Error('It is eight.')
      return n
    })
    const ends = await inChanges((db) => Promise.allSettled([7, 8, 7].map((n) => ask(db, n))))
    expect(ends.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('is asked alone outside of a transaction', async () => {
    expect(await Promise.all([1, 2].map((n) => double(w.runtime.db, n)))).to.deep.equal([2, 4])
    expect(sent.filter((sql) => sql.includes('unnest')).length).to.equal(2)
  })

  it('numbers bookings of a day one after the other, and routes each for whoever asked', async () => {
    const employee = await actorOf(w, 'employee')
    const booked = await makeChanges(w.runtime, (begin) =>
      Promise.all(
        Array.from({ length: 4 }, () =>
          requestBooking(begin({ requestId: 'r', orgId: employee.orgId }), employee, TRIP),
        ),
      ),
    )
    const numbers = booked.map(({ bookingCode }) => Number(bookingCode.slice(-4)))
    expect(numbers.map((n) => n - (numbers[0] ?? 0))).to.deep.equal([0, 1, 2, 3])
    expect(sent.filter((sql) => sql.includes('booking_counters')).length, 'one for all of them').to.equal(1)
    expect(sent.filter((sql) => sql.includes('recursive above')).length, 'whom they all ask').to.equal(1)

    const jobs = await w.runtime.db('jobs').where({ name: routeApprovalJob.name })
    sent = []
    await makeChanges(w.runtime, (begin) =>
      Promise.all(
        jobs.map(async ({ payload }: { payload: Routing }) => {
          const change = begin({ requestId: 'r', orgId: payload.orgId })
          const details = findSubjectDetails(change.db, payload.orgId, payload.subject.id)
          await routeApproval(change, payload, details)
        }),
      ),
    )
    const approvals = await w.runtime.db('approvals').whereIn(
      'subjectId',
      booked.map(({ id }) => id),
    )
    expect(approvals.length).to.equal(4)
    for (const { subjectId, requesterId, subjectLabel, approvalType } of approvals) {
      const own = booked.find(({ id }) => id === subjectId)
      expect(requesterId).to.equal(own?.requesterId)
      expect(subjectLabel.code).to.equal(own?.bookingCode)
      expect(approvalType).to.equal(own?.approvalType)
    }
    for (const [words, count] of [
      ['pg_advisory_xact_lock_shared', 1],
      ['insert into approvals', 1],
      ['where id in (select id::uuid', 1],
      ['push_subscriptions', 1],
    ] as const)
      expect(sent.filter((sql) => sql.includes(words)).length, words).to.equal(count)
  })
})
