import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import type { Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aHouseThatTalks, idsIn, rolesIn, times } from '../support/rooms.ts'
import { auditOf } from '../support/story.ts'

describe('groups', () => {
  const { here, idOf, say, refusesWords, someone } = aHouseThatTalks()
  const group = async (ask: object = {}): Promise<any> =>
    (
      await here.people.admin.post('/chat/groups', {
        name: 'Đội xe',
        memberIds: [idOf('employee'), idOf('supervisor')],
        ...ask,
      })
    ).body
  const path = (id: string, rest = ''): string => `/chat/groups/${id}${rest}`
  const add = (by: Name, id: string, userId: string): Promise<Reply> =>
    here.people[by].post(path(id, '/members'), { userId })

  it('are made by ADMINs, of colleagues', async () => {
    const made = await group({
      name: '  Đội xe  ',
      type: 'operational',
      description: 'Ca đêm',
      permissions: { canDeleteMessages: ['SUPERVISOR'] },
    })
    expect(made).to.deep.include({
      kind: 'GROUP',
      name: 'Đội xe',
      type: 'operational',
      permissions: {
        canAddMembers: ['ADMIN'],
        canRemoveMembers: ['ADMIN'],
        canDeleteMessages: ['SUPERVISOR'],
      },
    })
    expect(rolesIn(made)).to.deep.equal({
      [idOf('admin')]: 'admin',
      [idOf('employee')]: 'member',
      [idOf('supervisor')]: 'member',
    })
    for (const name of ['supervisor', 'staff', 'employee', 'customer'] as const)
      mustBeProblem(await here.people[name].post('/chat/groups', { name: 'x' }), 403)
    for (const userId of [randomUUID(), idOf('foreigner'), await someone('STAFF', 'Đã nghỉ', false)])
      mustBeProblem(await here.people.admin.post('/chat/groups', { name: 'x', memberIds: [userId] }), 422)
    mustBeProblem(
      await here.people.admin.post('/chat/groups', { name: 'x', memberIds: [idOf('customer')] }),
      403,
    )
  })

  it('let ADMINs and SUPERVISORs of the group bring people in, others when the group says so; twice is once', async () => {
    const { id } = await group()
    mustBeProblem(await add('employee', id, idOf('sic')), 403)
    expect(idsIn((await add('supervisor', id, idOf('sic'))).body)).to.include(idOf('sic'))
    expect((await add('admin', id, idOf('sic'))).body.members).to.have.length(4)
    expect(await auditOf(here.w, { action: 'member_added', entityId: id })).to.have.length(1)
    await here.people.admin.patch(path(id), { permissions: { canAddMembers: ['EMPLOYEE'] } })
    expect((await add('employee', id, idOf('driver'))).status).to.equal(201)
    mustBeProblem(await add('director', id, idOf('owner')), 404)
  })

  it('let ADMINs put people out, others when the group says so', async () => {
    const { id } = await group({ memberIds: [idOf('employee'), idOf('sic'), idOf('driver')] })
    mustBeProblem(await here.people.sic.delete(path(id, `/members/${idOf('driver')}`)), 403)
    expect(
      idsIn((await here.people.admin.delete(path(id, `/members/${idOf('driver')}`))).body),
    ).not.to.include(idOf('driver'))
    mustBeProblem(await here.people.admin.delete(path(id, `/members/${idOf('driver')}`)), 404)
    await here.people.admin.patch(path(id), { permissions: { canRemoveMembers: ['EMPLOYEE'] } })
    expect((await here.people.employee.delete(path(id, `/members/${idOf('sic')}`))).status).to.equal(200)
    mustBeProblem(await here.people.sic.get(path(id)), 404)
  })

  it('let whom they name delete what others wrote', async () => {
    const { id } = await group({ permissions: { canDeleteMessages: ['SUPERVISOR'] } })
    const { body: message } = await say(here.people.employee, id)
    mustBeProblem(await here.people.admin.delete(`/chat/messages/${message.id}`), 403)
    expect((await here.people.supervisor.delete(`/chat/messages/${message.id}`)).body).to.include({
      content: '',
    })
  })

  it('are changed by whoever governs them, one after the other', async () => {
    const { id, version } = await group()
    mustBeProblem(await here.people.employee.patch(path(id), { name: 'x' }), 403)
    mustBeProblem(await here.people.admin.patch(path(id), {}), 400)
    const changed = await here.people.admin.patch(
      path(id),
      { name: ' Đội mới ', description: null },
      { 'if-match': `"${version}"` },
    )
    expect(changed.body).to.include({ name: 'Đội mới', description: null, version: version + 1 })
    expect(changed.headers.get('etag')).to.match(new RegExp(`^"${version + 1}\\.`))
    mustBeProblem(
      await here.people.admin.patch(path(id), { name: 'x' }, { 'if-match': `"${version}"` }),
      412,
      'changed_meanwhile',
    )
  })

  it('are governed by ADMINs who are not in them, and do not exist for other strangers', async () => {
    const { id } = await group()
    expect((await here.people.admin.post(path(id, '/leave'), {})).body).to.deep.equal({ success: true })
    mustBeProblem(await here.people.admin.get(`/chat/rooms/${id}`), 404)
    expect((await here.people.admin.get(path(id))).status).to.equal(200)
    expect((await here.people.admin.patch(path(id), { name: 'Còn đây' })).status).to.equal(200)
    expect(
      (await here.people.admin.get('/chat/groups?limit=100')).body.map((each: { id: string }) => each.id),
    ).to.include(id)
    for (const name of ['staff', 'director', 'foreignAdmin'] as const) {
      for (const reply of [
        await here.people[name].get(path(id)),
        await here.people[name].get(path(id, '/members')),
        await here.people[name].patch(path(id), { name: 'x' }),
        await here.people[name].delete(path(id)),
        await here.people[name].post(path(id, '/leave'), {}),
      ])
        mustBeProblem(reply, 404)
      expect(
        (await here.people[name].get('/chat/groups?limit=100')).body.map((each: { id: string }) => each.id),
      ).not.to.include(id)
    }
  })

  it('are left by their last ADMIN and their last member without being lost', async () => {
    const { id } = await group({ memberIds: [idOf('employee')] })
    await here.people.admin.post(path(id, '/leave'), {})
    expect((await say(here.people.employee, id)).status).to.equal(201)
    expect((await here.people.employee.post(path(id, '/leave'), {})).status).to.equal(201)
    mustBeProblem(await here.people.employee.post(path(id, '/leave'), {}), 404)
    expect((await here.people.admin.get(path(id))).body.members).to.deep.equal([])
    expect(idsIn((await add('admin', id, idOf('sic'))).body)).to.deep.equal([idOf('sic')])
  })

  it('take a thousand people, and not one more', async () => {
    const [{ id: orgId }] = await here.w.runtime.db('organisations').where({ slug: 'demo' })
    const memberIds = times(999).map(() => randomUUID())
    await here.w.runtime.db.batchInsert(
      'users',
      memberIds.map((id) => ({
        id,
        orgId,
        email: `${id}@demo.test`,
        fullName: 'Ai Đó',
        role: 'STAFF',
        createdAt: here.w.clock.now(),
        updatedAt: here.w.clock.now(),
      })),
    )
    const made = await here.people.admin.post('/chat/groups', { name: 'Tất cả', memberIds })
    expect(made.body.members).to.have.length(1000)
    mustBeProblem(await add('admin', made.body.id, idOf('sic')), 409)
    expect((await add('admin', made.body.id, memberIds[0] ?? '')).status).to.equal(201)
    await here.people.admin.delete(path(made.body.id, `/members/${memberIds[0]}`))
    const both = await Promise.all([
      add('admin', made.body.id, idOf('sic')),
      add('admin', made.body.id, idOf('employee')),
    ])
    expect(both.map(({ status }) => status).toSorted()).to.deep.equal([201, 409])
    mustBeProblem(
      await here.people.admin.post('/chat/groups', {
        name: 'Quá nhiều',
        memberIds: [...memberIds, randomUUID()],
      }),
      400,
      'malformed',
    )
  })

  it('are closed for good when they are deleted; what was said stays with their members', async () => {
    const { id } = await group()
    await say(here.people.employee, id, 'Còn lại')
    mustBeProblem(await here.people.employee.delete(path(id)), 403)
    expect((await here.people.admin.delete(path(id))).body.status).to.equal('CLOSED')
    mustBeProblem(await here.people.admin.delete(path(id)), 404)
    await refusesWords(here.people.employee, id)
    mustBeProblem(await add('admin', id, idOf('sic')), 409, 'room_not_active')
    mustBeProblem(await here.people.admin.patch(path(id), { name: 'x' }), 409, 'room_not_active')
    expect(
      (await here.people.employee.get('/chat/groups?limit=100')).body.map((each: { id: string }) => each.id),
    ).not.to.include(id)
    expect((await here.people.employee.get(`/chat/rooms/${id}/messages`)).body[0].content).to.equal('Còn lại')
    expect((await here.people.employee.post(path(id, '/leave'), {})).status).to.equal(201)
  })
})
