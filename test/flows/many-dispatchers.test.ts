// Everybody dispatches at the same moment: no two bookings on one vehicle or driver, and every refusal names what is in the way.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Conflict } from '../../shared/bookings/schema.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Reply } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** ASSIGNMENTS=1000 is the size for which this was made. */
const ASSIGNMENTS = Number(process.env['ASSIGNMENTS'] ?? 120)
const DAYS = 4
const FLEET = 6
const PEOPLE = 6
/** Whatever is asked for beforehand, so many at once. */
const AT_ONCE = 25

interface Assignment {
  id: string
  resourceId: string
  driverId: string
}

const SEED = seedOfThisRun()

describe(`${ASSIGNMENTS} assignments at the same moment (SEED=${SEED})`, function () {
  this.timeout(300_000)
  let w: World
  let staff: Person
  before(async () => {
    w = await aWorld({ with: ['api'], env: { RATE_LIMIT_PER_MINUTE: '1000000' } })
    staff = await w.as('staff')
  })
  after(() => w.end())

  it('put no two on one vehicle or driver, and every refusal names the booking that is in the way', async () => {
    const choices = choicesOf(SEED)
    const [admin, manager] = [await w.as('admin'), await w.as('manager')]
    const fleet = await inTurns(FLEET, (n) =>
      staff.post('/resources', { kind: 'VEHICLE', name: `Xe ${n}`, bufferMinutes: (n % 3) * 15 }),
    )
    const people = await inTurns(PEOPLE, (n) =>
      admin.post('/users', {
        email: `lai-xe-${n}@demo.test`,
        fullName: `Lái xe ${n}`,
        role: 'DRIVER',
        password: 'mat-khau-rat-dai',
      }),
    )
    const asked = await inTurns(ASSIGNMENTS, () => manager.post('/bookings', aRandomTrip(choices)))
    const assignments: Assignment[] = asked.map((id) => ({
      id,
      resourceId: choices.oneOf(fleet),
      driverId: choices.oneOf(people),
    }))

    const answers = await Promise.all(assignments.map(assign))

    const refused = answers.flatMap((answer, n) => (answer.status === 201 ? [] : [{ answer, n }]))
    expect(answers.length - refused.length).to.be.greaterThan(FLEET)
    expect(refused.length).to.be.greaterThan(0)
    expect(await countOverlaps()).to.equal(0)
    for (const { answer, n } of refused) await mustNameWhatIsInTheWay(answer, assignments[n])
  })

  /** Too many at once are told to come again, or lose their connection: as every client does, they ask again, and it counts once. */
  async function assign({ id, ...body }: Assignment): Promise<Reply> {
    const key = { 'idempotency-key': randomUUID() }
    for (;;) {
      const answer = await staff.post(`/bookings/${id}/assign`, body, key).catch(() => undefined)
      if (answer && answer.status !== 503) return answer
    }
  }

  async function inTurns(count: number, make: (n: number) => Promise<Reply>): Promise<string[]> {
    const ids: string[] = []
    while (ids.length < count) {
      const turn = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, (_, n) =>
        make(ids.length + n),
      )
      for (const { status, body } of await Promise.all(turn)) {
        expect(status, JSON.stringify(body)).to.equal(201)
        ids.push(body.id)
      }
    }
    return ids
  }

  async function countOverlaps(): Promise<number> {
    const [found] = await rowsOf<{ number: number }>(
      w.runtime.db,
      `select count(*) as number from bookings a join bookings b on a.id < b.id and a.status = 'ASSIGNED' and b.status = 'ASSIGNED'
         and (a.assigned_driver_id = b.assigned_driver_id and a.span && b.span
           or a.assigned_resource_id = b.assigned_resource_id and a.held && b.held)`,
      {},
    )
    return Number(found?.number)
  }

  /** Of the vehicle or driver that was wanted, at the time that was wanted. */
  async function mustNameWhatIsInTheWay(answer: Reply, wanted: Assignment | undefined): Promise<void> {
    mustBeProblem(answer, 409, 'conflict')
    const conflicts: Conflict[] = answer.body.conflicts
    expect(conflicts.length).to.be.greaterThan(0)
    const named = await rowsOf<{ id: string }>(
      w.runtime.db,
      `select b.id from bookings b join bookings asked on asked.id = :id
       where b.id = any(:named) and b.status = 'ASSIGNED'
         and b.starts_at < asked.ends_at + interval '30 minutes' and asked.starts_at < b.ends_at + interval '30 minutes'
         and (b.assigned_driver_id = :driverId or b.assigned_resource_id = :resourceId)`,
      { ...wanted, named: conflicts.map(({ bookingId }) => bookingId) },
    )
    expect(new Set(named.map(({ id }) => id))).to.deep.equal(
      new Set(conflicts.map(({ bookingId }) => bookingId)),
    )
  }
})

/** On one of a few days, at any quarter of an hour of it. */
function aRandomTrip(choices: Choices): object {
  const two = (number: number): string => String(number).padStart(2, '0')
  return {
    ...TRIP,
    scheduledDate: `2031-07-${two(choices.between(1, DAYS))}`,
    scheduledTime: `${two(choices.between(6, 19))}:${two(15 * choices.between(0, 3))}`,
    durationMinutes: 15 * choices.between(2, 9),
  }
}
