// Another program has something approved here: it asks by its key, a manager decides from a mail, and the program hears of it, once.

import { expect } from 'chai'
import { makeApiKey } from '../../shared/integrations/actions/keys.ts'
import type { Scope } from '../../shared/integrations/scopes.ts'
import { caller, type Caller } from '../support/client.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import type { Name } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { auditOf, leave, setPolicy, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const SUBJECT = {
  type: 'INVOICE',
  id: 'INV-33',
  title: 'Máy in cho văn phòng',
  fields: [
    { label: 'Số tiền', value: '12.000.000 ₫' },
    { label: 'Nhà cung cấp', value: 'Công ty <Hai> & Ba' },
  ],
  url: 'https://books.example/invoices/33?a=1&b=2',
  amount: 12_000_000,
}

describe('a program that asks for an approval', () => {
  let w: World
  let post: MailPeer
  let peer: HttpPeer
  let program: Caller
  beforeEach(async () => {
    post = await aMailPeer()
    peer = await anHttpPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        SMTP_URL: post.url,
        MAIL_FROM: 'no-reply@bellhop.test',
        PUBLIC_URL: 'https://bellhop.example',
        OUTGOING_ALLOWED: '127.0.0.1',
      },
    })
    program = await aProgram('approvals:write', 'approvals:read')
  })
  afterEach(async () => {
    await w.end()
    await post.close()
    await peer.close()
  })

  async function aProgram(...scopes: Scope[]): Promise<Caller> {
    const { orgId } = (await w.as('admin')).user
    const made = await w.change((change) => makeApiKey(change, { orgId }, { name: 'Kế toán', scopes }))
    return caller(w.url, made.key)
  }
  async function asks(more: object = {}, subject: object = {}) {
    const reply = await program.post('/approvals', {
      subject: { ...SUBJECT, ...subject },
      requester: { id: await w.idOf('employee') },
      ...more,
    })
    await w.settle()
    return reply
  }
  async function hears(events = ['approval.*']): Promise<void> {
    await (await w.as('admin')).post('/webhooks', { url: `${peer.url}/hook`, events, form: 'full' })
  }
  const heard = (): { type: string; data: Record<string, unknown> }[] =>
    peer.heard.map(({ body }) => JSON.parse(body.toString()))

  /** @returns the answer to the button on the page that the newest mail leads to, and the page */
  async function decideByMail(decision: 'approve' | 'reject', notes = '') {
    const [, path = ''] =
      /https:\/\/bellhop\.example(\/decisions\?link=[\w.-]+)/.exec(post.mails.at(-1)?.text ?? '') ?? []
    const page = await (await fetch(w.url + path)).text()
    const link = new URL(path, w.url).searchParams.get('link') ?? ''
    const answer = await fetch(`${w.url}/decisions`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ link, decision, notes }),
    })
    await w.settle()
    return { page, status: answer.status }
  }

  it('is told before who would decide, until when and why, as it then is', async () => {
    const rules = [
      {
        name: 'Large',
        when: { fact: 'amount', atLeast: 10_000_000 },
        steps: [
          { approvers: [{ manager: 1 }], ttl: '2h' },
          { approvers: [{ userIds: [await w.idOf('owner'), await w.idOf('supervisor')] }], need: 'all' },
        ],
      },
      { name: 'Small', steps: [], copyTo: [{ manager: 1 }] },
    ]
    const { status } = await (await w.as('admin')).put('/organisation/approval-policies', { rules })
    expect(status).to.equal(200)
    const requester = { id: await w.idOf('employee') }
    const foretell = async (subject: object) =>
      (await program.post('/approvals/simulate/subject', { subject: { ...SUBJECT, ...subject }, requester }))
        .body
    const large = await foretell({})
    expect(large).to.include({ status: 'PENDING', rule: 'Large', policyVersion: 1 })
    expect(large.steps).to.have.length(2)
    expect(large.steps[1].need).to.equal(2)
    const { body } = await asks()
    expect([body.status, body.expiresAt]).to.deep.equal([large.status, large.expiresAt])
    const askedIn = (step: { deciders: { person: { id: string } }[] }) =>
      step.deciders.map(({ person }) => person.id)
    expect(askedIn(body.steps[0])).to.deep.equal(large.steps[0].asked.map(({ id }: { id: string }) => id))
    const small = await foretell({ amount: 1 })
    expect(small).to.include({ status: 'AUTO_APPROVED', approverId: await w.idOf('manager') })
    expect((await asks({}, { id: 'INV-34', amount: 1 })).body.status).to.equal('AUTO_APPROVED')
    await setPolicy(w, { noApprover: 'refuse' })
    await leave(w, 'manager', 'director')
    expect((await foretell({})).status).to.equal('REFUSED')
    expect((await asks({}, { id: 'INV-35' })).status).to.equal(422)
    const employee = await w.as('employee')
    const forAnother = { subject: SUBJECT, requester: { id: await w.idOf('staff') } }
    mustBeProblem(await employee.post('/approvals/simulate/subject', forAnother), 403, 'forbidden')
  })

  it('is heard once, after a manager has decided from the mail, which shows what it is about', async () => {
    await hears()
    const { status, body, headers } = await asks()
    expect([status, body.status, body.approvalType]).to.deep.equal([201, 'PENDING', 'MANAGER_APPROVAL'])
    expect(headers.get('location')).to.equal(`/approvals/${body.id}`)
    const { amount: _amount, ...shown } = SUBJECT
    expect(body.subject).to.deep.equal(shown)
    expect([body.subjectType, body.subjectId, body.bookingId]).to.deep.equal(['INVOICE', 'INV-33', null])

    expect(post.mails.map(({ to }) => to)).to.deep.equal([['manager@demo.test']])
    for (const words of [SUBJECT.title, 'Số tiền: 12.000.000 ₫', SUBJECT.url])
      expect(post.mails[0]?.text).to.include(words)
    const { page, status: pressed } = await decideByMail('approve')
    expect(page).to.include('<dt>Nhà cung cấp</dt><dd>Công ty &lt;Hai&gt; &amp; Ba</dd>')
    expect(page).to.include('href="https://books.example/invoices/33?a=1&amp;b=2"')
    expect(pressed).to.equal(303)

    expect(heard().map(({ type }) => type)).to.deep.equal(['approval.requested', 'approval.decided'])
    const [, decided] = heard()
    expect(decided?.data).to.deep.include({ id: body.id, status: 'APPROVED', subject: shown })
    const read = await program.get(`/approvals/${body.id}`)
    expect([read.body.status, read.body.decidedById]).to.deep.equal(['APPROVED', await w.idOf('manager')])
    expect(await toldTo(w, 'employee')).to.deep.equal(['REQUEST_DECIDED'])
    const [asked] = await auditOf(w, { action: 'approval_requested' })
    expect(asked).to.deep.include({ actorId: null, entityId: body.id })
    expect(JSON.stringify(asked)).not.to.include(SUBJECT.title)
  })

  it('is told why it was rejected, and so is whoever needs it', async () => {
    await hears(['approval.decided'])
    const { body } = await asks()
    expect((await decideByMail('reject', 'Đắt quá')).status).to.equal(303)
    expect(heard().map(({ data }) => [data['id'], data['status'], data['notes']])).to.deep.equal([
      [body.id, 'REJECTED', 'Đắt quá'],
    ])
    expect(post.mails.at(-1)?.to).to.deep.equal(['employee@demo.test'])
    expect(post.mails.at(-1)?.text).to.include('Đắt quá')
  })

  it('waits for one decision at a time about the same thing, and may ask anew after it', async () => {
    const { body } = await asks()
    const again = await asks()
    mustBeProblem(again, 409, 'conflict')
    expect(again.body.approvalId).to.equal(body.id)
    expect((await asks({}, { id: 'INV-34' })).status).to.equal(201)
    await (await w.as('manager')).post(`/approvals/${body.id}/reject`, { notes: 'Không' })
    expect((await asks()).status).to.equal(201)
  })

  it('of twenty requests at the same instant makes one', async () => {
    const body = { subject: SUBJECT, requester: { id: await w.idOf('employee') } }
    const answers = await Promise.all(Array.from({ length: 20 }, () => program.post('/approvals', body)))
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, ...Array(19).fill(409)])
    await w.settle()
    expect(post.mails).to.have.length(1)
  })

  it('goes by the rules of the organisation, which know the type and the amount, or by the rule that it names', async () => {
    const owner: { userIds: string[] } = { userIds: [await w.idOf('owner')] }
    const rules = [
      {
        name: 'Hóa đơn lớn',
        when: {
          all: [
            { fact: 'subject.type', equals: 'INVOICE' },
            { fact: 'amount', atLeast: 10_000_000 },
          ],
        },
        steps: [{ approvers: [{ manager: 1 }] }, { approvers: [owner] }],
      },
      { name: 'Nhỏ', when: { fact: 'subject.type', equals: 'INVOICE' }, steps: [] },
      { name: 'Khác', steps: [{ approvers: [{ manager: 1 }] }] },
    ]
    expect((await (await w.as('admin')).put('/organisation/approval-policies', { rules })).status).to.equal(
      200,
    )
    await hears(['approval.decided', 'approval.step_decided'])
    const large = await asks()
    expect(large.body.steps.map(({ state }: { state: string }) => state)).to.deep.equal(['open', 'waiting'])
    const small = await asks({}, { id: 'INV-34', amount: 200_000 })
    expect([small.body.status, small.body.decidedBy]).to.deep.equal(['AUTO_APPROVED', 'policy'])
    const named = await asks({ policy: 'Khác' }, { id: 'INV-35', amount: 1 })
    expect(named.body.status).to.equal('PENDING')
    mustBeProblem(await asks({ policy: 'Không có' }, { id: 'INV-36' }), 400)

    const decide = async (name: Name) =>
      (await w.as(name)).post(`/approvals/${large.body.id}/approve`, { notes: 'Được' })
    expect((await decide('manager')).body.status).to.equal('PENDING')
    expect((await decide('owner')).body.status).to.equal('APPROVED')
    await w.settle()
    expect(heard().map(({ type, data }) => [type, data['subjectId'], data['status']])).to.deep.equal([
      ['approval.decided', 'INV-34', 'AUTO_APPROVED'],
      ['approval.step_decided', 'INV-33', 'PENDING'],
      ['approval.decided', 'INV-33', 'APPROVED'],
    ])
  })

  it('whose request nobody decides in time hears it once, with what the policy made of it', async () => {
    await setPolicy(w, { onExpiry: 'cancel' })
    await hears(['approval.expired', 'approval.decided'])
    const { body } = await asks()
    await w.advance('24 hours')
    expect(heard().map(({ type, data }) => [type, data['id'], data['status']])).to.deep.equal([
      ['approval.expired', body.id, 'EXPIRED'],
    ])
    expect(await toldTo(w, 'employee')).to.deep.equal(['REQUEST_DECIDED'])
    expect((await toldTo(w, 'manager')).filter((type) => type === 'APPROVAL_REMINDER')).to.have.length(5)
  })

  it('hears at once of what nobody could decide', async () => {
    await leave(w, 'manager', 'director')
    const { body } = await asks()
    expect([body.status, body.decidedBy]).to.deep.equal(['APPROVED', 'policy'])
    expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
    await setPolicy(w, { noApprover: 'refuse' })
    mustBeProblem(await asks({}, { id: 'INV-34' }), 422)
  })

  it('has to name somebody of the organisation and a thing of its own', async () => {
    const wrong = await program.post('/approvals', { subject: { ...SUBJECT, type: 'Booking' } })
    mustBeProblem(wrong, 400)
    expect(problemsIn(wrong)).to.deep.equal([
      '/body/requester is missing',
      '/body/subject/type must not be BOOKING, which is ours',
    ])
    for (const requester of [{ id: crypto.randomUUID() }, { externalId: 'nobody' }, {}])
      mustBeProblem(await program.post('/approvals', { subject: SUBJECT, requester }), 400)
    for (const url of ['javascript:alert(1)', 'ftp://books.example', 'books'])
      mustBeProblem(await asks({}, { url }), 400)
  })

  it('asks for others in its own name only; a person asks for themselves, and by no rule of their choice', async () => {
    const employee = await w.as('employee')
    const own = await employee.post('/approvals', { subject: SUBJECT })
    expect([own.status, own.body.requesterId]).to.deep.equal([201, employee.user.id])
    const other = { ...SUBJECT, id: 'INV-34' }
    const manager = { id: await w.idOf('manager') }
    mustBeProblem(await employee.post('/approvals', { subject: other, requester: manager }), 403)
    mustBeProblem(await employee.post('/approvals', { subject: other, policy: 'The manager' }), 403)
    expect((await employee.get('/approvals/my-requests')).body).to.have.length(1)
    expect((await (await w.as('manager')).get('/approvals/pending')).body[0].subject.title).to.equal(
      SUBJECT.title,
    )
  })
})
