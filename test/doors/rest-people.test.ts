import { expect } from 'chai'
import { erasePerson } from '../../shared/erasure/actions.ts'
import { caller } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { askAndRoute } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const NOBODY = '00000000-0000-4000-8000-000000000000'
let count = 0
const somebody = () => ({
  email: `new${++count}@demo.test`,
  password: 'long-enough',
  fullName: 'Trịnh Công Sơn',
  role: 'STAFF',
})

describe('people, things and the organisation', () => {
  let w: World
  let admin: Person
  let employee: Person
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    admin = await w.as('admin')
    employee = await w.as('employee')
  })
  after(() => w.end())

  const signIn = (email: string, password: string) => w.anybody.post('/auth/login', { email, password })

  describe('people', () => {
    it('are added, read, listed and changed by an admin', async () => {
      const ask = {
        ...somebody(),
        phone: '+84900000001',
        positionLevel: 'SENIOR',
        managerId: await w.idOf('manager'),
        department: 'Kinh doanh',
        locale: 'en',
      }
      const added = await admin.post('/users', ask)
      expect(added.status).to.equal(201)
      const { password: _, ...told } = ask
      expect(added.body).to.deep.include({ ...told, isActive: true, userSegment: null })
      expect((await admin.get(`/users/${added.body.id}`)).body).to.deep.equal(added.body)
      expect(
        (await admin.get('/users?role=STAFF&limit=100')).body.map(({ id }: { id: string }) => id),
      ).to.include(added.body.id)
      const changed = await admin.patch(`/users/${added.body.id}`, { fullName: 'Văn Cao', department: null })
      expect(changed.body).to.include({ fullName: 'Văn Cao', department: null, phone: '+84900000001' })
      expect((await signIn(ask.email, 'long-enough')).status).to.equal(200)
    })

    it('are named to their colleagues by their ids, also those who have left', async () => {
      const { body: left } = await admin.post('/users', somebody())
      await admin.patch(`/users/${left.id}`, { isActive: false })
      const ids = [left.id, employee.user.id, NOBODY].map((id) => `ids=${id}`).join('&')
      const { body } = await employee.get(`/people?${ids}`)
      expect(body.map(({ id }: { id: string }) => id)).to.have.members([left.id, employee.user.id])
      const { body: directory } = await employee.get('/people?q=Trinh Cong Son&limit=100')
      expect(directory.map(({ id }: { id: string }) => id)).to.not.include(left.id)
    })

    it('have an address and a phone number of their own, whatever the case', async () => {
      const first = { ...somebody(), phone: '+84900000002' }
      await admin.post('/users', first)
      expect(
        mustBeProblem(await admin.post('/users', { ...somebody(), email: first.email.toUpperCase() }), 409),
      ).to.equal('This e-mail address is taken')
      expect(mustBeProblem(await admin.post('/users', { ...somebody(), phone: first.phone }), 409)).to.equal(
        'This phone number is taken',
      )
      const { body: second } = await admin.post('/users', somebody())
      mustBeProblem(await admin.patch(`/users/${second.id}`, { email: first.email }), 409)
    })

    it('have a manager of their own organisation, and not themselves', async () => {
      const foreigner = await w.idOf('foreigner')
      mustBeProblem(await admin.post('/users', { ...somebody(), managerId: foreigner }), 422)
      mustBeProblem(await admin.post('/users', { ...somebody(), managerId: NOBODY }), 422)
      mustBeProblem(await admin.patch(`/users/${employee.user.id}`, { managerId: foreigner }), 422)
      mustBeProblem(await admin.patch(`/users/${employee.user.id}`, { managerId: employee.user.id }), 422)
    })

    it('have a manager who is of the organisation, and never one who reports to them', async () => {
      const [manager, director, customer] = [
        await w.idOf('manager'),
        await w.idOf('director'),
        await w.idOf('customer'),
      ]
      mustBeProblem(await admin.post('/users', { ...somebody(), managerId: customer }), 422)
      mustBeProblem(await admin.patch(`/users/${employee.user.id}`, { managerId: customer }), 422)
      mustBeProblem(await admin.patch(`/users/${manager}`, { managerId: employee.user.id }), 422)
      expect(
        mustBeProblem(await admin.patch(`/users/${director}`, { managerId: employee.user.id }), 422),
      ).to.include('circle')
    })

    it('do not come to report to each other in a circle when two halves of it are written at once', async () => {
      const [one, two] = [
        (await admin.post('/users', somebody())).body.id,
        (await admin.post('/users', somebody())).body.id,
      ]
      const halves = await Promise.all([
        admin.patch(`/users/${one}`, { managerId: two }),
        admin.patch(`/users/${two}`, { managerId: one }),
      ])
      expect(halves.map(({ status }) => status).toSorted()).to.deep.equal([200, 422])
    })

    it('keep an ADMIN: the last one is not deactivated, demoted or erased, by nobody', async () => {
      for (const patch of [{ isActive: false }, { role: 'STAFF' }])
        expect(
          mustBeProblem(await admin.patch(`/users/${admin.user.id}`, patch), 409, 'last_admin'),
        ).to.include('last active ADMIN')
      const erased = await w
        .change((change) => erasePerson(change, admin.user.orgId, admin.user.id))
        .catch((error: unknown) => error)
      expect(erased).to.include({ status: 409, code: 'last_admin' })
      expect((await admin.patch(`/users/${admin.user.id}`, { fullName: 'Vẫn là tôi' })).status).to.be.below(
        300,
      )
    })

    it('cannot be given another id, organisation or hash', async () => {
      expect(
        problemsIn(
          await admin.patch(`/users/${employee.user.id}`, {
            id: NOBODY,
            orgId: NOBODY,
            passwordHash: 'x',
            createdAt: '2031-01-01T00:00:00Z',
          }),
        ),
      ).to.deep.equal(['createdAt', 'id', 'orgId', 'passwordHash'].map((key) => `/body/${key} is unknown`))
    })

    it('who leave are out at once, and their sessions with them', async () => {
      const ask = somebody()
      const { body: person } = await admin.post('/users', ask)
      const { body: session } = await signIn(ask.email, ask.password)
      const me = () => w.anybody.get('/auth/me', { authorization: `Bearer ${session.accessToken}` })
      expect((await me()).status).to.equal(200)
      expect((await admin.patch(`/users/${person.id}`, { isActive: false })).body.isActive).to.equal(false)
      mustBeProblem(await me(), 401)
      mustBeProblem(await w.anybody.post('/auth/refresh', { refreshToken: session.refreshToken }), 401)
      mustBeProblem(await signIn(ask.email, ask.password), 401)
      await admin.patch(`/users/${person.id}`, { isActive: true })
      mustBeProblem(await me(), 401)
      expect((await signIn(ask.email, ask.password)).status).to.equal(200)
    })

    for (const [what, change] of [
      ['get another role', (id: string) => admin.patch(`/users/${id}`, { role: 'SUPERVISOR' })],
      [
        'get another password',
        (id: string) => admin.post(`/users/${id}/password`, { password: 'quite-another' }),
      ],
    ] as const) {
      it(`who ${what} sign in anew`, async () => {
        const ask = somebody()
        const { body: person } = await admin.post('/users', ask)
        const { body: session } = await signIn(ask.email, ask.password)
        expect((await change(person.id)).status).to.be.below(300)
        mustBeProblem(
          await w.anybody.get('/auth/me', { authorization: `Bearer ${session.accessToken}` }),
          401,
        )
      })
    }

    it('keep their sessions when only their name changes', async () => {
      const ask = somebody()
      const { body: person } = await admin.post('/users', ask)
      const { body: session } = await signIn(ask.email, ask.password)
      await admin.patch(`/users/${person.id}`, { fullName: 'Phạm Duy' })
      expect(
        (await w.anybody.get('/auth/me', { authorization: `Bearer ${session.accessToken}` })).body.fullName,
      ).to.equal('Phạm Duy')
    })

    it('see each other in brief when they share a booking, and not at all when they do not', async () => {
      const [manager, customer, driver] = [
        await w.as('manager'),
        await w.as('customer'),
        await w.as('driver'),
      ]
      const brief = { id: employee.user.id, fullName: employee.user.fullName, role: 'EMPLOYEE' }
      mustBeProblem(await driver.get(`/users/${employee.user.id}`), 404)
      const { booking } = await askAndRoute(w)
      expect((await manager.get(`/users/${employee.user.id}`)).body).to.deep.equal(brief)
      expect((await employee.get(`/users/${manager.user.id}`)).body).to.have.all.keys(
        'id',
        'fullName',
        'role',
      )
      await w.runtime
        .db('bookings')
        .where({ id: booking.id })
        .update({ assignedDriverId: driver.user.id, status: 'ASSIGNED' })
      expect((await driver.get(`/users/${employee.user.id}`)).body).to.deep.equal(brief)
      for (const stranger of [
        customer,
        await w.as('staff'),
        await w.as('foreigner'),
        await w.as('foreignAdmin'),
      ])
        mustBeProblem(await stranger.get(`/users/${employee.user.id}`), 404)
    })

    it('see themselves whole', async () =>
      expect((await employee.get(`/users/${employee.user.id}`)).body).to.include({
        email: 'employee@demo.test',
      }))
  })

  it('no answer holds a password or its hash', async () => {
    const { body: booking } = await employee.post('/bookings', TRIP)
    const answers = await Promise.all([
      ...[
        '/auth/me',
        '/users?limit=100',
        `/users/${employee.user.id}`,
        '/auth/sessions',
        '/organisation',
        `/bookings/${booking.id}`,
        '/notifications',
      ].map((path) => admin.get(path)),
      admin.post('/users', somebody()),
      admin.post(`/users/${(await admin.post('/users', somebody())).body.id}/password`, {
        password: 'quite-another',
      }),
      signIn('sic@demo.test', 'bellhop-demo'),
    ])
    expect(answers.map(({ status }) => status).every((status) => status < 300)).to.equal(true)
    expect(JSON.stringify(answers.map(({ body }) => body))).not.to.match(
      /argon2|password|hash|long-enough|bellhop-demo/i,
    )
    const jobs = await Promise.all(w.runtime.queues.all.map((queue) => queue.getJobs()))
    expect(JSON.stringify(jobs.flat().map(({ data }) => data))).not.to.match(/argon2|password/i)
  })

  describe('things', () => {
    it('are added, read, filtered, changed and retired by the staff', async () => {
      const staff = await w.as('staff')
      const { status, body: station } = await staff.post('/resources', {
        kind: 'STATION',
        name: 'Trạm Quận 7',
        attributes: { slots: 12 },
      })
      expect([status, station.status]).to.deep.equal([201, 'AVAILABLE'])
      expect((await staff.get(`/resources/${station.id}`)).body).to.deep.equal(station)
      const listed = await staff.get('/resources?kind=STATION')
      expect(listed.body.every(({ kind }: { kind: string }) => kind === 'STATION')).to.equal(true)
      expect(Number(listed.headers.get('x-total-count'))).to.equal(listed.body.length)
      expect((await staff.patch(`/resources/${station.id}`, { status: 'MAINTENANCE' })).body).to.include({
        status: 'MAINTENANCE',
        name: 'Trạm Quận 7',
      })
      expect((await staff.delete(`/resources/${station.id}`)).body.status).to.equal('INACTIVE')
      expect((await staff.get(`/resources/${station.id}`)).body.status).to.equal('INACTIVE')
    })

    it('keep their kind, and are refused without one', async () => {
      const staff = await w.as('staff')
      const { body } = await staff.post('/resources', { kind: 'PROPERTY', name: 'Nhà' })
      expect(problemsIn(await staff.patch(`/resources/${body.id}`, { kind: 'VEHICLE' }))).to.deep.equal([
        '/body/kind is unknown',
      ])
      expect(problemsIn(await staff.post('/resources', { name: 'Không rõ', kind: 'SHIP' }))).to.deep.equal([
        '/body/kind must be one of VEHICLE, STATION, PROPERTY',
      ])
    })
  })

  describe('the organisation', () => {
    it('keeps the settings that a change does not name', async () => {
      await admin.patch('/organisation', { settings: { onExpiry: 'cancel' } })
      const { body } = await admin.patch('/organisation', {
        settings: { noApprover: 'refuse' },
        timezone: 'Asia/Bangkok',
      })
      expect(body).to.deep.include({
        settings: { onExpiry: 'cancel', noApprover: 'refuse' },
        timezone: 'Asia/Bangkok',
        slug: 'demo',
      })
      expect((await employee.get('/organisation')).body).to.deep.equal(body)
      expect((await (await w.as('foreigner')).get('/organisation')).body).to.deep.include({
        slug: 'other',
        settings: {},
      })
    })

    it('refuses settings that it does not know, and to be renamed in its codes', async () => {
      const problems = problemsIn(
        await admin.patch('/organisation', { slug: 'mine', settings: { onExpiry: 'shrug', colour: 'red' } }),
      )
      expect(problems).to.deep.equal([
        '/body/settings/colour is unknown',
        '/body/settings/onExpiry must be one of approve, cancel, escalate',
        '/body/slug is unknown',
      ])
    })
  })
})

describe('two ADMINs who dismiss each other at the same moment', () => {
  it('leave one of them in office', async () => {
    const w = await aWorld({ with: ['api'] })
    const admin = await w.as('admin')
    const ask = { ...somebody(), role: 'ADMIN' }
    const { body: second } = await admin.post('/users', ask)
    const other = caller(
      w.url,
      (await w.anybody.post('/auth/login', { email: ask.email, password: ask.password })).body.accessToken,
    )
    const answers = await Promise.all([
      admin.patch(`/users/${second.id}`, { role: 'STAFF' }),
      other.patch(`/users/${admin.user.id}`, { isActive: false }),
    ])
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1)
    expect(
      await w.runtime.db('users').where({ orgId: admin.user.orgId, role: 'ADMIN', isActive: true }),
    ).to.have.length(1)
    await w.end()
  })
})
