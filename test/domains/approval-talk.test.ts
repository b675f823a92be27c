// What people say about an approval before it is decided, who takes it over, and what is kept of it.

import { expect } from 'chai'
import type { PolicyStep } from '../../shared/approvals/policy/schema.ts'
import type { Name } from '../support/people.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { approvalOf, auditOf, bookingOf, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

interface Entry {
  action: string
  person: { fullName: string } | null
  people: { fullName: string }[]
  notes: string | null
}

describe('before an approval is decided', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
  })
  afterEach(() => w.end())

  async function setSteps(...steps: PolicyStep[]): Promise<void> {
    const rules = [{ name: 'Theo bước', steps }]
    const reply = await (await w.as('admin')).put('/organisation/approval-policies', { rules })
    expect([reply.status, reply.body.detail]).to.deep.equal([200, undefined])
  }
  async function named(...names: Name[]): Promise<PolicyStep['approvers']> {
    return [{ userIds: await Promise.all(names.map((name) => w.idOf(name))) }]
  }
  async function ask(): Promise<{ id: string; bookingId: string }> {
    const { body, status } = await (await w.as('employee')).post('/bookings', TRIP)
    expect(status, JSON.stringify(body)).to.equal(201)
    await w.settle()
    return { id: (await approvalOf(w, body.id)).id, bookingId: body.id }
  }
  const post = async (name: Name, path: string, body: object = {}) => {
    const reply = await (await w.as(name)).post(`/approvals/${path}`, body)
    await w.settle()
    return reply
  }
  const shown = async (id: string) => (await (await w.as('admin')).get(`/approvals/${id}`)).body
  const historyOf = async (id: string): Promise<Entry[]> =>
    (await (await w.as('employee')).get(`/approvals/${id}/history`)).body
  const nameOf = async (name: Name): Promise<string> => (await w.as(name)).user.fullName

  it('the requester is asked something, answers, and both stand in the history', async () => {
    const { id } = await ask()
    mustBeProblem(await post('employee', `${id}/answer`, { answer: 'Vâng' }), 409, 'conflict')
    const asked = await post('manager', `${id}/ask`, { question: 'Đi mấy ngày?' })
    expect([asked.status, asked.body.question.text, asked.body.status]).to.deep.equal([
      201,
      'Đi mấy ngày?',
      'PENDING',
    ])
    expect(asked.body.question.by.fullName).to.equal(await nameOf('manager'))
    mustBeProblem(await post('manager', `${id}/ask`, { question: 'Và với ai?' }), 409, 'conflict')
    mustBeProblem(await post('manager', `${id}/answer`, { answer: 'Hai' }), 403, 'forbidden')
    mustBeProblem(await post('employee', `${id}/ask`, { question: 'Sao lâu?' }), 403, 'forbidden')
    mustBeProblem(await post('owner', `${id}/ask`, { question: 'Sao?' }), 404, 'not_found')
    expect(await toldTo(w, 'employee')).to.deep.equal(['APPROVAL_QUESTION'])

    const answered = await post('employee', `${id}/answer`, { answer: 'Hai ngày' })
    expect([answered.body.question, answered.body.expiresAt]).to.deep.equal([null, asked.body.expiresAt])
    expect(await toldTo(w, 'manager')).to.include('APPROVAL_ANSWER')
    const unread = await w.runtime
      .db('notifications')
      .where({ type: 'APPROVAL_QUESTION' })
      .whereNull('readAt')
      .pluck('id')
    expect(unread, 'the question is answered').to.deep.equal([])
    await post('manager', `${id}/approve`, { notes: 'Đi nhé' })
    expect((await historyOf(id)).map(({ action, notes }) => [action, notes])).to.deep.equal([
      ['asked', null],
      ['question', 'Đi mấy ngày?'],
      ['answer', 'Hai ngày'],
      ['approved', 'Đi nhé'],
    ])
    mustBeProblem(await post('manager', `${id}/ask`, { question: 'Còn gì?' }), 409, 'already_decided')
    for (const action of ['approval_question_asked', 'approval_question_answered'])
      expect(await auditOf(w, { action, entityId: id })).to.have.length(1)
  })

  it('the clock stands while a question is open, where the policy says so, and goes on with the rest', async () => {
    await setSteps({
      approvers: await named('owner'),
      ttl: '4h',
      reminders: { first: '1h', every: '1h', max: 5 },
      onExpiry: 'cancel',
      pausesOnQuestion: true,
    })
    const { id, bookingId } = await ask()
    await w.advance('90 minutes')
    const { body } = await post('owner', `${id}/ask`, { question: 'Vì sao?' })
    expect([body.expiresAt, body.steps[0].dueAt]).to.deep.equal([null, null])
    await w.advance('3 days')
    expect((await shown(id)).status).to.equal('PENDING')
    const reminders = async () =>
      (await toldTo(w, 'owner')).filter((type) => type === 'APPROVAL_REMINDER').length
    expect(await reminders()).to.equal(1)
    const answered = await post('employee', `${id}/answer`, { answer: 'Vì khách' })
    const rest = new Date(answered.body.expiresAt).getTime() - w.clock.now().getTime()
    expect(rest).to.equal(150 * 60_000)
    expect(answered.body.steps[0].dueAt).to.equal(answered.body.expiresAt)
    await w.advance('149 minutes')
    expect([(await shown(id)).status, await reminders()]).to.deep.equal(['PENDING', 3])
    await w.advance('1 minute')
    expect((await shown(id)).status).to.equal('EXPIRED')
    expect((await bookingOf(w, bookingId)).status).to.equal('CANCELLED')
  })

  it('a decision may come without the answer, and the question is over with it', async () => {
    const { id } = await ask()
    await post('manager', `${id}/ask`, { question: 'Vì sao?' })
    expect((await post('manager', `${id}/approve`)).body.question).to.equal(null)
    mustBeProblem(await post('employee', `${id}/answer`, { answer: 'Vì khách' }), 409, 'conflict')
    const unread = await w.runtime
      .db('notifications')
      .where({ type: 'APPROVAL_QUESTION' })
      .whereNull('readAt')
      .pluck('id')
    expect(unread).to.deep.equal([])
  })

  it('what somebody wrote to a part that does not end it is kept, and who was asked when', async () => {
    await setSteps(
      { approvers: await named('owner', 'director'), need: 'all' },
      { approvers: [{ manager: 1 }] },
    )
    const { id } = await ask()
    await post('owner', `${id}/approve`, { notes: 'Phần tôi' })
    await post('employee', `${id}/comment`, { text: 'Khách chờ' })
    await post('director', `${id}/approve`, { notes: 'Cũng được' })
    await post('manager', `${id}/reject`, { notes: 'Hết xe' })
    const history = await historyOf(id)
    expect(history.map(({ action, notes }) => [action, notes])).to.deep.equal([
      ['asked', null],
      ['approved', 'Phần tôi'],
      ['comment', 'Khách chờ'],
      ['approved', 'Cũng được'],
      ['asked', null],
      ['rejected', 'Hết xe'],
    ])
    expect(history[1]?.person?.fullName).to.equal(await nameOf('owner'))
    expect(history[4]?.people.map(({ fullName }) => fullName)).to.deep.equal([await nameOf('manager')])
    expect(await toldTo(w, 'director')).to.include('APPROVAL_COMMENT')
    expect(await toldTo(w, 'employee')).not.to.include('APPROVAL_COMMENT')
  })

  it('whoever asked takes it back: the booking is cancelled, and nobody is waited for', async () => {
    const { id, bookingId } = await ask()
    mustBeProblem(await post('manager', `${id}/withdraw`), 403, 'forbidden')
    const { status, body } = await post('employee', `${id}/withdraw`, { notes: 'Không đi nữa' })
    expect([status, body.status]).to.deep.equal([201, 'WITHDRAWN'])
    expect(await bookingOf(w, bookingId)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'USER_REQUEST',
      cancellationNotes: 'Không đi nữa',
    })
    expect((await (await w.as('manager')).get('/approvals/pending')).body).to.deep.equal([])
    expect((await historyOf(id)).map(({ action, notes }) => [action, notes])).to.deep.equal([
      ['asked', null],
      ['withdrawn', 'Không đi nữa'],
    ])
    mustBeProblem(await post('employee', `${id}/withdraw`), 409, 'already_decided')
  })

  it('an admin has somebody else decide, who has the whole time, and says why', async () => {
    const { id } = await ask()
    const before = (await shown(id)).expiresAt
    await w.advance('5 hours')
    for (const [toId, says] of [
      [await w.idOf('employee'), 'own request'],
      [await w.idOf('manager'), 'asked already'],
      [await w.idOf('customer'), 'no such person'],
    ] as const)
      expect(
        mustBeProblem(await post('admin', `${id}/reassign`, { toId, reason: 'Ốm' }), 422, 'invalid'),
      ).to.include(says)
    const toId = await w.idOf('supervisor')
    const { body } = await post('admin', `${id}/reassign`, { toId, reason: 'Quản lý ốm' })
    expect(body.approverId).to.equal(toId)
    expect(new Date(body.expiresAt).getTime() - new Date(before).getTime()).to.equal(5 * 3_600_000)
    mustBeProblem(await post('manager', `${id}/approve`), 403, 'forbidden')
    expect(await toldTo(w, 'manager')).to.include('APPROVAL_MOVED')
    expect((await post('supervisor', `${id}/approve`)).body.status).to.equal('APPROVED')
    const [, , , reassigned] = await historyOf(id)
    expect([reassigned?.action, reassigned?.notes, reassigned?.person?.fullName]).to.deep.equal([
      'reassigned',
      'Quản lý ốm',
      await nameOf('admin'),
    ])
  })

  it('of several who are asked the admin names in whose place', async () => {
    await setSteps({ approvers: await named('owner', 'director', 'supervisor'), need: 'all' })
    const { id } = await ask()
    await post('owner', `${id}/approve`)
    const [toId, fromId] = [await w.idOf('staff'), await w.idOf('director')]
    mustBeProblem(await post('admin', `${id}/reassign`, { toId, reason: 'Ốm' }), 422)
    const done = await w.idOf('owner')
    mustBeProblem(await post('admin', `${id}/reassign`, { toId: done, fromId, reason: 'Ốm' }), 422)
    mustBeProblem(await post('admin', `${id}/reassign`, { toId, fromId: done, reason: 'Ốm' }), 422)
    expect((await post('admin', `${id}/reassign`, { toId, fromId, reason: 'Ốm' })).status).to.equal(201)
    mustBeProblem(await post('director', `${id}/approve`), 409)
    await post('staff', `${id}/approve`)
    expect((await post('supervisor', `${id}/approve`)).body.status).to.equal('APPROVED')
  })

  it('several are decided at once, each by itself', async () => {
    const [one, two, three] = [await ask(), await ask(), await ask()]
    await post('manager', `${two.id}/reject`, { notes: 'Không' })
    const strange = crypto.randomUUID()
    const { status, body } = await post('manager', 'decide', {
      decisions: [
        { id: one.id, decision: 'approve' },
        { id: two.id, decision: 'approve' },
        { id: strange, decision: 'approve' },
        { id: three.id, decision: 'reject' },
        { id: three.id, decision: 'reject', notes: 'Hết xe' },
      ],
    })
    expect(status).to.equal(201)
    expect(
      body.results.map((each: { id: string; status: number; problem: { code: string } | null }) => [
        each.id,
        each.status,
        each.problem?.code,
      ]),
    ).to.deep.equal([
      [one.id, 201, undefined],
      [two.id, 409, 'already_decided'],
      [strange, 404, 'not_found'],
      [three.id, 400, 'invalid'],
      [three.id, 201, undefined],
    ])
    expect((await bookingOf(w, one.bookingId)).status).to.equal('PENDING')
    expect((await bookingOf(w, three.bookingId)).status).to.equal('CANCELLED')
  })

  it('two who decide on the same ones at once do not stand in each other’s way', async () => {
    await setSteps({ approvers: await named('owner', 'director'), need: 'any' })
    const asked = await Promise.all(Array.from({ length: 8 }, ask))
    const decisions = asked.map(({ id }) => ({ id, decision: 'approve' }))
    const answers = await Promise.all([
      post('owner', 'decide', { decisions }),
      post('director', 'decide', { decisions: decisions.toReversed() }),
    ])
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201])
    const results = answers.flatMap(({ body }) => body.results.map((each: { status: number }) => each.status))
    expect(results.filter((each) => each === 201)).to.have.length(8)
    expect(results.filter((each) => each === 409)).to.have.length(8)
  })
})
