import { expect } from 'chai'
import { verifyChain } from '../../shared/audit/verify.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { commandSettings, runCommand } from '../support/command.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { auditOf, carryOut } from '../support/story.ts'
import { bytesOnDisk, formWith, PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** What names her, or is in her words. */
const OF_MAI = [
  'Nguyễn Thị Mai',
  'employee@demo.test',
  '0901234567',
  'Chuyến đi riêng',
  'Lời của Mai',
  'anh-cua-mai',
  '127.0.0.9',
]

describe('a person who is forgotten', () => {
  let w: World
  let admin: Person
  let employee: Person
  let roomId: string
  beforeEach(async () => {
    w = await aWorld({ env: { TRUST_PROXY: '1' } })
    admin = await w.as('admin')
    employee = await w.as('employee')
    const from = { 'x-forwarded-for': '127.0.0.9' }
    await admin.patch(`/users/${employee.user.id}`, { phone: '0901234567' })
    await employee.post('/bookings', { ...TRIP, purpose: 'Chuyến đi riêng', notes: 'Chuyến đi riêng' }, from)
    roomId = (await employee.post('/chat/conversations/with-user', { userId: await w.idOf('manager') }, from))
      .body.id
    const { body: file } = await employee.post('/chat/attachments', formWith(PNG, 'anh-cua-mai.png'), from)
    await employee.post(
      `/chat/rooms/${roomId}/messages`,
      { content: 'Lời của Mai', attachments: [file.id] },
      { ...from, 'idempotency-key': 'mai-1' },
    )
    const manager = await w.as('manager')
    await manager.post(`/chat/rooms/${roomId}/messages`, { content: 'Lời của Nam' })
    await w.settle()
    await sealAll(w.runtime)
  })
  afterEach(() => w.end())

  /** Which tables hold a trace of her. */
  async function traces(of: readonly string[] = OF_MAI): Promise<string[]> {
    const tables = await rowsOf<{ name: string }>(
      w.owner,
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    )
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const [row] = await rowsOf<{ count: number }>(
          w.owner,
          `select count(*) as count from ${name} t where exists (select from unnest(?::text[]) trace where position(trace in t::text) > 0)`,
          [of],
        )
        return row && row.count > 0 ? name : ''
      }),
    )
    return found.filter(Boolean).toSorted()
  }

  const verdict = async () => {
    await sealAll(w.runtime)
    return verifyChain(w.runtime.db, admin.user.orgId)
  }

  it('leaves no trace in any table, and the chain holds', async () => {
    expect(await traces()).to.include.members([
      'audit_log',
      'bookings',
      'files',
      'messages',
      'notifications',
      'users',
    ])
    const { status, body } = await admin.post(`/users/${employee.user.id}/erase`)
    expect([status, body.fullName, body.phone, body.isActive]).to.deep.equal([
      201,
      'Erased person',
      null,
      false,
    ])
    await w.settle()
    expect(await traces()).to.deep.equal([])
    expect((await verdict()).flaw).to.equal(undefined)
    expect((await bytesOnDisk(w.runtime)).length).to.equal(0)
  })

  it('leaves no trace of a customer, nor of what the staff noted about them', async () => {
    const [customer, staff] = [await w.as('customer'), await w.as('staff')]
    const { body: room } = await customer.post('/chat/rooms/create', { userName: 'Đỗ Khánh Linh' })
    await customer.post(`/chat/rooms/${room.id}/messages`, { content: 'Xe của Linh hỏng rồi?' })
    await staff.post(`/chat/rooms/${room.id}/notes`, { content: 'Linh hay trả xe muộn' })
    const { body: ticket } = await customer.post('/supports', { description: 'Pin của Linh hỏng' })
    await staff.patch(`/supports/${ticket.id}`, { response: 'Chúng tôi đổi pin của Linh' })
    await customer.put('/notifications/preferences', { quietHours: { from: '22:00', to: '07:00' } })
    await w.settle()
    const ofLinh = ['Đỗ Khánh Linh', 'customer@demo.test', 'của Linh', 'Linh hay']
    expect(await traces(ofLinh)).to.include.members(['messages', 'rooms', 'users'])
    const { status, body } = await admin.post(`/users/${customer.user.id}/erase`)
    expect(status, JSON.stringify(body)).to.equal(201)
    await w.settle()
    expect(await traces(ofLinh)).to.deep.equal([])
    expect((await verdict()).flaw).to.equal(undefined)
  })

  it('takes nothing of anybody else along, even if they are called "e"', async () => {
    const { body } = await w.anybody.post('/auth/guest', { org: 'demo', name: 'e' })
    await employee.post('/bookings', TRIP)
    await w.settle()
    const others = (table: string) => w.owner(table).whereNot({ id: body.user.id }).orderBy('id')
    const before = [
      await auditOf(w, { actorId: employee.user.id }),
      await others('rooms'),
      await others('messages'),
      (await others('notifications')).map(({ title, message }) => [title, message]),
    ]
    expect((await admin.post(`/users/${body.user.id}/erase`)).status).to.equal(201)
    await w.settle()
    const after = [
      await auditOf(w, { actorId: employee.user.id }),
      await others('rooms'),
      await others('messages'),
      (await others('notifications')).map(({ title, message }) => [title, message]),
    ]
    expect(after).to.deep.equal(before)
    expect(
      (await auditOf(w, { actorId: body.user.id })).filter(({ erasedBy }) => erasedBy === null),
    ).to.deep.equal([])
  })

  it('cannot come in any more', async () => {
    const socket = await employee.socket()
    await admin.post(`/users/${employee.user.id}/erase`)
    expect((await socket.closed).code).to.equal(4402)
    mustBeProblem(await employee.get('/auth/me'), 401)
    mustBeProblem(
      await w.anybody.post('/auth/login', { email: 'employee@demo.test', password: 'bellhop-demo' }),
      401,
    )
  })

  it('what they did, and when, stays; and what others said', async () => {
    const before = (await auditOf(w, { actorId: employee.user.id })).map(({ id, action, at }) => [
      id,
      action,
      at,
    ])
    await admin.post(`/users/${employee.user.id}/erase`)
    await w.settle()
    const after = await auditOf(w, { actorId: employee.user.id })
    expect(after.slice(0, before.length).map(({ id, action, at }) => [id, action, at])).to.deep.equal(before)
    expect(after.filter(({ description, ip }) => description !== '' || ip !== null)).to.deep.equal([])
    const said = await w.runtime.db('messages').where({ roomId }).orderBy('seq')
    expect(said.map(({ content, deletedAt }) => [content, deletedAt !== null])).to.deep.equal([
      ['', true],
      ['Lời của Nam', false],
    ])
  })

  it('leaves a row that says who asked for it, and how many rows it touched', async () => {
    await admin.post(`/users/${employee.user.id}/erase`)
    const [row] = await auditOf(w, { action: 'person_erased' })
    const erased = await auditOf(w, { erasedBy: row?.['id'] })
    expect(row).to.deep.include({
      actorId: admin.user.id,
      entityId: employee.user.id,
      metadata: { rows: erased.length },
    })
    expect(erased.length).to.be.above(4)
  })

  it('is not used to hide another row: the count would not agree', async () => {
    await admin.post(`/users/${employee.user.id}/erase`)
    await sealAll(w.runtime)
    const [row] = await auditOf(w, { action: 'person_erased' })
    const [victim] = await auditOf(w, { action: 'organisation_created', orgId: admin.user.orgId })
    await w
      .owner('audit_log')
      .where({ id: victim?.['id'] })
      .update({ description: '', metadata: '{}', requestId: '', ip: null, salt: null, erasedBy: row?.['id'] })
    expect((await verdict()).flaw).to.include({ id: row?.['id'] })
  })

  it('is forgotten once: again changes nothing more, and the job that rings twice finds nothing', async () => {
    await admin.post(`/users/${employee.user.id}/erase`)
    await w.settle()
    await carryOut(w, 'maintenance.eraseWords', { orgId: admin.user.orgId, userId: employee.user.id })
    expect((await admin.post(`/users/${employee.user.id}/erase`)).status).to.equal(201)
    await w.settle()
    expect((await verdict()).flaw).to.equal(undefined)
  })

  it('is not oneself', async () => mustBeProblem(await admin.post(`/users/${admin.user.id}/erase`), 422))

  it('is forgotten by command as well', async () => {
    expect(await runCommand(commandSettings(w), ['person', 'erase', 'Employee@demo.test'])).to.deep.equal({
      code: 0,
      output: `${employee.user.id} was erased; a worker takes away what they said and uploaded.\n`,
      complaint: '',
    })
    await w.settle()
    expect(await traces()).to.deep.equal([])
  })
})
