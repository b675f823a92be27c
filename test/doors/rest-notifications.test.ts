import { expect } from 'chai'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { ask, eventsOn } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('notifications', () => {
  let w: World
  let manager: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    manager = await w.as('manager')
    // The manager is asked, a minute later informed.
    await ask(w, 'employee')
    await w.settle()
    await w.advance('1 minute')
    await ask(w, 'sic')
    await w.settle()
  })
  afterEach(() => w.end())

  const typesIn = (list: { type: string }[]): string[] => list.map(({ type }) => type)
  const list = async (query = '', by = manager) => (await by.get(`/notifications${query}`)).body
  const unread = async (by = manager): Promise<number> =>
    (await by.get('/notifications/unread-count')).body.count

  it('come newest first, with their number, in the language of whoever is told', async () => {
    const reply = await manager.get('/notifications')
    expect(typesIn(reply.body)).to.deep.equal(['BOOKING_CC_NOTIFICATION', 'APPROVAL_REQUIRED'])
    expect(reply.headers.get('x-total-count')).to.equal('2')
    expect(reply.body[1]).to.include({ category: 'approval', priority: 'high', readAt: null })
    expect(reply.body[1].title).to.match(
      /^Chờ bạn duyệt: Nguyễn Thị Mai, 10 thg 3, 2031 \(DEMO-20310310-\d{4}\)$/,
    )
    await w.runtime.db('users').where({ id: manager.user.id }).update({ locale: 'en' })
    await ask(w, 'sic')
    await w.settle()
    const informed = (await list()).find(({ title }: { title: string }) => title.startsWith('For your'))
    expect(informed.title).to.match(
      /^For your information: .+ booked for 10 Mar 2031 \(DEMO-20310310-\d{4}\)$/,
    )
    expect(informed.message).to.include('Time: 08:30 – 09:30').and.include('Passengers: 2')
  })

  it('are filtered by category and by whether they were read', async () => {
    const [newest] = await list()
    await manager.patch(`/notifications/${newest.id}/read`)
    expect(typesIn(await list('?category=approval'))).to.deep.equal(['APPROVAL_REQUIRED'])
    expect(typesIn(await list('?unread=true'))).to.deep.equal(['APPROVAL_REQUIRED'])
    expect(typesIn(await list('?unread=false'))).to.deep.equal(['BOOKING_CC_NOTIFICATION'])
    expect(typesIn(await list('?unread=true&category=booking'))).to.deep.equal([])
    expect(problemsIn(await manager.get('/notifications?category=gossip'))[0]).to.match(
      /^\/query\/category must be one of booking, approval/,
    )
  })

  it('are read once: the first reading counts', async () => {
    const [newest] = await list()
    const first = (await manager.patch(`/notifications/${newest.id}/read`)).body.readAt
    await w.advance('1 minute')
    expect((await manager.patch(`/notifications/${newest.id}/read`)).body.readAt).to.equal(first)
    expect(await unread()).to.equal(1)
  })

  it('leave out what is told of the audit, and are none where that alone is asked for', async () => {
    const counted = async (query: string): Promise<[number, number]> => [
      (await manager.get(`/notifications${query}`)).body.length,
      (await manager.get(`/notifications/unread-count${query}`)).body.count,
    ]
    expect(await counted('?except=audit')).to.deep.equal([2, 2])
    expect(await counted('?category=audit&except=audit')).to.deep.equal([0, 0])
    await manager.post('/notifications/read-all')
    expect(await counted('?except=audit')).to.deep.equal([2, 0])
  })

  it('are all read at once', async () => {
    expect(await unread()).to.equal(2)
    const reply = await manager.post('/notifications/read-all')
    expect([reply.status, reply.body]).to.deep.equal([201, { count: 2 }])
    expect([await unread(), (await manager.post('/notifications/read-all')).body.count]).to.deep.equal([0, 0])
  })

  it('are gone when they are deleted', async () => {
    const [newest, older] = await list()
    expect((await manager.delete(`/notifications/${newest.id}`)).body.id).to.equal(newest.id)
    expect((await list()).map(({ id }: { id: string }) => id)).to.deep.equal([older.id])
    expect(await unread()).to.equal(1)
    mustBeProblem(await manager.delete(`/notifications/${newest.id}`), 404)
    mustBeProblem(await manager.patch(`/notifications/${newest.id}/read`), 404)
  })

  it('agree on every device: what is read, read all at once or deleted is told to the others, once', async () => {
    const [newest, older] = await list()
    const readAt = w.clock.now().toISOString()
    for (let twice = 0; twice < 2; twice++) await manager.patch(`/notifications/${newest.id}/read`)
    await w.advance('1 minute')
    await manager.patch(`/notifications/${newest.id}/read`)
    const until = w.clock.now().toISOString()
    for (let twice = 0; twice < 2; twice++) await manager.post('/notifications/read-all')
    await manager.delete(`/notifications/${older.id}`)
    await w.settle()
    const changes = (await eventsOn(w, userChannel(manager.user.id)))
      .filter(({ ev }) => ev === 'notification.changed')
      .map(({ data }) => data)
    expect(changes.slice(0, 2)).to.deep.equal(
      Array(2).fill({ id: newest.id, until: null, readAt, isDeleted: false }),
    )
    expect(changes.slice(2)).to.deep.equal([
      { id: null, until, readAt: until, isDeleted: false },
      { id: older.id, until: null, readAt: null, isDeleted: true },
    ])
  })

  it('are read of a kind, and the other devices are told of which', async () => {
    const readAll = async (query: string): Promise<number> =>
      (await manager.post(`/notifications/read-all${query}`)).body.count
    expect(await readAll('?category=audit')).to.equal(0)
    expect(await readAll('?category=booking')).to.equal(1)
    expect(typesIn(await list('?unread=true'))).to.deep.equal(['APPROVAL_REQUIRED'])
    expect(await readAll('?except=audit')).to.equal(1)
    await w.settle()
    const kinds = (await eventsOn(w, userChannel(manager.user.id)))
      .filter(({ ev }) => ev === 'notification.changed')
      .map(({ data }) => [data['category'], data['except']])
    expect(kinds).to.deep.equal([
      ['booking', undefined],
      [undefined, 'audit'],
    ])
    mustBeProblem(await manager.post('/notifications/read-all?except=booking'), 400)
  })

  const settlements: Record<string, () => Promise<void>> = {
    decided: async () =>
      void (await manager.post(
        `/approvals/${(await w.runtime.db('approvals').where({ status: 'PENDING' }).first('id')).id}/approve`,
      )),
    withdrawn: async () =>
      void (await (
        await w.as('employee')
      ).post(
        `/bookings/${(await w.runtime.db('bookings').where({ status: 'PENDING_APPROVAL' }).first('id')).id}/cancel`,
        { reason: 'USER_REQUEST' },
      )),
    'past its deadline': () => w.advance('25 hours'),
  }
  for (const [what, settle] of Object.entries(settlements)) {
    it(`ask for nothing any more once the request is ${what}`, async () => {
      await w.advance('1 hour')
      expect(typesIn(await list('?category=approval'))).to.deep.equal([
        'APPROVAL_REMINDER',
        'APPROVAL_REQUIRED',
      ])
      await settle()
      await w.settle()
      const asking = (await list('?category=approval')).filter(
        ({ type }: { type: string }) => type === 'APPROVAL_REMINDER' || type === 'APPROVAL_REQUIRED',
      )
      expect(asking.length).to.be.greaterThan(1)
      expect(asking.filter(({ readAt }: { readAt: string | null }) => readAt === null)).to.deep.equal([])
      const changed = (await eventsOn(w, userChannel(manager.user.id)))
        .filter(({ ev }) => ev === 'notification.changed')
        .map(({ data }) => data['id'])
      expect(changed).to.have.members(asking.map(({ id }: { id: string }) => id))
      expect(await unread()).to.equal(what === 'decided' ? 1 : 2)
    })
  }

  it('are seen by whom they are for, and by admins of the same organisation', async () => {
    const path = `/notifications/user/${manager.user.id}`
    expect(typesIn((await manager.get(path)).body)).to.have.length(2)
    expect(typesIn((await (await w.as('admin')).get(`${path}?category=approval`)).body)).to.deep.equal([
      'APPROVAL_REQUIRED',
    ])
    for (const name of ['employee', 'staff', 'supervisor', 'foreignAdmin'] as const)
      mustBeProblem(await (await w.as(name)).get(path), 404, 'not_found')
  })

  it("are nobody else's to read or to delete", async () => {
    const [newest] = await list()
    for (const name of ['admin', 'employee', 'foreignAdmin'] as const) {
      const other = await w.as(name)
      mustBeProblem(await other.patch(`/notifications/${newest.id}/read`), 404)
      mustBeProblem(await other.delete(`/notifications/${newest.id}`), 404)
      await other.post('/notifications/read-all')
    }
    expect(await unread()).to.equal(2)
  })
})
