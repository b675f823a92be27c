// Traces: what a request, its statements, the jobs that it causes and what these ask of other servers took. Off unless
// OTEL_EXPORTER_OTLP_ENDPOINT is set; then nothing of it is loaded, and each call is the work alone.

import type { Db } from '../store/db.ts'

export interface SpanWords {
  name: string
  kind: 'server' | 'consumer' | 'client'
  /** Whose trace it belongs to; that of the span around it unless given. */
  requestId?: string | undefined
  /** Another's span, as the header traceparent names it. */
  parent?: string | undefined
  attributes?: Readonly<Record<string, string | number>>
}

export interface OpenSpan {
  /** What is known only at its end. */
  describe(name: string, attributes: Readonly<Record<string, string | number>>): void
}

export interface Tracing {
  readonly isOn: boolean
  /** Carries the work out as a span. */
  follow<T>(words: SpanWords, work: (span: OpenSpan) => Promise<T>): Promise<T>
  /** For what is asked of another server within a span. */
  headers(): Readonly<Record<string, string>>
  /** Makes a span of each statement that is asked within another. */
  watchStatements(db: Db): void
  close(): Promise<void>
}

const UNSEEN: OpenSpan = { describe: () => undefined }

export const NO_TRACING: Tracing = {
  isOn: false,
  follow: (_words, work) => work(UNSEEN),
  headers: () => ({}),
  watchStatements: () => undefined,
  close: async () => undefined,
}

/** Of what another server sent. @returns undefined for what is no traceparent */
export function readTraceparent(header: string | undefined): { traceId: string; spanId: string } | undefined {
  const [, traceId, spanId] =
    /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}$/.exec(header ?? '') ?? []
  return traceId && spanId ? { traceId, spanId } : undefined
}
