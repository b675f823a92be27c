// Requests for bookings of one organisation and day that wait at the same time share a transaction, and nothing else.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { Gathering, HeldBack } from '../../shared/kit/store/gathering.ts'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import { watchGatherings } from '../support/gatherings.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

type Answer = Awaited<ReturnType<Person['post']>>

describe('requests that wait together', () => {
  let w: World
  let employee: Person
  /** Of another organisation. */
  let foreigner: Person
  /** Somebody else's connections. */
  let another: Db
  const gatherings = watchGatherings('/bookings')
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
    foreigner = await w.as('foreigner')
    another = openAsOwner(w.runtime.config.DATABASE_URL)
  })
  after(async () => {
    await another.destroy()
    await w.end()
  })

  /** Somebody holds the day's counter until all of them have come. */
  async function askTogether(day: string, asks: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
    gatherings.begin()
    await employee.post('/bookings', { ...TRIP, scheduledDate: day })
    const [taken, held] = [gate(), gate()]
    const holding = w.owner.transaction(async (trx) => {
      await trx('booking_counters').where({ scheduledDate: day }).forUpdate().select('last')
      taken.open()
      await held.opened
    })
    await taken.opened
    const first = employee.post('/bookings', { ...TRIP, scheduledDate: day })
    await untilItWaits(w, first)
    const others = asks.map((ask) => ask())
    await gatherings.untilJoined(asks.length + 2)
    held.open()
    await holding
    await first
    return Promise.all(others)
  }

  const ask =
    (day: string, more: object = {}, headers: Record<string, string> = {}) =>
    (): Promise<Answer> =>
      employee.post('/bookings', { ...TRIP, scheduledDate: day, ...more }, headers)

  const numbered = async (day: string): Promise<{ number: number; by: string }[]> =>
    rowsOf(
      w.owner,
      `select split_part(booking_code, '-', 3)::int as number, xmin::text as by from bookings where scheduled_date = ? order by 1`,
      [day],
    )

  it('are done in one transaction, each with its own number', async () => {
    const day = '2031-05-01'
    const answers = await askTogether(
      day,
      Array.from({ length: 8 }, () => ask(day)),
    )
    expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 201))
    const rows = await numbered(day)
    expect(rows.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(rows.slice(2).map(({ by }) => by)).size).to.equal(1)
  })

  it('are answered each by itself where one of them is refused', async () => {
    const day = '2031-05-02'
    const wrong = ask(day, { bookingType: 'BLOCK_SCHEDULE', endDate: '2031-05-01' })
    const answers = await askTogether(day, [ask(day), wrong, ask(day)])
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 422, 201])
    expect((await numbered(day)).map(({ number }) => number)).to.deep.equal([1, 2, 3, 4])
  })

  it('are one booking under one Idempotency-Key', async () => {
    const day = '2031-05-03'
    const key = { 'idempotency-key': randomUUID() }
    const answers = await askTogether(day, [ask(day, {}, key), ask(day, {}, key), ask(day)])
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201])
    expect(answers[1]?.body.id).to.equal(answers[0]?.body.id)
    expect(await numbered(day)).to.have.length(4)
  })

  it('are kept back by nobody who waits for a lock for too long', async () => {
    const day = '2031-05-04'
    const key = randomUUID()
    const [taken, done] = [gate(), gate()]
    const userId = await w.idOf('employee')
    const elsewhere = another.transaction(async (trx) => {
      await trx('idempotency_keys').insert({ userId, key, requestHash: 'another', createdAt: w.clock.now() })
      taken.open()
      await done.opened
    })
    await taken.opened
    const answers = await askTogether(day, [ask(day), ask(day, {}, { 'idempotency-key': key }), ask(day)])
    done.open()
    await elsewhere
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 503, 201])
    expect((await numbered(day)).map(({ number }) => number)).to.deep.equal([1, 2, 3, 4])
  })

  it('are served in another organisation and on another day while one day is locked', async () => {
    const day = '2031-05-05'
    await employee.post('/bookings', { ...TRIP, scheduledDate: day })
    const lock = await another.transaction()
    await lock('booking_counters').where({ scheduledDate: day }).forUpdate().select('last')
    const first = employee.post('/bookings', { ...TRIP, scheduledDate: day })
    await untilItWaits(w, first)
    const stuck = [first, ...[ask(day), ask(day)].map((each) => each())]
    const served = await Promise.all([
      ask('2031-05-06')(),
      ask('2031-05-06')(),
      foreigner.post('/bookings', { ...TRIP, scheduledDate: day }),
    ])
    expect(served.map(({ status }) => status)).to.deep.equal([201, 201, 201])
    const told = await Promise.all(stuck)
    await lock.rollback()
    expect(told.map(({ status }) => status)).to.deep.equal([503, 503, 503])
    expect(await numbered(day)).to.have.length(2)
  })

  /** One line of which some wait for a lock. @returns who went with whom, how each ended, and whether it was told that they had waited */
  async function goHeldBack(
    isHeld: (each: number) => boolean,
  ): Promise<{ went: number[][]; ends: string[]; waited: number[] }> {
    const went: number[][] = []
    const waited: number[] = []
    const gathering = new Gathering<number, number>(async (items, since) => {
      went.push([...items])
      waited.push(since)
      const at = items.findIndex(isHeld)
      if (at >= 0) throw unavailable('It is locked', new HeldBack(at, undefined))
      return items
    })
    const ends = await Promise.allSettled([1, 2, 3].map((each) => gathering.join('line', each)))
    return { went, ends: ends.map(({ status }) => status), waited }
  }

  it('go without the one who waits for a lock, once: who waits then is told as well', async () => {
    const one = await goHeldBack((each) => each === 2)
    expect(one.went).to.deep.equal([
      [1, 2, 3],
      [1, 3],
    ])
    expect(one.ends).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
    const all = await goHeldBack(() => true)
    expect(all.went).to.deep.equal([
      [1, 2, 3],
      [2, 3],
    ])
    expect(all.ends).to.deep.equal(['rejected', 'rejected', 'rejected'])
    expect(all.waited[1], 'since the first of them came').to.be.above(all.waited[0] ?? Infinity)
  })

  it('are told all at once where everything is locked and they have waited as long as anybody does', async () => {
    let now = 0
    const went: number[][] = []
    const gathering = new Gathering<number, number>(
      async (items, waited) => {
        went.push([...items])
        // Locked for as long as they may wait; somebody comes while the first of them do.
        now += Math.max(500, 5000 - waited)
        if (went.length === 1) later.push(gathering.join('line', 100))
        if (items.includes(100)) return items
        throw unavailable('It is locked')
      },
      () => false,
      () => now,
    )
    const later: Promise<number>[] = []
    const ends = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => gathering.join('line', at)))
    expect(new Set(ends.map(({ status }) => status))).to.deep.equal(new Set(['rejected']))
    expect(await Promise.all(later)).to.deep.equal([100])
    expect(went.map(({ length }) => length)).to.deep.equal([16, 16, 1])
    expect(now).to.equal(10_000)
  })

  it('are served behind a group in which two wait for what is their own', async () => {
    let now = 0
    const own = [3, 7]
    const gathering = new Gathering<number, number>(
      async (items, waited) => {
        const at = items.findIndex((each) => own.includes(each))
        if (at < 0) return items
        now += Math.max(500, 5000 - waited)
        throw unavailable('It is locked', new HeldBack(at, undefined))
      },
      () => false,
      () => now,
    )
    const ends = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => gathering.join('line', at)))
    const served = ends.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []))
    expect(served).to.include.members(Array.from({ length: 24 }, (_, at) => 16 + at))
    expect(now, 'they had waited as long as anybody does').to.equal(5500)
  })

  it('are not done again where nobody knows whether they were done', async () => {
    let times = 0
    const gathering = new Gathering<number, number>(
      async () => {
        times++
        throw unavailable('It is not known whether it was done')
      },
      () => false,
    )
    const ends = await Promise.allSettled([1, 2, 3].map((each) => gathering.join('line', each)))
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected'])
    expect(times).to.equal(1)
  })
})
