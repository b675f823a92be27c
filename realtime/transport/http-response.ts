// HTTP beside the sockets: pages, and responses that stay open. Knows of a library's response what it uses, no more.
// Promise: a response that is gone is not touched, which would end the process.

import { STATUS_CODES } from 'node:http'
import type { HttpAnswer } from '../../shared/kit/process/health.ts'
import type { StreamHandshake } from './handshake.ts'

/**
 * As uWebSockets.js has it; node-http.ts makes the same of Node's. Written to within `cork`, so that what belongs together
 * leaves in one packet.
 */
export interface RawResponse {
  cork(write: () => void): unknown
  writeStatus(status: string): unknown
  writeHeader(name: string, value: string): unknown
  /** @returns false when the network did not take all that was written so far */
  write(text: string): boolean
  end(text: string): unknown
  onAborted(told: () => void): unknown
  onWritable(told: () => boolean): unknown
}

/** A response that stays open, as a stream writes to it. Everything may be called at any time. */
export interface StreamWriter {
  begin(headers: HttpAnswer['headers']): void
  /** @returns false when the network did not take all of it; `Spout.drained` says when it has, and until then nothing is written */
  write(text: string): boolean
  /** With what is left to say. */
  end(text: string): void
  /** Instead of beginning. */
  refuse(page: HttpAnswer): void
}

/** Who is told what becomes of an outlet. */
export interface StreamListener {
  drained(): void
  /** The client left. Not told after `end`. */
  gone(): void
}

/** The paths of streams and what happens there. */
export interface OpenStreams {
  readonly paths: readonly string[]
  /** @returns who is told what becomes of the outlet, or what to answer instead */
  open(asked: StreamHandshake, outlet: StreamWriter): StreamListener | HttpAnswer
  /** What pages of other origins ask first. */
  preflight(asked: Pick<StreamHandshake, 'origin'>): HttpAnswer
}

/** After an abort `res` must not be touched, and after the first await the library's request is gone. */
export async function sendPage(res: RawResponse, page: Promise<HttpAnswer>): Promise<void> {
  let isGone = false
  res.onAborted(() => {
    isGone = true
  })
  const ready = await page.catch((): HttpAnswer => ({ status: 500, headers: {}, body: '' }))
  if (!isGone) res.cork(() => writeResponse(res, ready))
}

export function writeResponse(res: RawResponse, { status, headers, body }: HttpAnswer): void {
  writeHead(res, status, headers)
  res.end(body)
}

/** @param open gets an outlet and says who listens to it, or answers with a page instead */
export function openStreamResponse(
  res: RawResponse,
  open: (outlet: StreamWriter) => StreamListener | HttpAnswer,
): void {
  let [hasBegun, isOver] = [false, false]
  const begin = (headers: HttpAnswer['headers']): void => {
    hasBegun = true
    res.cork(() => writeHead(res, 200, headers))
  }
  const finish = (last: () => void): void => {
    if (isOver) return
    isOver = true
    res.cork(last)
  }
  const outlet: StreamWriter = {
    begin: (headers) => void (isOver || begin(headers)),
    write: (text) => isOver || writeCorked(res, text),
    end: (text) => finish(() => res.end(text)),
    refuse: (page) => finish(() => writeResponse(res, page)),
  }
  const spout = open(outlet)
  if ('status' in spout) return outlet.refuse(spout)
  res.onAborted(() => {
    if (!isOver) spout.gone()
    isOver = true
  })
  res.onWritable(() => {
    // The library takes from its own buffer only when something is written. An empty line means nothing in a stream of events.
    if (hasBegun && !isOver && writeCorked(res, '\n')) spout.drained()
    return true
  })
}

function writeCorked(res: RawResponse, text: string): boolean {
  let isTaken = false
  res.cork(() => {
    isTaken = res.write(text)
  })
  return isTaken
}

function writeHead(res: RawResponse, status: number, headers: HttpAnswer['headers']): void {
  res.writeStatus(`${status} ${STATUS_CODES[status] ?? ''}`)
  for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value)
}
