// How long decisions take, how busy a fleet is, and why trips are cancelled.

import { expect } from 'chai'
import type { Figures } from '../../shared/bookings/figures.ts'
import { openAsOwner, rowsOf } from '../../shared/kit/store/db.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { approvalOf, ask } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('the figures of decisions', () => {
  let w: World
  let staff: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    staff = await w.as('staff')
  })
  afterEach(() => w.end())

  const since = (from: Date): string =>
    `/figures?from=${from.toISOString()}&to=${new Date(w.clock.now().getTime() + 1).toISOString()}`
  const approve = async (name: 'manager' | 'supervisor', bookingId: string): Promise<void> => {
    const { id } = await approvalOf(w, bookingId)
    expect((await (await w.as(name)).post(`/approvals/${id}/approve`)).status).to.equal(201)
    await w.settle()
  }
  const asked = async (): Promise<string> => {
    const { id } = await ask(w)
    await w.settle()
    return id
  }

  it('under the default policy say how long the manager took, and how often nobody answered', async () => {
    const from = w.clock.now()
    const [soon, late, never] = [await asked(), await asked(), await asked()]
    await w.advance('10 minutes')
    await approve('manager', soon)
    await w.advance('20 minutes')
    await approve('manager', late)
    await w.advance('1 day')
    expect((await approvalOf(w, never)).status).to.equal('EXPIRED')
    const { approvals }: Figures = (await staff.get(since(from))).body
    const figures = {
      decided: 3,
      approved: 2,
      rejected: 0,
      expired: 1,
      escalated: 0,
      medianMinutes: 20,
      p90Minutes: 28,
    }
    expect(approvals).to.deep.equal({
      ...figures,
      groups: [{ rule: null, step: 1, approvers: 'manager 1', ...figures }],
    })
    const before = await staff.get(
      `/figures?from=${new Date(from.getTime() - 1000).toISOString()}&to=${from.toISOString()}`,
    )
    expect(before.body.approvals).to.include({ decided: 0, medianMinutes: null })
    const elsewhere: Figures = (await (await w.as('foreignAdmin')).get(since(from))).body
    expect(elsewhere.approvals).to.include({ decided: 0 })
  })

  it('count each step of a policy by itself, from the end of the one before', async () => {
    const rules = [
      {
        name: 'Two',
        steps: [
          { approvers: [{ manager: 1 }], ttl: '1h', onExpiry: 'next' },
          { approvers: [{ userIds: [await w.idOf('supervisor')] }], ttl: '1d' },
        ],
      },
    ]
    expect((await (await w.as('admin')).put('/organisation/approval-policies', { rules })).status).to.equal(
      200,
    )
    const from = w.clock.now()
    const [decided, passed] = [await asked(), await asked()]
    await w.advance('15 minutes')
    await approve('manager', decided)
    await w.advance('1 hour')
    await approve('supervisor', decided)
    await w.advance('5 minutes')
    await approve('supervisor', passed)
    const { approvals }: Figures = (await staff.get(since(from))).body
    expect(approvals).to.include({ decided: 2, approved: 2, expired: 0, medianMinutes: 77.5 })
    expect(approvals.groups).to.deep.equal([
      {
        rule: 'Two',
        step: 1,
        approvers: 'manager 1',
        decided: 2,
        approved: 1,
        rejected: 0,
        expired: 1,
        escalated: 0,
        medianMinutes: 15,
        p90Minutes: 15,
      },
      {
        rule: 'Two',
        step: 2,
        approvers: 'people',
        decided: 2,
        approved: 2,
        rejected: 0,
        expired: 0,
        escalated: 0,
        medianMinutes: 40,
        p90Minutes: 56,
      },
    ])
  })
})

