// Whoever reads a list page by page, while others go on working, sees everything that stays in its place once.

import { expect } from 'chai'
import { caller } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a list that moves while it is read', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'manager' | 'staff' | 'customer', Person>
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      staff: await w.as('staff'),
      customer: await w.as('customer'),
    }
  })
  after(() => w.end())

  /** Follows the links, two at a time. @param meanwhile happens once the first page was read */
  async function readThrough(
    reader: Person,
    path: string,
    meanwhile: (seen: readonly string[]) => Promise<unknown>,
  ): Promise<string[]> {
    const seen: string[] = []
    for (let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=2`; next;) {
      const { status, body, headers } = await reader.get(next)
      expect(status, JSON.stringify(body)).to.equal(200)
      seen.push(...body.map(({ id }: { id: string }) => id))
      if (seen.length === 2) {
        await w.advance('1 second')
        await meanwhile(seen)
      }
      next = /<\/api\/v1([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    return seen
  }

  async function each(n: number, make: (n: number) => Promise<{ body: { id: string } }>): Promise<string[]> {
    const ids: string[] = []
    for (let at = 0; at < n; at++) {
      await w.advance('1 second')
      ids.unshift((await make(at)).body.id)
    }
    return ids
  }
  const say = (by: Person, roomId: string | undefined, content: string): Promise<unknown> =>
    by.post(`/chat/rooms/${roomId}/messages`, { content })

  for (const [name, path] of [
    ['rooms', '/chat/rooms?kind=GROUP'],
    ['conversations', '/chat/conversations'],
  ] as const) {
    it(`shows ${name} once when one of them moves up`, async () => {
      const others = ['manager', 'staff', 'driver', 'sic', 'director'] as const
      const made = await each(5, async (n) =>
        name === 'rooms'
          ? people.admin.post('/chat/groups', { name: `Nhóm ${n}`, memberIds: [people.employee.user.id] })
          : people.employee.post('/chat/conversations/with-user', {
              userId: (await w.as(others[n] ?? 'owner')).user.id,
            }),
      )
      for (const id of made.toReversed()) {
        await w.advance('1 second')
        await say(people.employee, id, 'Chào')
      }
      await w.advance('1 second')
      const [, , third, ...rest] = made
      expect(
        await readThrough(people.employee, path, () => say(people.employee, third, 'Lên đầu')),
      ).to.deep.equal([...made.slice(0, 2), ...rest])
    })
  }

  it('shows what customers wait for once when somebody is answered and somebody new comes', async () => {
    const customers = await Promise.all(
      [...'abcde'].map(async (letter) => {
        const { body: guest } = await w.anybody.post('/auth/guest', { org: 'demo', name: `Khách ${letter}` })
        return caller(`${w.url}/api/v1`, guest.accessToken)
      }),
    )
    const rooms: string[] = []
    for (const customer of customers) {
      const {
        body: { id },
      } = await customer.post('/chat/rooms/create', { userName: 'Khách' })
      await customer.post(`/chat/rooms/${id}/messages`, { content: 'Có ai không?' })
      await w.advance('1 second')
      rooms.push(id)
    }
    const seen = await readThrough(people.staff, '/chat/rooms?kind=SUPPORT', ([first]) =>
      say(people.staff, first, 'Em nghe'),
    )
    expect(seen.slice(0, 5)).to.deep.equal(rooms)
  })

  it('shows bookings, tickets and requests once when a new one comes', async () => {
    const bookings = await each(5, () => people.employee.post('/bookings', TRIP))
    await w.settle()
    expect(
      await readThrough(people.employee, '/bookings', () => people.employee.post('/bookings', TRIP)),
    ).to.deep.equal(bookings)
    await w.settle()
    const requests = (await people.employee.get('/approvals/my-requests')).body.map(
      ({ id }: { id: string }) => id,
    )
    expect(
      await readThrough(people.employee, '/approvals/my-requests', async () => {
        await people.employee.post('/bookings', TRIP)
        await w.settle()
      }),
    ).to.deep.equal(requests)
    const tickets = await each(5, () => people.customer.post('/supports', { description: 'Hỏng' }))
    expect(
      await readThrough(people.customer, '/supports', () =>
        people.customer.post('/supports', { description: 'Lại hỏng' }),
      ),
    ).to.deep.equal(tickets)
  })

  it('leaves out nothing when what was shown goes', async () => {
    const pending = (await people.manager.get('/approvals/pending')).body.map(({ id }: { id: string }) => id)
    expect(
      await readThrough(people.manager, '/approvals/pending', ([first]) =>
        people.manager.post(`/approvals/${first}/approve`),
      ),
    ).to.deep.equal(pending)
    const open = (await people.staff.get('/supports?status=open')).body.map(({ id }: { id: string }) => id)
    expect(
      await readThrough(people.staff, '/supports?status=open', ([first]) =>
        people.staff.patch(`/supports/${first}/status`, { status: 'closed' }),
      ),
    ).to.deep.equal(open)
    await w.settle()
    const unread = (await people.manager.get('/notifications?unread=true')).body.map(
      ({ id }: { id: string }) => id,
    )
    expect(unread.length).to.be.greaterThan(4)
    expect(
      await readThrough(people.manager, '/notifications?unread=true', ([first]) =>
        people.manager.patch(`/notifications/${first}/read`),
      ),
    ).to.deep.equal(unread)
  })

  it('shows messages once while more is said, upwards and downwards', async () => {
    const {
      body: { id: roomId },
    } = await people.employee.post('/chat/conversations/with-user', { userId: people.manager.user.id })
    const { body: before } = await people.employee.get(`/chat/rooms/${roomId}/messages`)
    await each(4, (n) => people.employee.post(`/chat/rooms/${roomId}/messages`, { content: `Câu ${n}` }))
    const { body: all } = await people.employee.get(`/chat/rooms/${roomId}/messages`)
    const ids = all.map(({ id }: { id: string }) => id)
    expect(all.length).to.equal(before.length + 4)
    expect(
      await readThrough(people.employee, `/chat/rooms/${roomId}/messages`, () =>
        say(people.manager, roomId, 'Chen vào'),
      ),
    ).to.deep.equal(ids)
    expect(
      await readThrough(people.employee, `/chat/rooms/${roomId}/messages?after=0`, () =>
        say(people.manager, roomId, 'Nữa'),
      ),
    ).to.have.length(ids.length + 2)
  })

  it('takes no cursor of another list, and none that is none', async () => {
    const link = (await people.employee.get('/chat/rooms?limit=1')).headers.get('link') ?? ''
    const cursor = new URLSearchParams(link.slice(link.indexOf('?'), link.indexOf('>'))).get('cursor') ?? ''
    const strange = [
      'x',
      'MTIz',
      Buffer.from(`1.2.${people.employee.user.id}`).toString('base64url'),
      Buffer.from(`1e9.${people.employee.user.id}`).toString('base64url'),
    ]
    for (const path of [
      '/chat/rooms',
      '/chat/conversations',
      '/bookings',
      '/supports',
      '/notifications',
      '/approvals',
      '/approvals/pending',
      '/approvals/my-requests',
      '/approvals/delegations',
    ]) {
      for (const each of strange)
        expect(problemsIn(await people.employee.get(`${path}?cursor=${each}`)), path).to.deep.equal([
          '/query/cursor must be one that a page of this list named',
        ])
    }
    expect(problemsIn(await people.staff.get(`/chat/rooms?kind=SUPPORT&cursor=${cursor}`))).to.deep.equal([
      '/query/cursor must be one that a page of this list named',
    ])
    expect(problemsIn(await people.admin.get(`/audit/logs?cursor=${cursor}`))).to.deep.equal([
      '/query/cursor must be one that a page of this list named',
    ])
  })
})
