// GET /events/stream: the log as server-sent events, for clients without sockets. A visit like a socket's, without commands.
// Promise: a reader that brings its Last-Event-ID is told everything after it, in order, or `refetch`. Whoever has no right
// is told so by a status, which ends an EventSource's attempts; whoever only has to wait, by a stream that ends at once,
// as any other answer would end them too.

import { problemOf, unauthorized, unavailable, type ProblemObject } from '../shared/kit/declare/errors.ts'
import { readCursor, type Positions } from '../shared/kit/store/cursor.ts'
import type { HttpAnswer } from '../shared/kit/process/health.ts'
import { tokenSourceIn, type TokenSource } from './session/authenticate.ts'
import { problemReply } from './session/commands.ts'
import type { RealtimeContext } from './session/context.ts'
import { problemPage } from './transport/problem-response.ts'
import { CLOSE, type CloseCode } from './transport/close-codes.ts'
import { mustComeFromOurPages, type StreamHandshake } from './transport/handshake.ts'
import { pingWheel, type PingWheel } from './transport/ping-wheel.ts'
import type { OpenStreams, StreamWriter } from './transport/http-response.ts'
import { closingMessage } from './transport/sse-format.ts'
import { EventStream } from './transport/sse.ts'
import { openSession } from './session/client-session.ts'

/** The API's port has it under the same base paths as its routes. */
const PATHS = ['/events/stream', '/api/events/stream', '/api/v1/events/stream'] as const

export function openEventStreams(context: RealtimeContext): OpenStreams & { stop(): void } {
  const wheel = pingWheel<EventStream>((stream) => stream.beat())
  return {
    paths: PATHS,
    open(asked, outlet) {
      const cors = corsHeaders(asked.origin, context.runtime.config.CORS_ORIGINS)
      try {
        return open(context, asked, proofOf(context, asked), outlet, cors, wheel)
      } catch (error) {
        return refusalPage(problemReply(context, error), cors)
      }
    },
    preflight: ({ origin }) =>
      withCors(
        { status: 204, headers: PREFLIGHT, body: '' },
        corsHeaders(origin, context.runtime.config.CORS_ORIGINS),
      ),
    stop: () => wheel.stop(),
  }
}

/** @throws AppError */
function proofOf(context: RealtimeContext, asked: StreamHandshake): TokenSource {
  if (context.isClosing) throw unavailable('This node is going away')
  mustComeFromOurPages(asked, context.runtime.config.CORS_ORIGINS)
  const proof = tokenSourceIn(context, asked)
  if (!proof) throw unauthorized('Authorization: Bearer is missing, or ?ticket=')
  return proof
}

function open(
  context: RealtimeContext,
  asked: StreamHandshake,
  proof: TokenSource,
  outlet: StreamWriter,
  cors: HttpAnswer['headers'],
  wheel: PingWheel<EventStream>,
): EventStream {
  const from = positionsIn(asked)
  const stream = new EventStream(outlet, context.topics, {
    address: asked.address,
    partitionOf: context.runtime.stream.partitionOf,
    headers: { ...STREAM, ...cors },
    from,
    refusal: (why) =>
      why.code >= 4400 ? refusalPage(problemOf(unauthorized(why.about)), cors) : endedStream(why, cors),
    over: () => wheel.delete(stream),
  })
  context.connectionLimits.admit(asked.address, context.hub.peers.size)
  wheel.add(stream)
  stream.receiver = openSession(context, stream, proof, from)
  return stream
}

/** Of a word that is no cursor nothing is known: whoever brings it is told to fetch. */
function positionsIn({ lastEventId }: StreamHandshake): Positions | undefined {
  return lastEventId === '' ? undefined : (readCursor(lastEventId) ?? { cursor: {}, epochs: {} })
}

/** X-Accel-Buffering: proxies that collect answers must not collect this one. */
const STREAM = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET',
  'Access-Control-Allow-Headers': 'Authorization, Last-Event-ID',
  'Access-Control-Max-Age': '600',
}

function corsHeaders(origin: string, allowed: readonly string[]): HttpAnswer['headers'] {
  return { Vary: 'Origin', ...(allowed.includes(origin) && { 'Access-Control-Allow-Origin': origin }) }
}

function withCors(page: HttpAnswer, cors: HttpAnswer['headers']): HttpAnswer {
  return { ...page, headers: { ...page.headers, ...cors } }
}

function refusalPage(problem: ProblemObject, cors: HttpAnswer['headers']): HttpAnswer {
  return problem.status < 500 ? withCors(problemPage(problem), cors) : endedStream(CLOSE.unavailable, cors)
}

function endedStream(why: CloseCode, cors: HttpAnswer['headers']): HttpAnswer {
  return { status: 200, headers: { ...STREAM, ...cors }, body: closingMessage(why) }
}
