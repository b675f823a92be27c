import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { sealAll } from '../../workers/audit-sealer.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('what failed for good', () => {
  let w: World
  let admin: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
  })
  afterEach(() => w.end())

  /** Seconds after the world began. */
  const at = (seconds: number): Date => new Date(w.clock.now().getTime() + seconds * 1000)

  async function failedJob(orgId: string | null, failedAt: Date): Promise<string> {
    const id = randomUUID()
    const about = { name: 'support.watch', payload: { ticketId: randomUUID() }, requestId: 'test' }
    await w
      .owner('jobs')
      .insert({ id, orgId, ...about, shippedAt: failedAt, failedAt, failedReason: 'TypeError' })
    return id
  }

  async function failedDelivery(): Promise<string> {
    const { id: userId, orgId } = admin.user
    const id = randomUUID()
    await w.owner('deliveries').insert({
      id,
      orgId,
      userId,
      channel: 'EMAIL',
      status: 'FAILED',
      attempts: 5,
      lastError: '550 no such mailbox',
      createdAt: at(0),
      updatedAt: at(2),
    })
    return id
  }

  async function failedFact(): Promise<string> {
    const { body: webhook } = await admin.post('/webhooks', {
      url: 'https://example.com/hear',
      events: ['*'],
    })
    const { body } = await admin.post(`/webhooks/${webhook.id}/test`)
    const failed = { status: 'FAILED', attempts: 3, lastError: '500', updatedAt: at(3) }
    await w.owner('fact_deliveries').where({ id: body.id }).update(failed)
    return body.id
  }

  it('stands in one list, newest first, with its reason, and is read page by page', async () => {
    const job = await failedJob(admin.user.orgId, at(1))
    const [delivery, fact] = [await failedDelivery(), await failedFact()]
    const { body } = await admin.get('/operations/failures')
    expect(
      body.map(({ id, kind, name, attempts, reason }: Record<string, unknown>) => [
        id,
        kind,
        name,
        attempts,
        reason,
      ]),
    ).to.deep.equal([
      [fact, 'fact', 'webhook.test', 3, '500'],
      [delivery, 'delivery', 'EMAIL', 5, '550 no such mailbox'],
      [job, 'job', 'support.watch', null, 'TypeError'],
    ])
    const first = await admin.get('/operations/failures?limit=2')
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? []
    const second = await admin.get(next.replace(/^.*\/api\/v1/, ''))
    expect([...first.body, ...second.body].map(({ id }) => id)).to.deep.equal([fact, delivery, job])
    expect((await admin.get('/operations/summary')).body.failures).to.equal(3)
  })

  it('is the business of its organisation alone; the jobs of the system are that of whoever operates it', async () => {
    const [theirs, ours, system] = [
      await failedJob((await w.as('foreigner')).user.orgId, at(1)),
      await failedJob(admin.user.orgId, at(2)),
      await failedJob(null, at(3)),
    ]
    const { body } = await admin.get('/operations/failures')
    expect(body.map(({ id }: { id: string }) => id)).to.deep.equal([system, ours])
    expect((await admin.post(`/operations/failures/${theirs}/retry`)).status).to.equal(404)
    expect(await w.owner('jobs').where({ id: theirs }).first('failedReason')).to.deep.equal({
      failedReason: 'TypeError',
    })
    const foreign = await w.as('foreignAdmin')
    expect(
      (await foreign.get('/operations/failures')).body.map(({ id }: { id: string }) => id),
    ).to.deep.equal([theirs])
    expect((await foreign.get('/operations/summary')).body).to.deep.equal({ failures: 1, installation: null })
  })

  it('is tried again, each as its kind is, and the audit says who wanted it', async () => {
    const job = await failedJob(admin.user.orgId, at(1))
    const [delivery, fact] = [await failedDelivery(), await failedFact()]
    expect((await admin.post(`/operations/failures/${job}/retry`)).status).to.equal(201)
    expect(await w.owner('jobs').where({ id: job }).first('failedAt', 'failedReason')).to.deep.equal({
      failedAt: null,
      failedReason: null,
    })
    expect((await admin.post('/operations/failures/retry')).body).to.deep.equal({ count: 2 })
    const statusOf = async (table: string, id: string) =>
      (await w.owner(table).where({ id }).first('status')).status
    expect([await statusOf('deliveries', delivery), await statusOf('fact_deliveries', fact)]).to.deep.equal([
      'PENDING',
      'PENDING',
    ])
    expect(
      await w
        .owner('jobs')
        .whereRaw(`payload->>'deliveryId' = any(?)`, [[delivery, fact]])
        .whereNull('failedAt'),
    ).to.have.length.at.least(2)
    expect((await admin.get('/operations/failures')).body).to.deep.equal([])
    expect((await admin.post(`/operations/failures/${job}/retry`)).status).to.equal(404)
    const rows = await w
      .owner('audit_log')
      .whereIn('action', ['queue_job_retried', 'delivery_retried'])
      .select('entityId')
    expect(rows.map(({ entityId }) => entityId)).to.have.members([job, delivery, fact])
  })

  it('how the installation does is measured for whoever operates it', async () => {
    await (await w.as('employee')).post('/bookings', TRIP)
    const { body } = await (await w.as('supervisor')).get('/operations/summary')
    const { requests, queues, outboxAge, done, process } = body.installation
    expect(requests.count).to.be.at.least(2)
    expect(queues.find(({ name }: { name: string }) => name === 'approvals').waiting).to.be.at.least(1)
    expect([outboxAge >= 0, done.length]).to.deep.equal([true, 60])
    const later = (await admin.get('/operations/summary')).body.installation
    expect([later.process, later.requests.count > requests.count]).to.deep.equal([process, true])
  })
})

