// Binds a declared route to Express: who asks, may they, is the input right, run it, answer. In that order.

import type { Request, RequestHandler, Response } from 'express'
import { writeCursor } from '../../shared/kit/store/cursor.ts'
import { forbidden, unauthorized } from '../../shared/kit/declare/errors.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import type { IssuerTokens } from '../../shared/issuers/issuer-tokens.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { personIdOf, type Actor } from '../../shared/organisations/roles.ts'
import { mustAllow } from '../../shared/integrations/scopes.ts'
import { ANSWER, type Together } from './answers.ts'
import { authenticateRequest, keyOf } from './auth.ts'
import { bodyReader } from './body.ts'
import { readInput } from './input.ts'
import { findSpeaker, mustHaveScope, type KnownKeys } from './known-keys.ts'
import type { KnownSessions } from './known-sessions.ts'
import type { RequestLimits } from './rate-limit.ts'
import { isPerson, type Caller, type Route } from './route.ts'
import { lingerAfter, type UploadGate } from './upload.ts'

/** What all routes share. */
interface Door {
  runtime: Runtime
  limits: RequestLimits
  uploads: UploadGate
  together: Together
  sessions: KnownSessions
  keys: KnownKeys
  issuerTokens: IssuerTokens
}

export function serveRoute(door: Door, route: Route): RequestHandler {
  const { runtime, uploads, together } = door
  const readBody = bodyReader(route.bodyLimit, route.takesText)
  return async (req, res) => {
    const timer = runtime.metrics.requests.startTimer({ method: route.method, route: route.path })
    res.on('finish', () => timer({ status: res.statusCode }))
    if (route.upload) lingerAfter(req, res)
    const caller = await admit(door, route, req, res)
    if (route.check.body && !route.upload) await readBody(req, res)
    const input = readInput(route, req, caller)
    // Before the rows are read: an event that comes in between is told twice rather than not at all.
    if (route.isFollowed && isPerson(caller) && personIdOf(caller))
      await tellCursor(runtime, route.isFollowed === 'rooms' ? undefined : caller, res)
    await ANSWER[route.kind]({ runtime, uploads, together, route, req, res }, input)
    if (changesPeople(route) && caller) door.sessions.forgetOrganisation(caller.orgId)
    if (route.tag === 'api-keys' && caller) door.keys.forgetOrganisation(caller.orgId)
  }
}

/** Names and languages: their new ones hold from the next request on. */
function changesPeople({ method, tag, path }: Route): boolean {
  return method !== 'get' && (tag === 'users' || tag === 'organisation' || path === '/auth/me')
}

/** Who asks, counted, and whether they may. @throws AppError 400, 401, 403 or 429 */
async function admit(door: Door, route: Route, req: Request, res: Response): Promise<Caller> {
  const { limits } = door
  const caller = await findCaller(door, route, req).catch(async (error: unknown) => {
    // Whoever may not come in is counted by where they come from.
    await limits.countRequest(req, res)
    throw error
  })
  if (caller) req.askedBy = idsOf(caller)
  // A program is one caller, for whomever it acts.
  await limits.countRequest(isPerson(caller) && caller.keyId ? { id: caller.keyId } : (caller ?? req), res)
  if (isPerson(caller) && !isAboutItself(route)) mustAllow(caller, route.scope)
  if (
    isPerson(caller) &&
    personIdOf(caller) &&
    Array.isArray(route.access) &&
    !route.access.includes(caller.role)
  )
    throw forbidden(`Your role (${caller.role}) may not do this`)
  return caller
}

function idsOf(caller: NonNullable<Caller>): NonNullable<Request['askedBy']> {
  const { orgId } = caller
  return isPerson(caller)
    ? { userId: personIdOf(caller), orgId, keyId: caller.keyId }
    : { userId: undefined, orgId, keyId: caller.id }
}

async function findCaller(door: Door, route: Route, req: Request): Promise<Caller> {
  const { runtime, keys } = door
  if (route.access === 'open') return undefined
  const key = keyOf(req)
  if (key !== undefined) {
    const holder = await keys.admit(key, req)
    req.askedBy = idsOf(holder)
    mustHaveScope(holder, route)
    return route.access === 'api-key' ? holder : findSpeaker(runtime, holder, route, req)
  }
  if (route.access === 'api-key') throw unauthorized('An API key is missing or not valid (X-API-Key: bh_…)')
  return authenticateRequest(door, req)
}

/** What whoever holds a token may do with it, whatever it is good for. */
const ABOUT_ITSELF = ['get /auth/me', 'post /auth/logout', 'post /auth/socket-ticket']
const isAboutItself = ({ method, path }: Route): boolean => ABOUT_ITSELF.includes(`${method} ${path}`)

/** A Redis that is away must not keep anybody from reading; without a cursor the client fetches again when it follows. */
async function tellCursor({ stream, log }: Runtime, actor: Actor | undefined, res: Response): Promise<void> {
  try {
    res.set(
      'X-Cursor',
      writeCursor(
        await stream.recentPositions(actor && [userChannel(actor.id), roleChannel(actor.orgId, actor.role)]),
      ),
    )
  } catch (error) {
    log.debug({ err: error }, 'the cursor could not be read')
  }
}
