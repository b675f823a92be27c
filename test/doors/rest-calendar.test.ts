import { expect } from 'chai'
import { isOpen } from '../../shared/kit/time/calendar.ts'
import { setCalendar } from '../../shared/organisations/actions/calendar.ts'
import { getCalendar } from '../../shared/organisations/queries.ts'
import { untilItWaits } from '../support/gate.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const PATH = '/organisation/calendar'
const NIGHTS = {
  weekly: [
    { day: 5, from: '22:00', to: '02:00' },
    { day: 5, from: '09:00', to: '12:00' },
  ],
  holidays: [
    { date: '2031-04-30', name: 'Ngày Giải phóng' },
    { date: '2031-05-01', name: 'Ngày Lao động', slots: [{ from: '10:00', to: '12:00' }] },
  ],
}

describe('the opening hours', () => {
  let w: World
  let owner: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api'] })
    owner = await w.as('owner')
  })
  afterEach(() => w.end())

  it('are read by everybody of the organisation, a guest too', async () => {
    const { body: guest } = await w.anybody.post('/auth/guest', { org: 'demo', name: 'Khách' })
    const answers = [
      await (await w.as('customer')).get(PATH),
      await w.anybody.get(PATH, { authorization: `Bearer ${guest.accessToken}` }),
    ]
    for (const { status, body } of answers) {
      expect(status).to.equal(200)
      expect(body.weekly).to.deep.include({ day: 6, from: '10:00', to: '16:00' })
      expect(body).to.deep.include({ timezone: 'Asia/Ho_Chi_Minh', holidays: [] })
    }
  })

  it('are all that customers and guests see of it, beside what it is called: how it decides is nothing to them', async () => {
    await (await w.as('admin')).patch('/organisation', { settings: { onExpiry: 'escalate' } })
    const { body: guest } = await w.anybody.post('/auth/guest', { org: 'demo', name: 'Khách' })
    const answers = [
      await (await w.as('customer')).get('/organisation'),
      await w.anybody.get('/organisation', { authorization: `Bearer ${guest.accessToken}` }),
    ]
    for (const { body } of answers) expect(body).to.deep.include({ slug: 'demo', locale: 'vi', settings: {} })
    expect((await (await w.as('employee')).get('/organisation')).body.settings.onExpiry).to.equal('escalate')
  })

  it('are none in an organisation that set none: always open', async () => {
    const { body } = await (await w.as('foreigner')).get(PATH)
    expect(body).to.deep.equal({ timezone: 'Europe/Berlin', weekly: null, holidays: [], version: 1 })
    const { orgId } = (await w.as('foreigner')).user
    expect(isOpen(await getCalendar(w.runtime.db, orgId), w.clock.now())).to.equal(true)
  })

  it("are replaced as a whole, the time zone with them when it is named, and nobody else's", async () => {
    const { status, body, headers } = await owner.put(PATH, { ...NIGHTS, timezone: 'Asia/Bangkok' })
    expect(status).to.equal(200)
    expect(body).to.deep.equal({ ...NIGHTS, timezone: 'Asia/Bangkok', version: 3 })
    expect(headers.get('etag')).to.equal('"3"')
    expect((await owner.get(PATH)).body).to.deep.equal(body)
    expect((await owner.get('/organisation')).body.timezone).to.equal('Asia/Bangkok')
    expect((await owner.put(PATH, { weekly: null, holidays: [] })).body).to.deep.equal({
      timezone: 'Asia/Bangkok',
      weekly: null,
      holidays: [],
      version: 4,
    })
    expect((await (await w.as('foreigner')).get(PATH)).body).to.include({ version: 1 })
  })

  it('are set by ADMIN and OWNER only', async () => {
    expect((await (await w.as('admin')).put(PATH, NIGHTS)).status).to.equal(200)
    for (const name of ['supervisor', 'staff', 'employee', 'customer'] as const)
      mustBeProblem(await (await w.as(name)).put(PATH, NIGHTS), 403)
  })

  it('are not set over a change that was not seen, a new time zone of the organisation included', async () => {
    const { headers } = await owner.get(PATH)
    const etag = { 'if-match': headers.get('etag') ?? '' }
    await (await w.as('admin')).patch('/organisation', { timezone: 'Asia/Tokyo' })
    expect(mustBeProblem(await owner.put(PATH, NIGHTS, etag), 412, 'changed_meanwhile')).to.equal(
      'The calendar was changed meanwhile: it has version 3, not 2',
    )
    expect((await owner.get(PATH)).body).to.deep.include({ timezone: 'Asia/Tokyo', version: 3 })
    expect((await owner.put(PATH, NIGHTS, { 'if-match': '"3"' })).body.version).to.equal(4)
  })

  it('are set by the first of two who saw the same version, however close the second comes', async () => {
    const second = await w.change(async (change) => {
      await setCalendar(change, { ...owner.user, sessionId: '' }, { weekly: [], holidays: [] }, 2)
      const answer = owner.put(PATH, NIGHTS, { 'if-match': '"2"' })
      await untilItWaits(w, answer)
      return { answer }
    })
    mustBeProblem(await second.answer, 412, 'changed_meanwhile')
    expect((await owner.get(PATH)).body).to.deep.include({ weekly: [], version: 3 })
  })

  it('leave a row in the audit', async () => {
    await owner.put(PATH, NIGHTS)
    const row = await w.runtime
      .db('audit_log')
      .where({ action: 'calendar_changed' })
      .orderBy('id', 'desc')
      .first()
    expect(row).to.include({ orgId: owner.user.orgId, actorId: owner.user.id, entity: 'settings' })
    expect(row.metadata).to.deep.equal({ ...NIGHTS, timezone: 'Asia/Ho_Chi_Minh', version: 3 })
  })

  it('are refused with everything that is wrong with them', async () => {
    const wrong = {
      timezone: 'Mars/Olympus',
      weekly: [{ day: 7, from: '9:00', to: '24:00' }],
      holidays: [{ date: '2031-02-29', name: '', slots: [{ from: '09:00' }] }],
      version: 2,
    }
    expect(problemsIn(await owner.put(PATH, wrong))).to.include.members([
      '/body/timezone must be an IANA time zone such as Asia/Ho_Chi_Minh',
      '/body/version is unknown',
      '/body/weekly/0/day must be <= 6',
      '/body/weekly/0/from must be a time of day, written HH:mm',
      '/body/weekly/0/to must be a time of day, written HH:mm',
      '/body/holidays/0/date must be a day, written YYYY-MM-DD',
      '/body/holidays/0/slots/0/to is missing',
    ])
    expect(problemsIn(await owner.put(PATH, {}))).to.deep.equal([
      '/body/holidays is missing',
      '/body/weekly is missing',
    ])
    const day = { date: '2031-04-30', name: 'Lễ' }
    expect(
      problemsIn(
        await owner.put(PATH, { weekly: [], holidays: [day, { ...day, date: '2031-05-01' }, day, day] }),
      ),
    ).to.deep.equal([
      '/body/holidays/2/date stands there before',
      '/body/holidays/3/date stands there before',
    ])
    expect((await owner.get(PATH)).body.version).to.equal(2)
  })
})
