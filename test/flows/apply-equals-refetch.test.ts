import { expect } from 'chai'
import { declaredEvents, roleChannel, userChannel } from '../../shared/kit/event.ts'
import { TRIP, type Name } from '../support/people.ts'
import type { Frame, Socket } from '../support/socket.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

type Row = { id: string; version?: number; updatedAt?: string }
type Shelf = Map<string, Row>

/** How a client keeps each event: the thing it carries replaces the one it has, unless it is older. */
const KEPT: Readonly<Record<string, 'bookings' | 'approvals' | 'notifications' | 'nothing'>> = {
  'booking.created': 'bookings', 'booking.changed': 'bookings',
  'approval.requested': 'approvals', 'approval.reminded': 'approvals', 'approval.decided': 'approvals', 'approval.expired': 'approvals',
  'notification.created': 'notifications',
  // Of these there is nothing to read.
  'presence.changed': 'nothing', 'session.ended': 'nothing',
}

const READS: Readonly<Record<string, (person: Person) => Promise<Row[]>>> = {
  bookings: async (person) => (await person.get('/bookings?limit=100')).body,
  notifications: async (person) => (await person.get('/notifications?limit=100')).body,
  async approvals(person) {
    const [own, asked] = [(await person.get('/approvals/my-requests?limit=100')).body, (await person.get('/approvals/pending?limit=100')).body]
    return [...own, ...asked]
  },
}

describe('applying events to an old read', () => {
  let w: World
  before(async () => { w = await aWorld({ env: { APPROVAL_MAX_REMINDERS: '1' } }) })
  after(() => w.end())

  it('is known for every declared event', () => {
    expect(Object.keys(KEPT).toSorted()).to.deep.equal(declaredEvents().map(({ name }) => name).toSorted())
  })

  it('gives what a fresh read gives, whatever happened in between', async () => {
    const watchers = await Promise.all((['employee', 'manager', 'staff', 'driver', 'sic'] satisfies Name[]).map((name) => watch(w, name)))
    await aDay(w)
    await w.settle()
    const happened = new Set<string>()
    for (const { person, socket, shelves } of watchers) {
      await quiet(w, person, socket)
      for (const frame of socket.frames) if (frame.t === 'event') apply(shelves, frame, happened)
      for (const [name, read] of Object.entries(READS)) {
        const fresh = await read(person)
        // A list of what waits loses what is decided; whatever it shows must be as the events left it.
        for (const row of fresh) expect(shelves[name]?.get(row.id), `${person.user.email} ${name}`).to.deep.equal(row)
        if (name !== 'approvals') expect(shelves[name]?.size).to.equal(fresh.length)
      }
    }
    expect([...happened].toSorted()).to.deep.equal(Object.keys(KEPT).filter((name) => KEPT[name] !== 'nothing').toSorted())
  })
})

async function watch(w: World, name: Name): Promise<{ person: Person; socket: Socket; shelves: Record<string, Shelf> }> {
  const person = await w.as(name)
  const socket = await person.socket()
  const shelves: Record<string, Shelf> = {}
  for (const [shelf, read] of Object.entries(READS)) shelves[shelf] = new Map((await read(person)).map((row) => [row.id, row]))
  return { person, socket, shelves }
}

function apply(shelves: Record<string, Shelf>, frame: Frame, happened: Set<string>): void {
  const shelf = shelves[KEPT[frame.ev ?? ''] ?? '']
  if (!shelf) return
  happened.add(frame.ev ?? '')
  const [now, before]: [Row, Row | undefined] = [frame['data'], shelf.get(frame['data'].id)]
  const isOlder = before !== undefined && ((before.version ?? 0) > (now.version ?? 0) || (before.updatedAt ?? '') > (now.updatedAt ?? ''))
  if (!isOlder) shelf.set(now.id, now)
}

/** Bookings of every fate. */
async function aDay(w: World): Promise<void> {
  const [employee, sic, manager, staff, driver] = await Promise.all([w.as('employee'), w.as('sic'), w.as('manager'), w.as('staff'), w.as('driver')])
  const ask = async (person: Person): Promise<string> => (await person.post('/bookings', TRIP)).body.id
  const [approved, rejected, cancelled, expiring] = [await ask(employee), await ask(employee), await ask(employee), await ask(employee)]
  const copied = await ask(sic)
  await w.settle()
  const approvalOf = async (booking: string): Promise<string> => (await manager.get(`/approvals/booking/${booking}`)).body.id
  await manager.post(`/approvals/${await approvalOf(approved)}/approve`)
  await manager.post(`/approvals/${await approvalOf(rejected)}/reject`, { notes: 'không cần thiết' })
  await employee.post(`/bookings/${cancelled}/cancel`, { reason: 'USER_REQUEST' })
  await w.settle()
  const { body: [vehicle] } = await staff.get('/resources?kind=VEHICLE')
  for (const booking of [approved, copied]) {
    await staff.post(`/bookings/${booking}/confirm`)
    await staff.post(`/bookings/${booking}/assign`, { resourceId: vehicle.id, driverId: driver.user.id })
    await driver.post(`/bookings/${booking}/arriving`)
    await driver.post(`/bookings/${booking}/start`)
  }
  await driver.post(`/bookings/${approved}/complete`)
  await w.advance('1 hour')
  await w.advance('23 hours')
  expect((await employee.get(`/bookings/${expiring}`)).body.status).to.equal('PENDING')
}

/** What was said before on a channel comes before this on it. */
async function quiet(w: World, { user }: Person, socket: Socket): Promise<void> {
  for (const channel of [userChannel(user.id), roleChannel(user.orgId, user.role)]) {
    const id = await w.house.stream.append({ key: `quiet.${user.id}.${channel}`, channel, event: 'test.quiet', at: w.clock.now(), data: {} })
    await socket.next((frame) => frame.id === id)
  }
}
