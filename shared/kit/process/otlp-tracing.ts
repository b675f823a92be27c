// Traces for a collector, by OTLP over HTTP. The only importer of OpenTelemetry, and only by import(): where traces are off it costs
// neither time nor memory.
// A trace is a request and all that it causes. Its id is made of the request's, which jobs carry along anyway: so they find
// their trace without anything more being stored.

import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, randomBytes } from 'node:crypto'
import type * as Api from '@opentelemetry/api'
import type { Context, Span, Tracer } from '@opentelemetry/api'
import type { Db } from '../store/db.ts'
import { readTraceparent, type OpenSpan, type SpanWords, type Tracing } from './tracing.ts'
import { VERSION } from './version.ts'

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The UUID that it is mostly, or a trace id of another server, as it is. */
function traceIdOf(requestId: string): string {
  const digits = requestId.replaceAll('-', '').toLowerCase()
  return /^(?!0{32})[\da-f]{32}$/.test(digits) ? digits : digestOf(requestId).slice(0, 32)
}

/** Of the request itself, below which stands all that it causes. */
const requestSpanIdOf = (requestId: string): string => digestOf(`span ${requestId}`).slice(0, 16)

/** Says which ids the span gets that is made in this turn; others are random. */
class ChosenIds {
  next: { traceId: string; spanId: string } | undefined

  generateTraceId = (): string => this.next?.traceId ?? randomBytes(16).toString('hex')
  generateSpanId = (): string => this.next?.spanId ?? randomBytes(8).toString('hex')
}

export async function openOtlpTracing(endpoint: string, service: string): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const ids = new ChosenIds()
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `bellhop-${service}`, 'service.version': VERSION }),
    idGenerator: ids,
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer('bellhop', VERSION)
  return new OtlpTracing(api, tracer, ids, () => provider.shutdown().catch(() => undefined))
}

class OtlpTracing implements Tracing {
  readonly isOn = true
  readonly #api: typeof Api
  readonly #tracer: Tracer
  readonly #ids: ChosenIds
  readonly #open = new AsyncLocalStorage<Context>()
  readonly close: () => Promise<void>

  constructor(api: typeof Api, tracer: Tracer, ids: ChosenIds, close: () => Promise<void>) {
    this.#api = api
    this.#tracer = tracer
    this.#ids = ids
    this.close = close
  }

  async follow<T>(words: SpanWords, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    const { name, kind, requestId, attributes = {} } = words
    const { SpanKind, trace } = this.#api
    const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT }
    const around = this.#contextOf(words)
    this.#ids.next =
      kind === 'server' && requestId !== undefined
        ? { traceId: traceIdOf(requestId), spanId: requestSpanIdOf(requestId) }
        : undefined
    const span = this.#tracer.startSpan(name, { kind: kinds[kind], attributes }, around)
    this.#ids.next = undefined
    try {
      return await this.#open.run(trace.setSpan(around, span), () =>
        work({ describe: (known, more) => void span.updateName(known).setAttributes(more) }),
      )
    } catch (error) {
      this.#fail(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  /** Below which span it stands. */
  #contextOf({ kind, requestId, parent }: SpanWords): Context {
    if (kind === 'consumer' && requestId !== undefined)
      return this.#below(traceIdOf(requestId), requestSpanIdOf(requestId))
    const other = readTraceparent(parent)
    if (other) return this.#below(other.traceId, other.spanId)
    return this.#open.getStore() ?? this.#api.ROOT_CONTEXT
  }

  #below(traceId: string, spanId: string): Context {
    const { trace, ROOT_CONTEXT, TraceFlags } = this.#api
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    })
  }

  #fail(span: Span, error: unknown): void {
    span.recordException(error instanceof Error ? error : String(error))
    span.setStatus({ code: this.#api.SpanStatusCode.ERROR })
  }

  headers(): Record<string, string> {
    const around = this.#open.getStore()
    const here = around && this.#api.trace.getSpanContext(around)
    if (!here) return {}
    return { traceparent: `00-${here.traceId}-${here.spanId}-0${here.traceFlags}` }
  }

  watchStatements(db: Db): void {
    watchStatements(db, (sql) => {
      const around = this.#open.getStore()
      if (!around) return undefined
      const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql }
      const name = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? 'statement'
      const span = this.#tracer.startSpan(name, { kind: this.#api.SpanKind.CLIENT, attributes }, around)
      return (error) => {
        if (error !== undefined) this.#fail(span, error)
        span.end()
      }
    })
  }
}

interface Statement {
  __knexQueryUid: string
  sql: string
}

/** @param begin what ends it; undefined: nobody watches this one */
function watchStatements(db: Db, begin: (sql: string) => ((error?: unknown) => void) | undefined): void {
  const under = new Map<string, (error?: unknown) => void>()
  const end = (id: string, error?: unknown): void => {
    under.get(id)?.(error)
    under.delete(id)
  }
  db.on('query', ({ __knexQueryUid: id, sql }: Statement) => {
    const finish = begin(sql)
    if (finish) under.set(id, finish)
  })
  db.on('query-response', (_answer: unknown, { __knexQueryUid: id }: Statement) => end(id))
  db.on('query-error', (error: unknown, { __knexQueryUid: id }: Statement) => end(id, error))
}