describe('the audit is verified over the API', () => {
  let w: World
  let admin: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
    for (const purpose of ['Một', 'Hai', 'Ba'])
      await (await w.as('employee')).post('/bookings', { ...TRIP, purpose })
    await sealAll(w.runtime)
  })
  after(() => w.end())

  const verdict = async (after = 0) => (await admin.get(`/audit/verify?after=${after}`)).body
  const tamper = (id: number, metadata: string): Promise<unknown> =>
    w.owner.transaction(async (trx) => {
      await trx.raw('set local session_replication_role = replica')
      await trx('audit_log').where({ id }).update({ metadata })
    })

  it('is sound, from its first row and from any place on', async () => {
    const whole = await verdict()
    expect(whole).to.deep.include({ flaw: null, next: null, waiting: 0 })
    expect(whole.head.n).to.equal(whole.rows).and.be.above(3)
    expect(await verdict(2)).to.deep.equal(whole)
  })

  it('says where it is broken, and how much before it is sound', async () => {
    const { auditId, n } = await w.owner('audit_seals').where({ orgId: admin.user.orgId, n: 3 }).first()
    const { metadata } = await w.owner('audit_log').where({ id: auditId }).first('metadata')
    await tamper(auditId, '{"rows": 0}')
    expect(await verdict()).to.deep.include({ rows: n - 1, next: null })
    expect((await verdict()).flaw).to.include({ n, id: auditId })
    expect((await verdict(n)).flaw).to.equal(null)
    await tamper(auditId, JSON.stringify(metadata))
    expect((await verdict()).flaw).to.equal(null)
  })

  it('says that a row came in past the sealer, or that rows are erased of which no row says so', async () => {
    const row = await w.owner('audit_log').where({ orgId: admin.user.orgId }).first('id')
    const hide = (by: number | null): Promise<unknown> =>
      w.owner.transaction(async (trx) => {
        await trx.raw('set local session_replication_role = replica')
        await trx('audit_log').where({ id: row.id }).update({ erasedBy: by })
      })
    await hide(row.id)
    expect((await verdict()).flaw).to.deep.include({ what: 'it erased more rows than it says' })
    await hide(null)
    expect((await verdict()).flaw).to.equal(null)
  })
})
