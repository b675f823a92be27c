import { expect } from 'chai'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { approvalOf, askAndRoute, delegateTo } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const idsOf = (list: { id: string }[]): string[] => list.map(({ id }) => id)

describe('lists of approvals', () => {
  let w: World
  let manager: Person
  let deputy: Person
  let waiting: string
  let decided: string
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    manager = await w.as('manager')
    deputy = await w.as('supervisor')
    await delegateTo(w, 'manager', 'supervisor')
    const first = await askAndRoute(w)
    await deputy.post(`/approvals/${first.approval.id}/approve`)
    await w.advance('1 minute')
    decided = first.approval.id
    waiting = (await askAndRoute(w)).approval.id
  })
  after(() => w.end())

  it('show what was asked of me, by me, of those in whose place I decide, and all of them to an admin', async () => {
    const employee = await w.as('employee')
    const admin = await w.as('admin')
    const both = [waiting, decided]
    expect(idsOf((await manager.get('/approvals')).body)).to.deep.equal(both)
    expect(idsOf((await employee.get('/approvals?as=requester')).body)).to.deep.equal(both)
    expect(idsOf((await deputy.get('/approvals?as=delegate')).body)).to.deep.equal(both)
    expect(idsOf((await admin.get('/approvals?as=admin')).body)).to.deep.equal(both)
    expect((await deputy.get('/approvals')).body).to.deep.equal([])
    expect((await (await w.as('foreignAdmin')).get('/approvals?as=admin')).body).to.deep.equal([])
  })

  it('show nothing of the organisation to who is no admin', async () => {
    for (const name of ['employee', 'manager', 'owner', 'customer'] as const)
      mustBeProblem(await (await w.as(name)).get('/approvals?as=admin'), 403, 'forbidden')
  })

  it('are narrowed by status, by who asked and by time, and read on from page to page', async () => {
    const { subjectId } = (await manager.get(`/approvals/${waiting}`)).body
    const { createdAt } = await approvalOf(w, subjectId)
    const at = encodeURIComponent(createdAt.toISOString())
    for (const [query, ids] of [
      ['status=PENDING', [waiting]],
      ['status=APPROVED', [decided]],
      ['status=REJECTED', []],
      [`from=${at}`, [waiting]],
      [`to=${at}`, [decided]],
      [`requesterId=${await w.idOf('employee')}`, [waiting, decided]],
      [`requesterId=${deputy.user.id}`, []],
      [`subjectId=${subjectId}`, [waiting]],
    ] as const)
      expect(idsOf((await manager.get(`/approvals?${query}`)).body), query).to.deep.equal(ids)
    const page = await manager.get('/approvals?limit=1')
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? ''
    expect(idsOf((await manager.get(next.slice(next.indexOf('/approvals')))).body)).to.deep.equal([decided])
    expect(problemsIn(await manager.get('/approvals?as=anybody'))).to.deep.equal([
      '/query/as must be one of approver, requester, delegate, admin',
    ])
  })

  it('say who is asked, who decided in whose place, and until when', async () => {
    const [open, over] = (await manager.get('/approvals')).body
    const asked = { id: manager.user.id, fullName: manager.user.fullName, role: 'EMPLOYEE' }
    expect(open.steps).to.deep.equal([
      {
        need: 1,
        deciders: [{ person: asked, decision: null, at: null, onBehalfOf: null }],
        dueAt: open.expiresAt,
        state: 'open',
      },
    ])
    expect(over.steps[0].state).to.equal('approved')
    expect(over.steps[0].deciders).to.deep.equal([
      {
        person: { id: deputy.user.id, fullName: deputy.user.fullName, role: 'SUPERVISOR' },
        decision: 'approved',
        at: over.respondedAt,
        onBehalfOf: asked,
      },
    ])
  })

  it('cost one statement each, whatever is looked for', async () => {
    const seen: string[] = []
    const listen = ({ sql }: { sql: string }): void => void seen.push(sql)
    w.runtime.db.on('query', listen)
    for (const as of ['approver', 'requester', 'delegate']) await manager.get(`/approvals?as=${as}`)
    w.runtime.db.removeListener('query', listen)
    expect(seen.filter((sql) => sql.includes('"approvals"'))).to.have.length(3)
  })
})