describe('the figures of a fleet', () => {
  let w: World
  let staff: Person
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    staff = await w.as('staff')
  })
  after(() => w.end())

  const day = (n: number): string => `2031-05-0${n}T00:00:00Z`
  const figuresOf = async (n: number): Promise<Figures> =>
    (await staff.get(`/figures?from=${day(n)}&to=${day(n + 1)}`)).body
  /** Half past nine in the morning, at Greenwich half past two. */
  async function aTrip(n: number, more: object = {}): Promise<string> {
    const trip = { ...TRIP, scheduledDate: `2031-05-0${n}`, scheduledTime: '09:30', ...more }
    return (await (await w.as('manager')).post('/bookings', trip)).body.id
  }

  it('say how long vehicles and drivers were busy, and why trips were cancelled', async () => {
    const driverId = await w.idOf('driver')
    const { body: car } = await staff.post('/resources', { kind: 'VEHICLE', name: '=1+1' })
    const { body: idle } = await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe đứng yên' })
    const trip = await aTrip(2, { durationMinutes: 180 })
    expect((await staff.post(`/bookings/${trip}/assign`, { resourceId: car.id, driverId })).status).to.equal(
      201,
    )
    for (const reason of ['WEATHER', 'WEATHER', 'DUPLICATE'])
      await staff.post(`/bookings/${await aTrip(2)}/cancel`, { reason })

    const { bookings, resources, drivers } = await figuresOf(2)
    expect(bookings).to.deep.equal({
      total: 4,
      completed: 0,
      cancelled: 3,
      cancellations: [
        { reason: 'WEATHER', count: 2 },
        { reason: 'DUPLICATE', count: 1 },
      ],
    })
    expect(resources[0]).to.deep.equal({
      id: car.id,
      name: '=1+1',
      kind: 'VEHICLE',
      trips: 1,
      minutes: 180,
      utilisation: 0.125,
      drivenMinutes: 0,
    })
    expect(resources.find(({ id }) => id === idle.id)).to.include({ trips: 0, minutes: 0, utilisation: 0 })
    expect(drivers[0]).to.include({ id: driverId, trips: 1, minutes: 180 })

    const half = await staff.get('/figures?from=2031-05-02T02:00:00Z&to=2031-05-02T03:00:00Z')
    expect(half.body.resources[0], 'only what falls into the time').to.include({
      minutes: 30,
      utilisation: 0.5,
    })
    const table: string = (await staff.get(`/figures/csv?from=${day(2)}&to=${day(3)}`)).body
    expect(table).to.include('\r\ncancellations,,WEATHER,count,2\r\n')
    expect(table, 'nothing is calculated').to.include(`\r\nVEHICLE,${car.id},'=1+1,minutes,180\r\n`)
  })

  it('count each day of a schedule that falls into the time, and what lies between its days is free', async () => {
    const { body: car } = await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe đưa đón' })
    const schedule = await aTrip(4, {
      bookingType: 'BLOCK_SCHEDULE',
      recurrence: 'FREQ=WEEKLY;BYDAY=SU,TU;COUNT=4',
      durationMinutes: 60,
    })
    const driverId = await w.idOf('driver')
    await staff.post(`/bookings/${schedule}/assign`, { resourceId: car.id, driverId })
    const ofCar = async (from: string, to: string): Promise<unknown> => {
      const { body }: { body: Figures } = await staff.get(`/figures?from=${from}&to=${to}`)
      const { trips, minutes } = body.resources.find(({ id }) => id === car.id) ?? {}
      return [trips, minutes, body.bookings.total]
    }
    expect(await ofCar(day(4), '2031-05-11T00:00:00Z'), 'on Sunday and on Tuesday').to.deep.equal([2, 120, 1])
    expect(await ofCar(day(5), day(6)), 'on Monday').to.deep.equal([0, 0, 0])
  })

  it('say how long trips were under way as they were driven, whatever was planned', async () => {
    const { body: car } = await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe đang chạy' })
    const trip = await aTrip(9, { durationMinutes: 60 })
    await staff.post(`/bookings/${trip}/assign`, { resourceId: car.id, driverId: await w.idOf('driver') })
    const from = w.clock.now()
    const started = await staff.post(`/bookings/${trip}/start`)
    expect([started.body.startedAt, started.body.completedAt]).to.deep.equal([from.toISOString(), null])
    await w.advance('90 minutes')
    const until = w.clock.now()
    const driven = async (to: Date): Promise<unknown> => {
      const { body } = await staff.get(`/figures?from=${from.toISOString()}&to=${to.toISOString()}`)
      const { trips, minutes, drivenMinutes } = body.resources.find(({ id }: { id: string }) => id === car.id)
      return [trips, minutes, drivenMinutes]
    }
    expect(await driven(until), 'it runs').to.deep.equal([0, 0, 90])
    expect((await staff.post(`/bookings/${trip}/complete`)).body.completedAt).to.equal(until.toISOString())
    await w.advance('1 hour')
    expect(await driven(w.clock.now()), 'it is over').to.deep.equal([0, 0, 90])
  })

  it('are not made of more than 92 days, nor for anybody but the staff', async () => {
    for (const path of ['/figures', '/figures/csv']) {
      mustBeProblem(await staff.get(`${path}?from=${day(3)}&to=${day(2)}`), 422, 'invalid')
      mustBeProblem(await staff.get(`${path}?from=2031-01-01T00:00:00Z&to=${day(2)}`), 422, 'invalid')
      mustBeProblem(await (await w.as('manager')).get(`${path}?from=${day(2)}&to=${day(3)}`), 403)
    }
  })

  it('read what falls into the time and no more, and are read once a minute', async () => {
    const owner = openAsOwner(w.runtime.config.DATABASE_URL)
    // A booking and a decision in each hour of the last weeks.
    const id = await aTrip(7)
    await owner.transaction(async (trx) => {
      // As a backup is restored: without looking up what every row refers to.
      await trx.raw('set local session_replication_role = replica')
      await rowsOf(
        trx,
        `insert into bookings select (jsonb_populate_record(null::bookings, to_jsonb(b) || jsonb_build_object('id', gen_random_uuid(),
           'booking_code', 'FIG-' || n, 'starts_at', b.starts_at - n * interval '1 hour', 'ends_at', b.ends_at - n * interval '1 hour'))).*
         from bookings b, generate_series(1, 1500) n where b.id = :id`,
        { id },
      )
      await rowsOf(
        trx,
        `insert into approvals (id, org_id, subject_type, subject_id, subject_label, requester_id, approval_type, status, decided_by,
           responded_at, continuation, created_at, updated_at)
         select gen_random_uuid(), org_id, 'BOOKING', id, '{}', requester_id, 'MANAGER_APPROVAL', 'APPROVED', 'person', starts_at, 'x',
           starts_at, starts_at from bookings where booking_code like 'FIG-%'`,
      )
    })
    await owner.raw('analyze bookings, approvals')
    const [{ status }, rows] = await countRowsRead(w, () =>
      staff.get(`/figures?from=2031-05-06T00:00:00Z&to=2031-05-08T00:00:00Z`),
    )
    await owner.destroy()
    expect(status).to.equal(200)
    expect(rows).to.be.above(50).and.below(400)
    const [, again] = await countRowsRead(w, () =>
      staff.get(`/figures?from=2031-05-06T00:00:00Z&to=2031-05-08T00:00:00Z`),
    )
    expect(again, 'who asks is known, and what was read').to.be.below(24)
  })

  it('are of all, however many there are: the busiest are shown, and the others asked for', async () => {
    const before = (await figuresOf(8)).totals.resources.count
    await w.owner.raw(
      `insert into resources (id, org_id, kind, name, attributes, status, created_at, updated_at)
       select gen_random_uuid(), org_id, kind, 'Xe số ' || n, attributes, status, created_at, updated_at
       from (select * from resources where org_id = :orgId limit 1) r, generate_series(1, 600) n`,
      { orgId: staff.user.orgId },
    )
    const path = `/figures?from=${day(8)}&to=${day(9)}&offset=`
    await w.advance('1 minute')
    const all: Figures = (await staff.get(`${path}0`)).body
    expect(all.totals.resources.count).to.equal(before + 600)
    expect(all.resources).to.have.length(500)
    const rest: Figures = (await staff.get(`${path}500`)).body
    expect(rest.resources).to.have.length(before + 100)
    expect(new Set([...all.resources, ...rest.resources].map(({ id }) => id)).size).to.equal(before + 600)
    mustBeProblem(await staff.get(`${path}-1`), 400, 'malformed')
  })
})
