// Traces, as a collector hears them: a real HTTP server that takes OTLP.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { startApi, type Api } from '../../api/server.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openTracing } from '../../shared/kit/process/open-tracing.ts'
import { NO_TRACING } from '../../shared/kit/process/tracing.ts'
import { openWorkers, type Workers } from '../../workers/workers.ts'
import { caller } from '../support/client.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { TRIP } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

interface SpanHeard {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  service: string
  attributes: Record<string, unknown>
}

/** Of all that was sent to it. */
function spansOf(collector: HttpPeer): SpanHeard[] {
  return collector.heard.flatMap(({ body }) =>
    JSON.parse(body.toString()).resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
      scopeSpans.flatMap(({ spans }: any) =>
        spans.map(({ attributes, ...span }: any) => ({
          ...span,
          service: wordsOf(resource.attributes)['service.name'],
          attributes: wordsOf(attributes),
        })),
      ),
    ),
  )
}
const wordsOf = (attributes: any[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

describe('traces', () => {
  let w: World
  let [collector, receiver]: HttpPeer[] = []
  let runtimes: Runtime[]
  let api: Api
  let workers: Workers
  beforeEach(async () => {
    w = await aWorld({ with: [], env: { OUTGOING_ALLOWED: '127.0.0.1' } })
    collector = await anHttpPeer()
    receiver = await anHttpPeer()
    const config = { ...w.runtime.config, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const opened = async (service: string): Promise<Runtime> =>
      openRuntime(config, w.clock, w.runtime.log, undefined, await openTracing(config, service))
    const [forApi, forWorkers] = [await opened('api'), await opened('workers')]
    runtimes = [forApi, forWorkers]
    api = await startApi(forApi)
    workers = await openWorkers(forWorkers, () => undefined)
  })
  afterEach(async () => {
    await w.end()
    await collector?.close()
    await receiver?.close()
  })
  const heard = async (): Promise<SpanHeard[]> => {
    await api.close()
    await workers.close()
    await Promise.all(runtimes.map((each) => each.close()))
    return spansOf(collector as HttpPeer)
  }
  const signIn = async () => {
    const anybody = caller(`http://127.0.0.1:${api.port}/api/v1`)
    const { body } = await anybody.post('/auth/login', {
      email: 'employee@demo.test',
      password: DEMO_PASSWORD,
    })
    return body.accessToken as string
  }

  it('hold a request, its statements, the jobs that it causes and what these ask of others, in one trace', async () => {
    const token = await signIn()
    const url = `http://127.0.0.1:${api.port}/api/v1`
    const admin = (
      await caller(url).post('/auth/login', { email: 'admin@demo.test', password: DEMO_PASSWORD })
    ).body.accessToken
    const made = await caller(url, admin).post('/webhooks', {
      url: receiver?.url,
      events: ['booking.created'],
    })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const requestId = randomUUID()
    const booked = await caller(url, token).post('/bookings', TRIP, { 'x-request-id': requestId })
    expect(booked.status).to.equal(201)
    await until('the receiver hears of it', async () => receiver?.heard.length === 1)
    const spans = (await heard()).filter(({ traceId }) => traceId === requestId.replaceAll('-', ''))
    const request = spans.find(({ name }) => name === 'POST /bookings')
    expect(request?.service).to.equal('bellhop-api')
    expect(Number(request?.attributes['http.response.status_code'])).to.equal(201)
    const job = spans.find(({ name }) => name === 'approvals.route')
    expect([job?.service, job?.parentSpanId]).to.deep.equal(['bellhop-workers', request?.spanId])
    for (const around of [request, job]) {
      const statements = spans.filter(
        ({ parentSpanId, attributes }) =>
          parentSpanId === around?.spanId && attributes['db.system.name'] === 'postgresql',
      )
      expect(statements.length).to.be.above(0)
    }
    expect(JSON.stringify(spans)).not.to.include(TRIP.purpose)
    const [sent] = receiver?.heard ?? []
    const asked = spans.find(({ attributes }) => attributes['server.address'] === '127.0.0.1')
    expect(sent?.headers['traceparent']).to.equal(`00-${asked?.traceId}-${asked?.spanId}-01`)
  })

  it('go on from that of whoever asks', async () => {
    const token = await signIn()
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
    const url = `http://127.0.0.1:${api.port}/api/v1`
    await caller(url, token).post('/bookings', TRIP, { traceparent: `00-${traceId}-${spanId}-01` })
    await until(
      'it is routed',
      async () => (await w.runtime.db('jobs').where({ name: 'approvals.route' })).length === 0,
    )
    const spans = (await heard()).filter((each) => each.traceId === traceId)
    expect(spans.find(({ name }) => name === 'POST /bookings')?.parentSpanId).to.equal(spanId)
    expect(spans.map(({ name }) => name)).to.include('approvals.route')
  })

  it('are off, and nothing of them is loaded, unless somebody says where they go', async () => {
    const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined }, 'api')
    expect(tracing).to.equal(NO_TRACING)
    expect(tracing.headers()).to.deep.equal({})
    await heard()
  })
})
