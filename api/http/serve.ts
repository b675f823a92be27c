// Binds a declared route to Express: who asks, may they, is the input right, run it, answer. In that order.

import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { makeChange, makeReading, makeStatement, type Origin } from '../../shared/kit/change.ts'
import { AppError, forbidden, malformed, unauthorized, type Problem } from '../../shared/kit/errors.ts'
import { writeCursor } from '../../shared/kit/cursor.ts'
import { roleChannel, userChannel } from '../../shared/kit/event.ts'
import type { House } from '../../shared/kit/house.ts'
import type { Answer } from '../../shared/kit/idempotency.ts'
import type { Check } from '../../shared/kit/schema.ts'
import { mustBeKeepable } from '../../shared/kit/text.ts'
import type { KeyHolder } from '../../shared/integrations/schema.ts'
import type { Actor } from '../../shared/users/schema.ts'
import { authenticate, findCallingProgram } from './auth.ts'
import { bodyReader } from './body.ts'
import { sendDownload, sendFlow, type Download, type Flow } from './download.ts'
import { answerOnce } from './idempotency.ts'
import { isKnown, versionOf } from './etag.ts'
import { respell, respellBack } from './key-style.ts'
import { pageHeaders } from './paging.ts'
import { addPairNames } from './pair-names.ts'
import type { Limits } from './rate-limit.ts'
import type { Input, Page, Route } from './route.ts'
import { lingerAfter, receiveUpload, type UploadGate } from './upload.ts'

export function serve(house: House, limits: Limits, uploads: UploadGate, route: Route): RequestHandler {
  const readBody = bodyReader(route.bodyLimit)
  return async (req, res) => {
    const timer = house.metrics.requests.startTimer({ method: route.method, route: route.path })
    res.on('finish', () => timer({ status: res.statusCode }))
    if (route.upload) lingerAfter(req, res)

    const program = route.access === 'api-key' ? await findCallingProgram(house, req) : undefined
    const actor = route.access === 'open' || route.access === 'api-key' ? undefined : await authenticate(house, req).catch(async (error: unknown) => {
      // Whoever may not come in is counted by where they come from.
      await limits.countRequest(req, res)
      throw error
    })
    await limits.countRequest(actor ?? program ?? req, res)
    if (route.access === 'api-key' && !program) throw unauthorized('An API key is missing or not valid (X-API-Key: bh_…)')
    if (actor && Array.isArray(route.access) && !route.access.includes(actor.role)) throw forbidden(`Your role (${actor.role}) may not do this`)

    if (route.check.body && !route.upload) await readBody(req, res)
    const input = inputOf(route, req, actor, program)
    // Before the rows are read: an event that comes in between is told twice rather than not at all.
    if (route.isFollowed && actor) await tellCursor(house, route.isFollowed === 'rooms' ? undefined : actor, res)
    if (route.kind === 'upload') return send(route, res, await runUpload(house, uploads, route, req, input), req)
    if (route.kind === 'change') return send(route, res, await inShare(house, route, input, () => runChange(house, route, req, input)), req)
    if (route.kind === 'stream') return sendFlow(house, await inShare(house, route, input, () => makeChange(house, originOf(req, input), (change) => route.run(change, input))) as Flow, req, res)
    const result = await inShare(house, route, input, () => makeReading(house, (reading) => route.run(reading, input)))
    if (route.kind === 'download') return sendDownload(house, result as Download, req, res)
    send(route, res, answerOf(house, route, req, result), req)
  }
}

/** What is asked about one thing, the path's first parameter names. */
function inShare<T>({ shares }: House, { tag }: Route, { params }: Input<unknown, unknown, unknown>, work: () => Promise<T>): Promise<T> {
  const [thing] = Object.values(params ?? {})
  return shares.hold({ part: tag, thing: thing === undefined ? undefined : String(thing) }, work)
}

/** An answer that was given to this key before is not about these bytes. */
function runUpload(house: House, uploads: UploadGate, route: Route, req: Request, input: Input<unknown, unknown, unknown>): Promise<Answer> {
  return receiveUpload(house, uploads, route, req, input, async (stored) => {
    const answer = await inShare(house, route, stored, () => runChange(house, route, req, stored))
    return { value: answer, isNew: answer.headers['Idempotency-Replayed'] === undefined }
  })
}

