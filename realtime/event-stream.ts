// GET /events/stream: the log as server-sent events, for clients without sockets. A visit like a socket's, without commands.
// Promise: a reader that brings its Last-Event-ID is told everything after it, in order, or `refetch`. Whoever has no right
// is told so by a status, which ends an EventSource's attempts; whoever only has to wait, by a stream that ends at once,
// as any other answer would end them too.

import { problemOf, unauthorized, unavailable, type ProblemObject } from '../shared/kit/errors.ts'
import { readCursor } from '../shared/kit/cursor.ts'
import type { Page } from '../shared/kit/health.ts'
import type { Positions } from '../shared/kit/stream.ts'
import { proofIn, type Proof } from './admission.ts'
import { refusal } from './commands.ts'
import type { Door } from './door.ts'
import { problemPage } from './problem-page.ts'
import { CLOSE, type Closing } from './socket/close-codes.ts'
import { mustComeFromOurPages, type StreamHandshake } from './socket/handshake.ts'
import { pingWheel, type PingWheel } from './socket/ping-wheel.ts'
import type { OpenStreams, Outlet } from './socket/response.ts'
import { closingMessage } from './socket/sse-wording.ts'
import { EventStream } from './socket/sse.ts'
import { beginVisit } from './visit.ts'

/** The API's port has it under the same base paths as its routes. */
const PATHS = ['/events/stream', '/api/events/stream', '/api/v1/events/stream'] as const

export function openEventStreams(door: Door): OpenStreams & { stop(): void } {
  const wheel = pingWheel<EventStream>((stream) => stream.beat())
  return {
    paths: PATHS,
    open(asked, outlet) {
      const cors = corsHeaders(asked.origin, door.house.config.CORS_ORIGINS)
      try {
        return open(door, asked, proofOf(door, asked), outlet, cors, wheel)
      } catch (error) {
        return refusalPage(refusal(door, error), cors)
      }
    },
    preflight: ({ origin }) => withCors({ status: 204, headers: PREFLIGHT, body: '' }, corsHeaders(origin, door.house.config.CORS_ORIGINS)),
    stop: () => wheel.stop(),
  }
}

/** @throws AppError */
function proofOf(door: Door, asked: StreamHandshake): Proof {
  if (door.isClosing) throw unavailable('This node is going away')
  mustComeFromOurPages(asked, door.house.config.CORS_ORIGINS)
  const proof = proofIn(door.house, asked)
  if (!proof) throw unauthorized('Authorization: Bearer is missing, or ?ticket=')
  return proof
}

function open(door: Door, asked: StreamHandshake, proof: Proof, outlet: Outlet, cors: Page['headers'], wheel: PingWheel<EventStream>): EventStream {
  const from = positionsIn(asked)
  const stream = new EventStream(outlet, door.topics, {
    address: asked.address,
    partitionOf: door.house.stream.partitionOf,
    headers: { ...STREAM, ...cors },
    from,
    refusal: (why) => (why.code >= 4400 ? refusalPage(problemOf(unauthorized(why.about)), cors) : endedStream(why, cors)),
    over: () => wheel.delete(stream),
  })
  door.entrance.admit(asked.address, door.hub.peers.size)
  wheel.add(stream)
  stream.receiver = beginVisit(door, stream, proof, from)
  return stream
}

/** Of a word that is no cursor nothing is known: whoever brings it is told to fetch. */
function positionsIn({ lastEventId }: StreamHandshake): Positions | undefined {
  return lastEventId === '' ? undefined : readCursor(lastEventId) ?? { cursor: {}, epochs: {} }
}

/** X-Accel-Buffering: proxies that collect answers must not collect this one. */
const STREAM = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET',
  'Access-Control-Allow-Headers': 'Authorization, Last-Event-ID',
  'Access-Control-Max-Age': '600',
}

function corsHeaders(origin: string, allowed: readonly string[]): Page['headers'] {
  return { Vary: 'Origin', ...(allowed.includes(origin) && { 'Access-Control-Allow-Origin': origin }) }
}

function withCors(page: Page, cors: Page['headers']): Page {
  return { ...page, headers: { ...page.headers, ...cors } }
}

function refusalPage(problem: ProblemObject, cors: Page['headers']): Page {
  return problem.status < 500 ? withCors(problemPage(problem), cors) : endedStream(CLOSE.unavailable, cors)
}

function endedStream(why: Closing, cors: Page['headers']): Page {
  return { status: 200, headers: { ...STREAM, ...cors }, body: closingMessage(why) }
}
