import { expect } from 'chai'
import { roleChannel } from '../../shared/kit/declare/event.ts'
import { ORGANISATION_ROLES, ROLES, STAFF_ROLES, type Role } from '../../shared/organisations/roles.ts'
import { eventsOn } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('whoever looks at an organisation while somebody else changes it', () => {
  let w: World
  let admin: Person
  const heard = new Map<string, number>()
  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
  })
  after(() => w.end())

  /** What each role of the organisation is told under a name since this was asked the last time. */
  async function newsOf(name: string): Promise<Partial<Record<Role, Record<string, unknown>[]>>> {
    const news: Partial<Record<Role, Record<string, unknown>[]>> = {}
    for (const role of ROLES) {
      const all = (await eventsOn(w, roleChannel(admin.user.orgId, role))).filter(({ ev }) => ev === name)
      const fresh = all.slice(heard.get(`${role} ${name}`) ?? 0).map(({ data }) => data)
      heard.set(`${role} ${name}`, all.length)
      if (fresh.length > 0) news[role] = fresh
    }
    return news
  }

  it('hears of new opening hours once, guests and customers too', async () => {
    const { body } = await admin.put('/organisation/calendar', { weekly: null, holidays: [] })
    const news = await newsOf('calendar.changed')
    expect(Object.keys(news)).to.have.members([...ROLES])
    for (const told of Object.values(news)) expect(told).to.deep.equal([body])
  })

  it('hears of the new time zone of the opening hours, wherever it is changed', async () => {
    await admin.patch('/organisation', { timezone: 'Asia/Bangkok' })
    const news = await newsOf('calendar.changed')
    expect(news.GUEST?.map(({ timezone }) => timezone)).to.deep.equal(['Asia/Bangkok'])
    await admin.patch('/organisation', { name: 'Demo' })
    expect(await newsOf('calendar.changed')).to.deep.equal({})
  })

  it('hears of its name and settings, whoever is outside of the name alone', async () => {
    await newsOf('organisation.changed')
    await admin.patch('/organisation', { name: 'Demo 2', settings: { onExpiry: 'cancel' } })
    const news = await newsOf('organisation.changed')
    expect(Object.keys(news)).to.have.members([...ROLES])
    for (const role of ROLES) {
      expect(news[role]?.map(({ name }) => name)).to.deep.equal(['Demo 2'])
      expect(Object.keys(Object(news[role]?.[0]?.['settings'])).length > 0).to.equal(
        ORGANISATION_ROLES.some((each) => each === role),
      )
    }
  })

  const somebody = (n: number, role: Role) => ({
    email: `told${n}@demo.test`,
    fullName: `Người ${n}`,
    role,
    password: 'long-enough',
  })
  const seers: [Role, readonly Role[]][] = [
    ['STAFF', ORGANISATION_ROLES],
    ['EMPLOYEE', ORGANISATION_ROLES.filter((role) => role !== 'DRIVER')],
    ['CUSTOMER', ['ADMIN']],
  ]
  for (const [at, [role, roles]] of seers.entries())
    it(`hears that a ${role} came, and who: ${roles.join(', ')}, who may see them, and nobody else`, async () => {
      await newsOf('people.changed')
      const { body } = await admin.post('/users', somebody(at, role))
      const news = await newsOf('people.changed')
      expect(Object.keys(news)).to.have.members([...roles])
      expect(news.ADMIN).to.deep.equal([{ ids: [body.id] }])
    })

  it('hears that somebody is no STAFF any more, drivers too, who saw them until then', async () => {
    const { body } = await admin.post('/users', somebody(10, 'STAFF'))
    await newsOf('people.changed')
    await admin.patch(`/users/${body.id}`, { role: 'EMPLOYEE' })
    expect((await newsOf('people.changed')).DRIVER).to.deep.equal([{ ids: [body.id] }])
  })

  it('hears that somebody has a password now, and not when they get another one', async () => {
    const { password, ...unsigned } = somebody(11, 'STAFF')
    const { body } = await admin.post('/users', unsigned)
    await newsOf('people.changed')
    for (const told of [[{ ids: [body.id] }], undefined]) {
      await admin.post(`/users/${body.id}/password`, { password })
      expect((await newsOf('people.changed')).ADMIN).to.deep.equal(told)
    }
  })

  it('hears once of an import, however many it brings', async () => {
    await newsOf('people.changed')
    const rows = Array.from({ length: 150 }, (_, n) => `many${n}@demo.test,Người ${n},EMPLOYEE`)
    const file = new Blob([['email,full_name,role', ...rows].join('\n')], { type: 'text/csv; charset=utf-8' })
    expect((await admin.post('/users/import', file)).body).to.include({ created: 150 })
    expect((await newsOf('people.changed')).SUPERVISOR).to.deep.equal([{ ids: null }])
  })

  it('hears of vehicles and places, when it is of the staff', async () => {
    const { body: car } = await admin.post('/resources', { kind: 'VEHICLE', name: 'Xe mới' })
    await admin.patch(`/resources/${car.id}`, { capacity: 7 })
    await admin.delete(`/resources/${car.id}`)
    const news = await newsOf('resource.changed')
    expect(Object.keys(news)).to.have.members([...STAFF_ROLES])
    expect(news.STAFF).to.deep.equal([{ id: car.id }, { id: car.id }, { id: car.id }])
  })

  it('hears of the questions that the desk answers, when it is of the staff', async () => {
    const ask = { question: 'Có wifi không?', answer: 'Có.' }
    const { body } = await admin.post('/chat/faqs', ask)
    await admin.put(`/chat/faqs/${body.id}`, { answer: 'Có, miễn phí.' })
    await admin.delete(`/chat/faqs/${body.id}`)
    const news = await newsOf('faq.changed')
    expect(Object.keys(news)).to.have.members([...STAFF_ROLES])
    expect(news.STAFF).to.deep.equal([
      { id: body.id, version: body.version, isDeleted: false },
      { id: body.id, version: body.version + 1, isDeleted: false },
      { id: body.id, version: body.version + 2, isDeleted: true },
    ])
  })
})
