// How each kind of route is run and answered.

import type { Request, Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import {
  makeChange,
  makeChanges,
  makeReading,
  makeStatement,
  makeStatements,
  readingOf,
  type Change,
} from '../../shared/kit/store/change.ts'
import { DATABASE_LIMITS } from '../../shared/kit/store/db.ts'
import { Gathering, HeldBack } from '../../shared/kit/store/gathering.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { StoredAnswer } from '../../shared/kit/store/idempotency.ts'
import { sendDownload, sendStreamed, type Download, type StreamedDownload } from './download.ts'
import { isKnown } from './etag.ts'
import { answerOnce } from './idempotency.ts'
import { respellKeysBack } from './key-style.ts'
import { originOf } from './origin.ts'
import { pageHeaders } from './paging.ts'
import { addPairNames } from './pair-names.ts'
import type { AnyInput, ListPage, Route } from './route.ts'
import { receiveUpload, type UploadGate } from './upload.ts'

interface Serving {
  runtime: Runtime
  uploads: UploadGate
  together: Together
  route: Route
  req: Request
  res: Response
}

/** A write, as it was asked. */
type Asked = readonly [Serving, AnyInput]
/** Undefined: it has to be done alone. */
export type Together = Gathering<Asked, StoredAnswer | undefined>

type Answering = (serving: Serving, input: AnyInput) => Promise<void>

export const ANSWER: Readonly<Record<Route['kind'], Answering>> = {
  read: async (serving, input) => send(serving, answerOf(serving, await readInShare(serving, input))),
  list: async (serving, input) =>
    send(serving, answerOfList(serving, (await readInShare(serving, input)) as ListPage<unknown>)),
  write: async (serving, input) => send(serving, await runWrite(serving, input)),
  upload: async (serving, input) => send(serving, await runUpload(serving, input)),
  download: async (serving, input) =>
    sendDownload(serving.runtime, (await readInShare(serving, input)) as Download, serving.req, serving.res),
  stream: async (serving, input) =>
    sendStreamed(serving.runtime, await beginFlow(serving, input), serving.req, serving.res),
}

/** What is asked about one thing, the path's first parameter names. */
function inShare<T>({ runtime, route }: Serving, { params }: AnyInput, work: () => Promise<T>): Promise<T> {
  const [thing] = Object.values(params ?? {})
  return runtime.shares.hold(
    { part: route.tag, thing: thing === undefined ? undefined : String(thing) },
    work,
  )
}

function readInShare(serving: Serving, input: AnyInput): Promise<unknown> {
  return inShare(serving, input, () =>
    makeReading(serving.runtime, (reading) => serving.route.run(reading, input)),
  )
}

async function beginFlow(serving: Serving, input: AnyInput): Promise<StreamedDownload> {
  const { runtime, route, req } = serving
  return (await inShare(serving, input, () =>
    makeChange(runtime, originOf(req, input.caller), (change) => route.run(change, input)),
  )) as StreamedDownload
}

/** An answer that was given to this key before is not about these bytes. */
function runUpload(serving: Serving, input: AnyInput): Promise<StoredAnswer> {
  return receiveUpload(serving, input, async (stored) => {
    const answer = await inShare(serving, stored, () => runChange(serving, stored))
    return { value: answer, isNew: answer.headers['Idempotency-Replayed'] === undefined }
  })
}

async function runWrite(serving: Serving, input: AnyInput): Promise<StoredAnswer> {
  const { runtime, route, together } = serving
  await route.atOnce?.count(readingOf(runtime), input)
  const line = input.caller && route.gatheredBy(input)
  const answer =
    line !== undefined &&
    (await together.join(`${route.path} ${input.caller?.orgId} ${line}`, [serving, input]))
  return answer || inShare(serving, input, () => runChange(serving, input))
}

/** Whether anything was done is not known where a server went away: nothing is done again. */
export function gatherWrites(runtime: Runtime): Together {
  return new Gathering<Asked, StoredAnswer | undefined>(
    (asked, waited) => {
      const { atOnce } = asked[0]?.[0].route ?? {}
      return atOnce ? runAtOnce(runtime, asked, atOnce, waited) : runTogether(runtime, asked, waited)
    },
    (error) => !(error instanceof AppError) || error.status < 500,
  )
}

/**
 * With one connection, whatever they are about: nothing that is held for one of them holds the others. Who stood in line for long waits
 * for less, and for that it is a transaction.
 */
async function runAtOnce(
  runtime: Runtime,
  asked: readonly Asked[],
  { run }: NonNullable<Route['atOnce']>,
  waited: number,
): Promise<(StoredAnswer | undefined)[]> {
  const part = asked[0]?.[0].route.tag ?? ''
  const make = waited < LITTLE_WAIT ? makeStatements : makeChanges
  const results = await runtime.shares.hold({ part }, () =>
    make(runtime, async (begin) => {
      const begun = asked.map(([{ req }, input]) => ({ change: begin(originOf(req, input.caller)), input }))
      await waitForTheRest(begun[0]?.change, waited)
      return run(begun)
    }),
  )
  return asked.map(([serving], at) =>
    results[at] === undefined ? undefined : answerOf(serving, results[at]),
  )
}

async function runTogether(
  runtime: Runtime,
  asked: readonly Asked[],
  waited: number,
): Promise<StoredAnswer[]> {
  const [first] = asked
  if (!first) return []
  return inShare(...first, () =>
    makeChanges(runtime, async (begin) => {
      const begun = asked.map(([serving, input]) => ({
        change: begin(originOf(serving.req, input.caller)),
        serving,
        input,
      }))
      await waitForTheRest(begun[0]?.change, waited)
      // None goes on when the transaction is over.
      const ends = await Promise.allSettled(
        begun.map(({ change, serving, input }) => answerWithin(change, serving, input)),
      )
      return valuesOf(ends)
    }),
  )
}

/** Whoever waits behind somebody who waits for a lock has waited for it as well. */
const LITTLE_WAIT = 500

/** Nobody waits for locks longer than anybody does, counted from when they came; yet a little, that others can finish. */
async function waitForTheRest(change: Change | undefined, waited: number): Promise<void> {
  if (!change || waited < LITTLE_WAIT) return
  const rest = Math.max(LITTLE_WAIT, Math.ceil(DATABASE_LIMITS.requests.lock - waited))
  await change.db.raw(`set local lock_timeout = ${rest}`)
}

/** After one has waited for too long the others fail of that: it is the one to tell. */
function valuesOf(ends: readonly PromiseSettledResult<StoredAnswer>[]): StoredAnswer[] {
  for (const [at, end] of ends.entries())
    if (end.status === 'rejected' && outageOf(end.reason) === 'busy') throw new HeldBack(at, end.reason)
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}

function answerWithin(change: Change, serving: Serving, input: AnyInput): Promise<StoredAnswer> {
  const { route, req } = serving
  return answerOnce(change, route, req, input, async () => answerOf(serving, await route.run(change, input)))
}

async function runChange(serving: Serving, input: AnyInput): Promise<StoredAnswer> {
  const { runtime, route, req } = serving
  const origin = originOf(req, input.caller)
  if (route.isOneStatement(input))
    return answerOf(serving, await makeStatement(runtime, origin, (change) => route.run(change, input)))
  let result: unknown
  const answer = await makeChange(runtime, origin, (change) =>
    answerOnce(change, route, req, input, async () => {
      result = await route.run(change, input)
      return route.afterCommit
        ? { status: route.status, headers: {}, body: undefined }
        : answerOf(serving, result)
    }),
  )
  return route.afterCommit ? answerOf(serving, route.afterCommit(result)) : answer
}

function answerOfList(serving: Serving, page: ListPage<unknown>): StoredAnswer {
  const answer = answerOf(serving, page.items)
  return { ...answer, headers: { ...pageHeaders(serving.req, page), ...answer.headers } }
}

function answerOf({ runtime, route, req }: Serving, reply: unknown): StoredAnswer {
  const headers = {
    ...(route.etag && { ETag: route.etag(reply) }),
    ...(route.location && { Location: req.baseUrl + route.location(reply) }),
  }
  // What is answered is what was declared: a column too many is a fault, found before production.
  const body: unknown = JSON.parse(JSON.stringify(reply))
  if (runtime.config.NODE_ENV !== 'production') mustMatch(route, body)
  return { status: route.status, headers, body }
}

function mustMatch(route: Route, body: unknown): void {
  try {
    route.check.reply(body, 'reply')
  } catch (error) {
    throw new Error(`${route.method} ${route.path} answers other than declared`, { cause: error })
  }
}

function send({ route, req, res }: Serving, { status, headers, body }: StoredAnswer): void {
  const isRead = req.method === 'GET' || req.method === 'HEAD'
  res.set(headers)
  if (isRead && headers['ETag'] && isKnown(headers['ETag'], req)) return void res.status(304).end()
  res
    .status(status)
    .json(req.keyStyle === 'snake' ? respellKeysBack(addPairNames(route.schemas.reply, body), 'snake') : body)
}
