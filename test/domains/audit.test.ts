import { expect } from 'chai'
import type { StoredRow } from '../../shared/audit/schema.ts'
import { describeRows } from '../../shared/users/audit-descriptions.ts'
import { TRIP, tripOnItsDay } from '../support/people.ts'
import { approvalOf, auditOf } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const VEHICLE = { kind: 'VEHICLE', name: '51A-000.01' }

describe('the audit', () => {
  let w: World
  let people: Record<'admin' | 'staff' | 'employee' | 'manager' | 'driver', Person>
  let resourceId: string

  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    people = {
      admin: await w.as('admin'),
      staff: await w.as('staff'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      driver: await w.as('driver'),
    }
    resourceId = (await people.staff.post('/resources', VEHICLE)).body.id
  })
  after(() => w.end())

  const booked = async (by: Person = people.manager): Promise<string> =>
    (await by.post('/bookings', tripOnItsDay())).body.id
  const assign = (id: string) =>
    people.staff.post(`/bookings/${id}/assign`, { resourceId, driverId: people.driver.user.id })

  async function assigned(): Promise<string> {
    const id = await booked()
    await assign(id)
    return id
  }

  async function started(): Promise<string> {
    const id = await assigned()
    await people.driver.post(`/bookings/${id}/start`)
    return id
  }

  async function approvalWaiting(): Promise<string> {
    const id = await booked(people.employee)
    await w.settle()
    return (await approvalOf(w, id)).id
  }

  const email = (): string => `n${Math.random()}@demo.test`
  const someone = async (): Promise<string> =>
    (
      await people.admin.post('/users', {
        email: email(),
        password: 'long-enough',
        fullName: 'Ai Đó',
        role: 'STAFF',
      })
    ).body.id
  const delegation = () => ({
    delegateId: people.staff.user.id,
    from: w.clock.now().toISOString(),
    until: '2032-01-01T00:00:00Z',
  })

  /** Each verb: who does it, what it does, and the row that says so. `is` prepares, without being looked at. */
  const VERBS: readonly {
    verb: string
    action: string
    by: () => Person
    is?: () => Promise<string>
    does: (by: Person, id: string, headers: Record<string, string>) => Promise<{ status: number }>
  }[] = [
    {
      verb: 'asking for a booking',
      action: 'booking_created',
      by: () => people.employee,
      does: (by, _, headers) => by.post('/bookings', TRIP, headers),
    },
    {
      verb: 'confirming',
      action: 'booking_confirmed',
      by: () => people.staff,
      is: booked,
      does: (by, id, headers) => by.post(`/bookings/${id}/confirm`, {}, headers),
    },
    {
      verb: 'assigning',
      action: 'booking_assigned',
      by: () => people.staff,
      is: booked,
      does: (by, id, headers) =>
        by.post(`/bookings/${id}/assign`, { resourceId, driverId: people.driver.user.id }, headers),
    },
    {
      verb: 'arriving',
      action: 'vehicle_arriving',
      by: () => people.driver,
      is: assigned,
      does: (by, id, headers) => by.post(`/bookings/${id}/arriving`, {}, headers),
    },
    {
      verb: 'starting',
      action: 'booking_in_progress',
      by: () => people.driver,
      is: assigned,
      does: (by, id, headers) => by.post(`/bookings/${id}/start`, {}, headers),
    },
    {
      verb: 'completing',
      action: 'booking_completed',
      by: () => people.driver,
      is: started,
      does: (by, id, headers) => by.post(`/bookings/${id}/complete`, {}, headers),
    },
    {
      verb: 'redirecting',
      action: 'booking_redirected_external',
      by: () => people.staff,
      is: booked,
      does: (by, id, headers) => by.post(`/bookings/${id}/redirect`, {}, headers),
    },
    {
      verb: 'cancelling',
      action: 'booking_cancelled',
      by: () => people.manager,
      is: booked,
      does: (by, id, headers) => by.post(`/bookings/${id}/cancel`, { reason: 'WEATHER' }, headers),
    },
    {
      verb: 'approving',
      action: 'approval_decided',
      by: () => people.manager,
      is: approvalWaiting,
      does: (by, id, headers) => by.post(`/approvals/${id}/approve`, {}, headers),
    },
    {
      verb: 'rejecting',
      action: 'approval_decided',
      by: () => people.manager,
      is: approvalWaiting,
      does: (by, id, headers) => by.post(`/approvals/${id}/reject`, { notes: 'Không' }, headers),
    },
    {
      verb: 'delegating',
      action: 'delegation_created',
      by: () => people.manager,
      does: (by, _, headers) => by.post('/approvals/delegations', delegation(), headers),
    },
    {
      verb: 'taking a delegation back',
      action: 'delegation_revoked',
      by: () => people.admin,
      is: async () => (await people.admin.post('/approvals/delegations', delegation())).body.id,
      does: (by, id, headers) => by.delete(`/approvals/delegations/${id}`, headers),
    },
    {
      verb: 'adding a person',
      action: 'user_created',
      by: () => people.admin,
      does: (by, _, headers) =>
        by.post(
          '/users',
          { email: email(), password: 'long-enough', fullName: 'Ai Đó', role: 'STAFF' },
          headers,
        ),
    },
    {
      verb: 'changing a person',
      action: 'user_changed',
      by: () => people.admin,
      is: someone,
      does: (by, id, headers) => by.patch(`/users/${id}`, { fullName: 'Ai Khác' }, headers),
    },
    {
      verb: 'setting a password',
      action: 'password_changed',
      by: () => people.admin,
      is: someone,
      does: (by, id, headers) => by.post(`/users/${id}/password`, { password: 'another-one' }, headers),
    },
    {
      verb: 'changing the organisation',
      action: 'organisation_changed',
      by: () => people.admin,
      does: (by, _, headers) => by.patch('/organisation', { name: 'Bellhop Demo' }, headers),
    },
    {
      verb: 'adding a resource',
      action: 'resource_created',
      by: () => people.staff,
      does: (by, _, headers) => by.post('/resources', VEHICLE, headers),
    },
    {
      verb: 'changing a resource',
      action: 'resource_changed',
      by: () => people.staff,
      is: async () => resourceId,
      does: (by, id, headers) => by.patch(`/resources/${id}`, { name: '51A-000.02' }, headers),
    },
    {
      verb: 'retiring a resource',
      action: 'resource_changed',
      by: () => people.staff,
      is: async () => (await people.staff.post('/resources', VEHICLE)).body.id,
      does: (by, id, headers) => by.delete(`/resources/${id}`, headers),
    },
    {
      verb: 'signing in',
      action: 'login',
      by: () => people.employee,
      does: (_, __, headers) =>
        w.anybody.post('/auth/login', { email: 'employee@demo.test', password: 'bellhop-demo' }, headers),
    },
    {
      verb: 'coming in as a guest',
      action: 'guest_created',
      by: () => people.employee,
      does: (_, __, headers) => w.anybody.post('/auth/guest', { org: 'demo', name: 'Khách' }, headers),
    },
    {
      verb: 'signing out',
      action: 'logout',
      by: () => people.driver,
      does: (by, _, headers) => by.post('/auth/logout', {}, headers),
    },
  ]

  for (const { verb, action, by, is, does } of VERBS) {
    it(`has one row for ${verb}: who, what, and from which request`, async () => {
      const id = (await is?.()) ?? ''
      const requestId = `audit-${verb.replaceAll(/\W/g, '-')}`
      expect((await does(by(), id, { 'x-request-id': requestId })).status).to.be.below(300)
      const rows = await auditOf(w, { requestId, action })
      expect(rows).to.have.length(1)
      const [row] = rows
      expect(row).to.include({ orgId: people.admin.user.orgId, ip: '127.0.0.1' })
      if (action !== 'guest_created') expect(row?.['actorId']).to.equal(by().user.id)
      expect(await sentencesOf(rows)).to.satisfy(areWhole)
      expect(row?.['at']).to.be.instanceOf(Date)
      if (id) expect(row?.['entityId']).to.equal(id)
    })
  }

  /** As an ADMIN reads them, in both languages. */
  async function sentencesOf(rows: Record<string, unknown>[]): Promise<string[]> {
    const found = await Promise.all(
      (['vi', 'en'] as const).map((locale) =>
        describeRows(w.runtime.db, people.admin.user.orgId, locale, rows as unknown as StoredRow[]),
      ),
    )
    return found.flatMap((each) => each.rows.map(({ description }) => description))
  }

  /** Nothing that a sentence names is missing, and no action is without one. */
  const areWhole = (sentences: readonly string[]): boolean =>
    sentences.every((text) => / /.test(text) && !/[…{}]/.test(text))

  it("is written without a name in it, and read with names, in the reader's language", async () => {
    const { body } = await people.employee.post('/bookings', TRIP, { 'x-request-id': 'audit-named' })
    const rows = await auditOf(w, { requestId: 'audit-named' })
    expect(rows[0]).to.deep.include({
      description: '',
      metadata: { code: body.bookingCode, approvalType: 'MANAGER_APPROVAL' },
    })
    expect(await sentencesOf(rows.slice(0, 1))).to.deep.equal([
      `Nguyễn Thị Mai đã đặt ${body.bookingCode}`,
      `Nguyễn Thị Mai asked for ${body.bookingCode}`,
    ])
  })

  it('shows rows of an earlier release, which were written as finished sentences, as they stand', async () => {
    const old = {
      at: w.clock.now(),
      orgId: people.admin.user.orgId,
      action: 'booking_created',
      entity: 'booking',
      description: 'Mai asked for X-1',
      requestId: 'audit-old',
    }
    await w.change(async (change) => change.db('audit_log').insert(old))
    expect(await sentencesOf(await auditOf(w, { requestId: 'audit-old' }))).to.deep.equal([
      'Mai asked for X-1',
      'Mai asked for X-1',
    ])
  })

  it('says nothing of a row that was erased', async () => {
    const [row] = await auditOf(w, { requestId: 'audit-named' })
    expect(await sentencesOf([{ ...row, erasedBy: 1, metadata: {} }])).to.deep.equal(['', ''])
  })

  it('has no row for what was refused', async () => {
    const id = await booked()
    await people.staff.post(`/bookings/${id}/complete`, {}, { 'x-request-id': 'audit-refused' })
    await people.employee.post('/users', {}, { 'x-request-id': 'audit-refused' })
    expect(await auditOf(w, { requestId: 'audit-refused' })).to.deep.equal([])
  })

  it("carries the request's id into what workers did for it", async () => {
    const { body } = await people.employee.post('/bookings', TRIP, { 'x-request-id': 'audit-through' })
    await w.settle()
    const rows = await auditOf(w, { requestId: 'audit-through' })
    expect(rows.map(({ action }) => action)).to.deep.equal(['booking_created', 'approval_requested'])
    expect((await approvalOf(w, body.id)).status).to.equal('PENDING')
  })

  it("names nobody's secrets", async () => {
    const everything = JSON.stringify(await w.runtime.db('audit_log'))
    expect(everything).not.to.match(/bellhop-demo|argon2|long-enough|another-one|eyJ/)
  })
})
