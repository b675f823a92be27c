import { expect } from 'chai'
import { aHouseThatTalks, idsIn, times } from '../support/rooms.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'

const HELP = { description: 'Pin không sạc được', type: 'battery_issue' }
const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('support tickets', () => {
  const { here, idOf, say, refusesWords } = aHouseThatTalks()
  const open = async (ask: object = HELP, by: 'driver' | 'customer' | 'employee' = 'driver') =>
    (await here.people[by].post('/supports', ask)).body
  const supportIds = (list: { supportId: number }[]): number[] => list.map(({ supportId }) => supportId)
  const stationId = async (): Promise<string> =>
    (await here.people.staff.get('/resources?kind=STATION')).body[0].id

  it('are opened by whoever needs help, with a number of the organisation', async () => {
    const { driver, admin } = here.people
    const station = await stationId()
    const reply = await driver.post('/supports', { ...HELP, stationId: station, priority: 'high' })
    expect(reply.status).to.equal(201)
    const { id, ...ticket } = reply.body
    const now = here.w.clock.now().toISOString()
    expect(ticket).to.deep.include({
      supportId: 1,
      userId: driver.user.id,
      user: { id: driver.user.id, fullName: driver.user.fullName, role: 'DRIVER' },
      type: 'battery_issue',
      priority: 'high',
      description: HELP.description,
      status: 'open',
      response: null,
      assigneeId: null,
      rating: null,
      createdAt: now,
      updatedAt: now,
      resolvedAt: null,
      deletedAt: null,
      stationId: station,
    })
    expect(ticket.station).to.include({ id: station, kind: 'STATION' })
    expect(ticket.timeline).to.deep.equal([{ at: now, actor: ticket.user, what: 'created', changes: [] }])
    expect((await open({ description: 'Khác' })).supportId).to.equal(2)
    expect((await admin.get(`/supports/${id}`)).body).to.deep.equal(reply.body)
  })

  it('are of type other and of medium priority unless said', async () => {
    expect(await open({ description: 'Hỏi giá' }, 'customer')).to.include({
      type: 'other',
      priority: 'medium',
      stationId: null,
      station: null,
    })
  })

  it('belong to whom the token names, whoever a client says it is; and speak snake_case to those who do', async () => {
    const { driver } = here.people
    const { status, body } = await driver.post('/support', {
      user_id: idOf('customer'),
      station_id: await stationId(),
      description: 'Trạm không mở',
      type: 'station_issue',
    })
    expect([status, body.user_id, body.status]).to.deep.equal([201, driver.user.id, 'open'])
    expect(body).to.include.keys('support_id', 'station_id', 'assignee_id', 'resolved_at')
    const changed = await here.people.admin.patch(`/support/${body.support_id}`, {
      assignee_id: idOf('staff'),
    })
    expect([changed.status, changed.body.assignee_id]).to.deep.equal([200, idOf('staff')])
  })

  it('are found by their id and by their number, under both paths', async () => {
    const ticket = await open()
    for (const path of [
      `/supports/${ticket.id}`,
      `/supports/${ticket.supportId}`,
      `/support/${ticket.id.toUpperCase()}`,
    ])
      expect((await here.people.driver.get(path)).body).to.deep.equal(ticket)
    mustBeProblem(await here.people.admin.get('/supports/999999'), 404, 'not_found')
    mustBeProblem(await here.people.foreignAdmin.get(`/supports/${ticket.supportId}`), 404, 'not_found')
  })

  it("are listed newest first: all for the staff, one's own for others", async () => {
    const mine = await open(HELP, 'employee')
    const { employee, staff, customer, foreignAdmin } = here.people
    const [first] = (await staff.get('/supports?limit=1')).body
    expect(first.id).to.equal(mine.id)
    const own = await employee.get('/supports')
    expect([supportIds(own.body), own.headers.get('x-total-count')]).to.deep.equal([[mine.supportId], '1'])
    expect(own.headers.has('x-cursor')).to.equal(true)
    expect(
      (await customer.get('/supports')).body.every(
        ({ userId }: { userId: string }) => userId === customer.user.id,
      ),
    ).to.equal(true)
    expect((await foreignAdmin.get('/supports')).body).to.deep.equal([])
  })

  it('are listed by person, station, status, and by what else they are', async () => {
    const { staff, employee, driver } = here.people
    const station = await stationId()
    const ticket = await open(
      { description: 'Trạm hỏng', stationId: station, priority: 'urgent' },
      'customer',
    )
    await staff.patch(`/supports/${ticket.id}`, { status: 'in_progress', assigneeId: idOf('staff') })
    for (const path of [
      `/user/${idOf('customer')}`,
      `/station/${station}`,
      '/status/in_progress',
      '?priority=urgent',
      `?assigneeId=${idOf('staff')}&status=in_progress`,
      '?type=other&priority=urgent',
    ]) {
      expect(supportIds((await staff.get(`/supports${path}`)).body), path).to.include(ticket.supportId)
    }
    for (const path of [
      '/status/closed',
      '?priority=low',
      '?type=battery_issue',
      `/user/${idOf('driver')}`,
    ]) {
      expect(supportIds((await staff.get(`/supports${path}`)).body), path).not.to.include(ticket.supportId)
    }
    expect(supportIds((await employee.get(`/supports/station/${station}`)).body)).to.deep.equal([])
    mustBeProblem(await driver.get(`/supports/user/${idOf('customer')}`), 404, 'not_found')
    mustBeProblem(await staff.get(`/supports/station/${NOBODY}`), 404, 'not_found')
  })

  it('go their way from open to closed, each step in the timeline with who took it', async () => {
    const { id } = await open()
    const { staff, driver } = here.people
    await staff.patch(`/supports/${id}/status`, { status: 'in_progress' })
    await here.w.advance('1 minute')
    await staff.patch(`/supports/${id}`, { response: 'Anh thử cáp khác nhé', priority: 'low' })
    const { body: closed } = await staff.patch(`/supports/${id}/status`, { status: 'closed' })
    expect(closed).to.include({ status: 'closed', resolvedAt: here.w.clock.now().toISOString() })
    const { body: rated } = await driver.patch(`/supports/${id}/rating`, { rating: 4 })
    expect(rated.rating).to.equal(4)
    const { body: reopened } = await staff.patch(`/supports/${id}`, { status: 'open' })
    expect(reopened).to.include({
      status: 'open',
      rating: null,
      resolvedAt: null,
      response: 'Anh thử cáp khác nhé',
    })
    expect(
      reopened.timeline.map(({ what, actor, changes }: any) => [
        what,
        actor.role,
        changes.map((each: any) => `${each.field}: ${each.from} → ${each.to}`),
      ]),
    ).to.deep.equal([
      ['created', 'DRIVER', []],
      ['changed', 'STAFF', ['status: open → in_progress']],
      ['changed', 'STAFF', ['response: null → Anh thử cáp khác nhé', 'priority: medium → low']],
      ['closed', 'STAFF', ['status: in_progress → closed']],
      ['rated', 'DRIVER', ['rating: null → 4']],
      ['reopened', 'STAFF', ['status: closed → open', 'rating: 4 → null']],
    ])
  })

  it('say nothing new when nothing changed', async () => {
    const before = await open()
    await here.w.advance('1 minute')
    expect(
      (await here.people.staff.patch(`/supports/${before.id}`, { status: 'open', priority: 'medium' })).body,
    ).to.deep.equal(before)
  })

  it('are rated from 1 to 5, by their owner, once they are closed', async () => {
    const { id } = await open()
    const { driver, admin } = here.people
    mustBeProblem(await driver.patch(`/supports/${id}/rating`, { rating: 5 }), 409, 'not_closed')
    await admin.patch(`/supports/${id}/status`, { status: 'closed' })
    for (const rating of [0, 6, 4.5, '5', null])
      expect(problemsIn(await driver.patch(`/supports/${id}/rating`, { rating }))).to.have.length(1)
    mustBeProblem(await admin.patch(`/supports/${id}`, { rating: 5 }), 403, 'forbidden')
    expect((await driver.patch(`/supports/${id}`, { rating: 5 })).body.rating).to.equal(5)
  })

  it('are deleted softly: answered once more, and gone from everywhere; their number is not given again', async () => {
    const ticket = await open()
    const { staff, driver } = here.people
    const { status, body } = await staff.delete(`/supports/${ticket.supportId}`)
    expect([status, body.id, body.deletedAt]).to.deep.equal([
      200,
      ticket.id,
      here.w.clock.now().toISOString(),
    ])
    expect(body.timeline.at(-1)).to.deep.include({ what: 'deleted' })
    for (const path of [ticket.id, ticket.supportId])
      mustBeProblem(await driver.get(`/supports/${path}`), 404, 'not_found')
    mustBeProblem(await staff.patch(`/supports/${ticket.id}`, { status: 'closed' }), 404, 'not_found')
    mustBeProblem(await staff.delete(`/supports/${ticket.id}`), 404, 'not_found')
    expect(supportIds((await staff.get('/supports?limit=100')).body)).not.to.include(ticket.supportId)
    expect((await open()).supportId).to.equal(ticket.supportId + 1)
    await refusesWords(driver, ticket.roomId)
  })

  it("have types of the organisation's own, which its settings name", async () => {
    const { driver, admin, foreigner } = here.people
    expect(
      problemsIn(await driver.post('/supports', { description: 'Mất ví', type: 'lost_item' })),
    ).to.deep.equal(['/body/type must be one of battery_issue, station_issue, other'])
    await admin.patch('/organisation', { settings: { ticketTypes: ['lost_item'] } })
    expect((await open({ description: 'Mất ví', type: 'lost_item' })).type).to.equal('lost_item')
    mustBeProblem(
      await foreigner.post('/supports', { description: 'Mất ví', type: 'lost_item' }),
      400,
      'malformed',
    )
    expect(
      problemsIn(await admin.patch('/organisation', { settings: { ticketTypes: ['Mất ví'] } })),
    ).to.have.length(1)
  })

  it('have deadlines, which the organisation sets', async () => {
    const { admin } = here.people
    const usual = await open()
    const answerMs = (ticket: { answerDueAt: string; createdAt: string }): number =>
      Date.parse(ticket.answerDueAt) - Date.parse(ticket.createdAt)
    expect(answerMs(usual)).to.equal(4 * 3_600_000)
    await admin.patch('/organisation', {
      settings: { ticketDeadlines: { medium: { answerMinutes: 10, solutionMinutes: 20 } } },
    })
    const sooner = await open()
    expect([answerMs(sooner), sooner.answeredAt, sooner.answerMissedAt]).to.deep.equal([600_000, null, null])
    expect((await admin.patch(`/supports/${sooner.id}`, { response: 'Vâng' })).body).to.include({
      answerDueAt: null,
      answeredAt: here.w.clock.now().toISOString(),
    })
    expect(answerMs((await admin.patch(`/supports/${usual.id}`, { priority: 'urgent' })).body)).to.equal(
      30 * 60_000,
    )
    expect(
      problemsIn(
        await admin.patch('/organisation', {
          settings: { ticketDeadlines: { medium: { answerMinutes: 0 }, never: {} } },
        }),
      ),
    ).to.deep.equal([
      '/body/settings/ticketDeadlines/medium/answerMinutes must be >= 1',
      '/body/settings/ticketDeadlines/medium/solutionMinutes is missing',
      '/body/settings/ticketDeadlines/never is unknown',
    ])
  })

  it('have a room of their owner, open to the staff, which rests while they are closed', async () => {
    const { id, roomId } = await open()
    const { driver, staff, supervisor, customer, owner, foreignAdmin } = here.people
    expect((await say(driver, roomId)).status).to.equal(201)
    expect((await owner.get(`/chat/rooms/${roomId}`)).body).to.include({
      kind: 'SUPPORT',
      type: 'ticket',
      status: 'ACTIVE',
    })
    mustBeProblem(await foreignAdmin.get(`/chat/rooms/${roomId}`), 404)
    await staff.patch(`/supports/${id}`, { assigneeId: idOf('supervisor') })
    expect((await say(supervisor, roomId, 'Tôi xem ngay')).status).to.equal(201)
    mustBeProblem(await customer.get(`/chat/rooms/${roomId}`), 404)
    await staff.patch(`/supports/${id}`, { assigneeId: idOf('staff') })
    expect(idsIn((await driver.get(`/chat/rooms/${roomId}`)).body)).to.have.members([
      idOf('driver'),
      idOf('staff'),
    ])
    await staff.patch(`/supports/${id}`, { status: 'closed' })
    await refusesWords(driver, roomId)
    await staff.patch(`/supports/${id}`, { status: 'in_progress' })
    expect((await say(driver, roomId)).status).to.equal(201)
  })

  it('are given to active people of the staff only', async () => {
    const { id } = await open()
    for (const assigneeId of [idOf('driver'), idOf('foreignAdmin'), NOBODY])
      mustBeProblem(await here.people.staff.patch(`/supports/${id}`, { assigneeId }), 422, 'invalid')
  })

  it('keep what can be kept of the words, and are refused without any', async () => {
    const ticket = await open({ description: '  Pin\u0001 hỏng \n ' })
    expect(ticket.description).to.equal('Pin hỏng')
    expect(
      (await here.people.staff.patch(`/supports/${ticket.id}`, { response: 'Vâng \u200b \u0001' })).body
        .response,
    ).to.equal('Vâng \u200b')
    expect(problemsIn(await here.people.driver.post('/supports', { description: '\u0001' }))).to.deep.equal([
      '/body/description must not be blank',
    ])
  })

  it('are refused with everything that is wrong with them', async () => {
    const { driver, staff } = here.people
    expect(
      problemsIn(
        await driver.post('/supports', { type: '', priority: 'now', stationId: 'x', status: 'closed' }),
      ),
    ).to.deep.equal([
      '/body/description is missing',
      '/body/priority must be one of low, medium, high, urgent',
      '/body/stationId must be a UUID',
      '/body/stationId must be null',
      '/body/stationId must match a schema in anyOf',
      '/body/status is unknown',
      '/body/type must NOT have fewer than 1 characters',
      '/body/type must not be blank',
    ])
    mustBeProblem(await driver.post('/supports', { ...HELP, stationId: NOBODY }), 422, 'invalid')
    const { id } = await open()
    expect(problemsIn(await staff.patch(`/supports/${id}`, {}))).to.have.length(1)
    expect(problemsIn(await staff.patch(`/supports/${id}/status`, { status: 'lost' }))).to.deep.equal([
      '/body/status must be one of open, in_progress, closed',
    ])
    expect(problemsIn(await staff.get('/supports/nine'))).to.deep.equal([
      '/params/id must be a UUID or a number',
    ])
    expect(problemsIn(await staff.get('/supports/status/lost'))).to.deep.equal([
      '/params/status must be one of open, in_progress, closed',
    ])
    expect(problemsIn(await staff.get('/supports/user/me'))).to.deep.equal(['/params/userId must be a UUID'])
  })

  it('are made once under one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'phone-17' }
    const [first, second] = [
      await here.people.driver.post('/supports', HELP, key),
      await here.people.driver.post('/supports', HELP, key),
    ]
    expect(second.body).to.deep.equal(first.body)
  })

  it('never share a number, however many are opened at once', async () => {
    const tickets = await Promise.all(
      times(25).map((at) => open({ description: `Cùng lúc ${at}` }, at % 2 ? 'driver' : 'customer')),
    )
    expect(new Set(supportIds(tickets)).size).to.equal(25)
  })
})

