import { expect } from 'chai'
import { Clients, TRANSPORTS, type SocketioPerson } from '../support/socketio.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const [CREATED, UPDATED, RESOLVED, DELETED] = [
  'support:ticket:created',
  'support:ticket:updated',
  'support:ticket:resolved',
  'support:ticket:deleted',
] as const

describe('a support ticket, at the existing clients of drivers and admins', () => {
  let w: World
  let people: Record<'driver' | 'admin' | 'supervisor' | 'customer' | 'foreignAdmin', Person>
  let clients: Clients
  before(async () => {
    w = await aWorld()
    const [driver, admin, supervisor, customer, foreignAdmin] = await Promise.all(
      (['driver', 'admin', 'supervisor', 'customer', 'foreignAdmin'] as const).map((name) => w.as(name)),
    )
    people = { driver, admin, supervisor, customer, foreignAdmin } as typeof people
    clients = new Clients(w.url)
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  const open = (person: Person, transports: readonly string[]): Promise<SocketioPerson> =>
    clients.as(person, '/notifications', transports)
  const ticketsHeard = (tab: SocketioPerson): string[] =>
    tab.heard.map(({ name }) => name).filter((name) => name.startsWith('support:'))
  const toldTo = async (person: Person): Promise<string[]> =>
    (await person.get('/notifications?category=support')).body
      .map(({ type }: { type: string }) => type)
      .toSorted()

  for (const transports of TRANSPORTS) {
    it(`is heard by every tab once, from its opening to its deletion, over ${transports.join()}`, async () => {
      const [admins, drivers] = await Promise.all([
        Promise.all(
          [people.admin, people.admin, people.supervisor, people.supervisor].map((each) =>
            open(each, transports),
          ),
        ),
        Promise.all([people.driver, people.driver].map((each) => open(each, transports))),
      ])
      const others = await Promise.all(
        [people.customer, people.foreignAdmin].map((each) => open(each, transports)),
      )
      const created = await people.driver.post('/supports', {
        user_id: 1,
        type: 'battery_issue',
        description: 'Pin không sạc được',
      })
      const { id, support_id } = created.body
      for (const tab of admins) {
        const said = await tab.hears(CREATED)
        expect(said).to.deep.include({
          type: 'support_ticket_created',
          priority: 'high',
          timestamp: created.body.created_at,
        })
        expect(said.data).to.deep.equal({
          ticket_id: id,
          support_id,
          user_id: people.driver.user.id,
          station_id: null,
          type: 'battery_issue',
          status: 'open',
          priority: 'medium',
        })
        expect(said).to.have.keys('id', 'type', 'title', 'message', 'data', 'timestamp', 'priority')
      }
      // Each in the language of whoever is told.
      const titles = new Set(admins.flatMap((tab) => tab.all(CREATED).map(({ title }) => title)))
      expect([...titles]).to.have.members([
        `New support ticket #${support_id}`,
        `Yêu cầu hỗ trợ mới #${support_id}`,
      ])

      await people.admin.patch(`/supports/${id}`, { status: 'in_progress', response: 'Chúng tôi đang tới' })
      await people.admin.patch(`/supports/${id}/status`, { status: 'closed' })
      await people.admin.delete(`/supports/${id}`)
      for (const tab of drivers) {
        expect(await tab.hears(UPDATED)).to.deep.include({
          type: 'support_ticket_updated',
          priority: 'medium',
          message: 'Trả lời: Chúng tôi đang tới',
        })
        expect(await tab.hears(RESOLVED)).to.deep.include({
          type: 'support_ticket_resolved',
          priority: 'low',
        })
        expect(await tab.hears(DELETED)).to.deep.include({ type: 'support_ticket_deleted', priority: 'low' })
      }
      // By then everything before has been heard, however often.
      await people.customer.post('/supports', { description: 'Hỏi giá' })
      for (const tab of admins)
        await tab.hears(CREATED, ({ data }) => data.user_id === people.customer.user.id)
      for (const tab of admins) expect(ticketsHeard(tab)).to.deep.equal([CREATED, CREATED])
      for (const tab of drivers) expect(ticketsHeard(tab)).to.have.members([UPDATED, RESOLVED, DELETED])
      for (const tab of others) expect(ticketsHeard(tab)).to.deep.equal([])
      // What the bell shows, beside.
      for (const tab of drivers)
        expect(tab.all('notification:new').map(({ type }) => type)).to.have.members([
          'support_ticket_updated',
          'support_ticket_resolved',
          'support_ticket_deleted',
        ])
    })
  }

  it('is found later by whoever was away', async () => {
    const [before, adminBefore] = [await toldTo(people.driver), await toldTo(people.admin)]
    const { body: ticket } = await people.driver.post('/supports', { description: 'Trạm không mở' })
    await w.settle()
    expect(await toldTo(people.admin)).to.have.length(adminBefore.length + 1)
    await people.admin.patch(`/supports/${ticket.supportId}`, { status: 'in_progress' })
    await people.admin.patch(`/supports/${ticket.supportId}`, { status: 'closed', response: 'Đã sửa' })
    await people.admin.delete(`/supports/${ticket.supportId}`)
    await w.settle()
    expect(await toldTo(people.driver)).to.deep.equal(
      [...before, 'SUPPORT_TICKET_DELETED', 'SUPPORT_TICKET_RESOLVED', 'SUPPORT_TICKET_UPDATED'].toSorted(),
    )
    const { body: unread } = await people.driver.get('/notifications?category=support&unread=true')
    expect(
      unread.filter(({ data }: { data: { supportId: number } }) => data.supportId === ticket.supportId),
    ).to.have.length(3)
  })

  it('is heard natively by whoever may see it, all of it, once, and by nobody else', async () => {
    const [admin, driver, supervisor, customer] = [
      await people.admin.socket(),
      await people.driver.socket(),
      await people.supervisor.socket(),
      await people.customer.socket(),
    ]
    const { body: ticket } = await people.driver.post('/supports', { description: 'Trạm không mở' })
    await people.admin.patch(`/supports/${ticket.id}`, { assigneeId: people.supervisor.user.id })
    await people.admin.patch(`/supports/${ticket.id}`, { status: 'closed' })
    await people.admin.delete(`/supports/${ticket.id}`)
    const { timeline: _, ...shown } = ticket
    for (const socket of [admin, driver, supervisor]) {
      expect((await socket.event('ticket.created')).data).to.deep.equal(shown)
      expect((await socket.event('ticket.updated')).data).to.include({
        id: ticket.id,
        assigneeId: people.supervisor.user.id,
      })
      expect((await socket.event('ticket.resolved')).data).to.include({ id: ticket.id, status: 'closed' })
      expect((await socket.event('ticket.deleted')).data)
        .to.have.property('deletedAt')
        .that.is.a('string')
    }
    // By then everything before has been heard, however often.
    await people.customer.post('/supports', { description: 'Hỏi giá' })
    await customer.event('ticket.created')
    await supervisor.event('ticket.created')
    const heard = ({ frames }: { frames: readonly { ev?: string }[] }): string[] =>
      frames.flatMap(({ ev }) => (ev?.startsWith('ticket.') ? [ev] : []))
    const all = ['ticket.created', 'ticket.updated', 'ticket.resolved', 'ticket.deleted']
    expect([heard(driver), heard(supervisor), heard(customer)]).to.deep.equal([
      all,
      [...all, 'ticket.created'],
      ['ticket.created'],
    ])
  })
})