/** A Redis that is away must not keep anybody from reading; without a cursor the client fetches again when it follows. */
async function tellCursor({ stream, log }: House, actor: Actor | undefined, res: Response): Promise<void> {
  try {
    res.set('X-Cursor', writeCursor(await stream.positions(actor && [userChannel(actor.id), roleChannel(actor.orgId, actor.role)])))
  } catch (error) {
    log.debug({ err: error }, 'no cursor')
  }
}

/** @param by who is known to ask */
export function originOf(req: Request, by: Partial<Pick<Input<unknown, unknown, unknown>, 'actor' | 'program'>> = {}): Origin {
  return { requestId: req.requestId, ip: req.address, orgId: by.actor?.orgId ?? by.program?.orgId ?? null }
}

async function runChange(house: House, route: Route, req: Request, input: Input<unknown, unknown, unknown>): Promise<Answer> {
  if (route.isOneStatement(input)) return answerOf(house, route, req, await makeStatement(house, originOf(req, input), (change) => route.run(change, input)))
  let result: unknown
  const answer = await makeChange(house, originOf(req, input), (change) => answerOnce(change, route, req, input, async () => {
    result = await route.run(change, input)
    return route.afterCommit ? { status: route.status, headers: {}, body: undefined } : answerOf(house, route, req, result)
  }))
  return route.afterCommit ? answerOf(house, route, req, route.afterCommit(result)) : answer
}

function answerOf(house: House, route: Route, req: Request, result: unknown): Answer {
  const page = route.kind === 'list' ? (result as Page<unknown>) : undefined
  const reply: unknown = page ? page.items : result
  const headers = { ...(page && pageHeaders(req, page)), ...(route.etag && { ETag: route.etag(reply) }), ...(route.location && { Location: req.baseUrl + route.location(reply) }) }
  // What leaves the house is what was declared: a column too many is a fault, found before production.
  const body: unknown = JSON.parse(JSON.stringify(reply))
  if (house.config.NODE_ENV !== 'production') mustMatch(route, body)
  return { status: route.status, headers, body }
}

function mustMatch(route: Route, body: unknown): void {
  try {
    route.check.reply(body, 'reply')
  } catch (error) {
    throw new Error(`${route.method} ${route.path} answers other than declared`, { cause: error })
  }
}

function send(route: Route, res: Response, { status, headers, body }: Answer, req: Request): void {
  const isRead = req.method === 'GET' || req.method === 'HEAD'
  res.set(headers)
  if (isRead && headers['ETag'] && isKnown(headers['ETag'], req)) return void res.status(304).end()
  res.status(status).json(req.keyStyle === 'snake' ? respellBack(addPairNames(route.schemas.reply, body), 'snake') : body)
}

function inputOf(route: Route, req: Request, actor: Actor | undefined, program: KeyHolder | undefined): Input<unknown, unknown, unknown> {
  const problems: Problem[] = []
  const check = (by: Check<unknown> | undefined, value: unknown, at: string): unknown => {
    try {
      return by?.(value, at)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.push(...(error.errors ?? []))
      return undefined
    }
  }
  const params = check(route.check.params, { ...req.params }, '/params')
  mustBeKeepable(req.query, '/query')
  const query = check(route.check.query, queryOf(req), '/query')
  const body = route.upload ? undefined : check(route.check.body, respell(req.body ?? {}, req.keyStyle), '/body')
  const ifMatch = versionOf(req.get('if-match'), problems)
  if (problems.length > 0) throw malformed(problems)
  // A handler looks only at whom its route's access asks for.
  return { params, query, body, actor: actor as Actor, program: program as KeyHolder, ifMatch, userAgent: req.get('user-agent'), idempotencyKey: req.get('idempotency-key') }
}

/** `keys` chooses the spelling of the answer (key-style.ts) and is no business of the route. */
function queryOf(req: Request): unknown {
  const { keys: _, ...query } = req.query
  return respell(query, 'snake')
}

export function newRequestId(given: string | undefined): string {
  return given && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}