describe('the statistics of tickets', () => {
  const { here } = aHouseThatTalks()

  it('count what there is, how fast it was solved and how the help was rated', async () => {
    const { driver, customer, admin, foreignAdmin } = here.people
    const none = {
      total: 0,
      byStatus: {},
      byPriority: {},
      byType: {},
      unassigned: 0,
      overdue: 0,
      averageRating: null,
      averageSolutionMinutes: null,
    }
    expect((await admin.get('/supports/statistics')).body).to.deep.equal(none)
    const ids = []
    for (const type of ['battery_issue', 'battery_issue', 'other', 'other'])
      ids.push((await driver.post('/supports', { description: 'Giúp với', type })).body.id)
    await customer.post('/supports', { description: 'Giúp với', priority: 'low' })
    await here.w.advance('30 minutes')
    await admin.patch(`/supports/${ids[0]}/status`, { status: 'closed' })
    await here.w.advance('30 minutes')
    await admin.patch(`/supports/${ids[1]}/status`, { status: 'closed' })
    await admin.patch(`/supports/${ids[2]}`, { assigneeId: admin.user.id, status: 'in_progress' })
    await admin.delete(`/supports/${ids[3]}`)
    await driver.patch(`/supports/${ids[0]}/rating`, { rating: 5 })
    await driver.patch(`/supports/${ids[1]}/rating`, { rating: 2 })
    expect((await admin.get('/supports/statistics')).body).to.deep.include({
      total: 4,
      byStatus: { open: 1, in_progress: 1, closed: 2 },
      byPriority: { low: 1, medium: 3 },
      byType: { battery_issue: 2, other: 2 },
      unassigned: 1,
      averageRating: 3.5,
      averageSolutionMinutes: 45,
    })
    await here.w.advance('7 hours')
    // The one of medium priority was to be answered within four.
    expect((await admin.get('/supports/statistics')).body.overdue).to.equal(1)
    expect((await foreignAdmin.get('/supports/statistics')).body).to.deep.equal(none)
    // Reopened and deleted: what was summed up at the end is taken back.
    await admin.patch(`/supports/${ids[0]}`, { status: 'open' })
    expect((await admin.get('/supports/statistics')).body).to.deep.include({
      total: 4,
      byStatus: { open: 2, in_progress: 1, closed: 1 },
      byPriority: { low: 1, medium: 3 },
      byType: { battery_issue: 2, other: 2 },
      averageRating: 2,
      averageSolutionMinutes: 60,
    })
    await admin.delete(`/supports/${ids[1]}`)
    expect((await admin.get('/supports/statistics')).body).to.deep.include({
      total: 3,
      byStatus: { open: 2, in_progress: 1 },
      averageRating: null,
      averageSolutionMinutes: null,
    })
  })
})
