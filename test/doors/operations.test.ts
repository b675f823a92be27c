import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { realtimeSignKey } from '../../shared/kit/store/realtime-sign.ts'
import { holdsLease } from '../../shared/kit/store/lease.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

describe('what operators see of the API', () => {
  let w: World | undefined
  afterEach(async () => {
    await w?.end()
    w = undefined
  })

  it('is alive, and ready while the database, the queue server and the queues are', async () => {
    w = await aWorld({ with: ['api'] })
    expect((await w.anybody.get('/livez')).body).to.deep.equal({ status: 'ok' })
    const { status, body } = await w.anybody.get('/readyz')
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(Object.values(body.checks).every((each) => each === 'ok')).to.equal(true)
  })

  it('stays ready, and says so, when no realtime node answers', async () => {
    w = await aWorld({ with: ['api', 'realtime'] })
    expect((await w.anybody.get('/readyz')).body).to.deep.include({ ready: true, warnings: [] })
    const key = realtimeSignKey(w.runtime.config)
    // A node that ended says nothing more, and what it said is over by itself.
    expect(await w.runtime.redis.pttl(key)).to.be.within(1, 15_000)
    await w.runtime.redis.del(key)
    const { status, body } = await w.anybody.get('/readyz')
    expect([status, body.ready]).to.deep.equal([200, true])
    expect(body.warnings).to.deep.equal([
      'no realtime node answers: sockets and streams of events are not served',
    ])
  })

  it('is not ready, and says why, when what should have been done long ago is not', async () => {
    w = await aWorld({ with: ['api'] })
    await w.runtime.db.raw(
      `insert into jobs (id, name, payload, request_id, due_at) values (gen_random_uuid(), 'approvals.remind', '{}', 'test', ?)`,
      [new Date(w.clock.now().getTime() - 3_600_000)],
    )
    const { status, body } = await w.anybody.get('/readyz')
    expect(status).to.equal(503)
    expect(body.checks.queues).to.match(/behind/)
    expect((await w.anybody.get('/livez')).status).to.equal(200)
  })

  it('says which version it is, in one word everywhere', async () => {
    w = await aWorld({ with: ['api'] })
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect((await w.anybody.get('/version')).body).to.deep.equal({ version, node: process.versions.node })
    expect((await w.anybody.get('/openapi.json')).body.info.version).to.equal(version)
    expect((await w.anybody.get('/asyncapi.json')).body.info.version).to.equal(version)
    expect((await w.anybody.get('/metrics')).body).to.include(`bellhop_build_info{version="${version}"`)
  })

  it('counts requests, refusals and jobs', async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    const employee = await w.as('employee')
    await employee.post('/bookings', TRIP)
    await employee.get('/bookings/nine')
    await w.settle()
    const { status, body, headers } = await w.anybody.get('/metrics')
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.match(/^text\/plain/)
    expect(body).to.match(
      /bellhop_http_request_seconds_count\{[^}]*route="\/bookings"[^}]*status="201"[^}]*\} 1/,
    )
    expect(body).to.match(/bellhop_refusals_total\{code="malformed"\} 1/)
    expect(body).to.match(/bellhop_job_seconds_count\{[^}]*job="approvals.route"[^}]*outcome="done"[^}]*\} 1/)
    for (const name of [
      'bellhop_queue_jobs',
      'bellhop_database_connections',
      'bellhop_queue_lag_seconds',
      'bellhop_outbox_age_seconds',
      'bellhop_sockets',
      'bellhop_event_lag_seconds',
    ])
      expect(body).to.include(`# TYPE ${name} `)
  })

  it('tells what waits from one process, and from another when that is gone', async () => {
    const world = await aWorld({ with: ['api'] })
    w = world
    const told = async (): Promise<string[]> =>
      (await world.anybody.get('/metrics')).body.match(
        /^bellhop_(queue_jobs|outbox_age_seconds|approvals_overdue)\b/gm,
      ) ?? []
    const { redis, config } = w.runtime
    const lease = { name: 'backlog', length: 60_000 }
    expect(await holdsLease(redis, config, { ...lease, holder: 'another' })).to.equal(true)
    expect(await told()).to.deep.equal([])
    await redis.del(`${config.BULLMQ_PREFIX}:lease:backlog`)
    expect(new Set(await told()).size).to.equal(3)
    expect(await holdsLease(redis, config, { ...lease, holder: 'another' })).to.equal(false)
    expect(await holdsLease(redis, config, lease)).to.equal(true)
  })

  it('counts approvals that nobody ended when their time was over', async () => {
    const world = await aWorld({ with: ['api', 'workers'] })
    w = world
    await (await w.as('employee')).post('/bookings', TRIP)
    await w.settle()
    const overdue = async (): Promise<string | undefined> =>
      /^bellhop_approvals_overdue (\d+)/m.exec((await world.anybody.get('/metrics')).body)?.[1]
    expect(await overdue()).to.equal('0')
    await w.owner('approvals').update({ expiresAt: new Date(w.clock.now().getTime() - 61_000) })
    expect(await overdue()).to.equal('1')
  })

  it('keeps of each queue how much was done in each minute, for the board to draw', async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    await (await w.as('employee')).post('/bookings', TRIP)
    await w.settle()
    const { meta } = await w.runtime.queues.get('approvals').getMetrics('completed')
    expect(meta.count).to.be.at.least(1)
  })

  it('names no person, no id and no path of its own in its metrics', async () => {
    w = await aWorld({ with: ['api'] })
    const employee = await w.as('employee')
    const { body: booking } = await employee.post('/bookings', TRIP)
    await employee.get(`/bookings/${booking.id}`)
    const { body } = await w.anybody.get('/metrics')
    expect(body).to.include('route="/bookings/:id"')
    expect(body).not.to.include(booking.id).and.not.include('demo.test')
  })

  it('shows metrics only to who has the token, where there is one', async () => {
    w = await aWorld({ with: ['api'], env: { METRICS_TOKEN: 'for-the-collector' } })
    for (const authorization of ['', 'Bearer wrong', 'for-the-collector'])
      expect((await w.anybody.get('/metrics', { authorization })).status).to.equal(401)
    const { accessToken } = await w.as('admin')
    expect((await w.anybody.get('/metrics', { authorization: `Bearer ${accessToken}` })).status).to.equal(401)
    expect((await w.anybody.get('/metrics', { authorization: 'Bearer for-the-collector' })).status).to.equal(
      200,
    )
    expect((await w.anybody.get('/livez')).status).to.equal(200)
  })

  it('shows metrics to nobody in production, where there is no token', async () => {
    w = await aWorld({ with: ['api'], env: { NODE_ENV: 'production' } })
    for (const authorization of ['', 'Bearer ', 'Bearer undefined'])
      expect((await w.anybody.get('/metrics', { authorization })).status).to.equal(401)
    expect((await w.anybody.get('/readyz')).status).to.equal(200)
  })

  it('sends headers with every answer that keep browsers careful', async () => {
    w = await aWorld({ with: ['api'], env: { CORS_ORIGINS: 'https://app.example.com' } })
    const { headers } = await w.anybody.get('/auth/me')
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('x-powered-by')).to.equal(null)
    const allowedFor = async (origin: string): Promise<string | null> =>
      (await w?.anybody.get('/auth/me', { origin }))?.headers.get('access-control-allow-origin') ?? null
    expect([
      await allowedFor('https://app.example.com'),
      await allowedFor('https://evil.example.com'),
    ]).to.deep.equal(['https://app.example.com', null])
  })
})
