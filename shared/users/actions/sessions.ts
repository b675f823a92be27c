// Sessions. A refresh token is good once; presenting a used one means that two hold it, so the session ends. But two
// tabs refresh at the same moment, and answers are lost: for a few seconds a used token is answered once more, as it was.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { DAY, plusMs, SECOND } from '../../kit/time/time.ts'
import { notFound, unauthorized } from '../../kit/declare/errors.ts'
import { sessionChannel } from '../../kit/declare/event.ts'
import { sessionEndedEvent } from '../events.ts'
import { findActor, findLiveSession, getUser } from '../queries.ts'
import type { User } from '../schema.ts'
import {
  deleteOldSessions,
  endSessions,
  insertRefreshToken,
  insertSession,
  insertSocketTicket,
  findUnusedRefreshToken,
  lockRefreshToken,
  setRefreshTokenRepeated,
  setRefreshTokenUsed,
  takeSocketTicket,
  touchSession,
} from '../table/sessions.ts'
import { currentSecret, randomToken, sha256Hex, signAccessToken, successorOf } from '../tokens.ts'
import type { Actor } from '../../organisations/roles.ts'

export interface IssuedTokens {
  accessToken: string
  refreshToken: string
  user: User
}

const TICKET_LIFE = 30 * SECOND

/** Who it is was proven by all that is asked of them. @param issuerId with which they signed in: it ends with that, too */
export async function beginSession(
  change: Change,
  user: User,
  userAgent = '',
  issuerId?: string,
): Promise<IssuedTokens> {
  const session = {
    id: randomUUID(),
    orgId: user.orgId,
    userId: user.id,
    userAgent: userAgent.slice(0, 300) || null,
    ip: change.origin.ip ?? null,
    createdAt: change.now,
    lastUsedAt: change.now,
    expiresAt: plusMs(change.now, change.config.REFRESH_TOKEN_TTL),
    endedAt: null,
    ...(issuerId && { issuerId }),
  }
  await insertSession(change.db, session)
  recordAudit(change, {
    orgId: user.orgId,
    actorId: user.id,
    action: 'login',
    entity: 'session',
    entityId: session.id,
    ...(issuerId && { metadata: { issuerId } }),
  })
  return handOutTokens(change, user, session.id, randomToken())
}

/**
 * Without a refresh token: it ends with its access token, by hand, or with the person.
 * @param scopes what it is good for · @param by the program that had it made
 */
export async function openShortSession(
  change: Change,
  person: Actor,
  { seconds, scopes, by }: { seconds: number; scopes: readonly string[] | undefined; by: string },
): Promise<{ accessToken: string; expiresAt: Date }> {
  const [sid, ttl] = [randomUUID(), seconds * SECOND]
  const { id: userId, orgId, role, email, fullName: name } = person
  await insertSession(change.db, {
    id: sid,
    orgId,
    userId,
    userAgent: by,
    ip: null,
    createdAt: change.now,
    lastUsedAt: change.now,
    expiresAt: plusMs(change.now, ttl),
    endedAt: null,
    ...(scopes && { scopes }),
  })
  const metadata = { userId, ...(scopes && { scopes }) }
  recordAudit(change, { orgId, action: 'token_made', entity: 'session', entityId: sid, metadata })
  const { token, expiresAt } = signAccessToken(
    { ...change.config, ACCESS_TOKEN_TTL: ttl },
    { sub: userId, org: orgId, role, email, name, sid, ...(scopes && { scope: scopes.join(' ') }) },
    change.now,
  )
  return { accessToken: token, expiresAt }
}

async function handOutTokens(
  change: Change,
  user: User,
  sessionId: string,
  refreshToken: string,
): Promise<IssuedTokens> {
  await insertRefreshToken(change.db, sha256Hex(refreshToken), sessionId)
  return tokensFor(change, user, sessionId, refreshToken)
}

function tokensFor(change: Change, user: User, sessionId: string, refreshToken: string): IssuedTokens {
  const claims = {
    sub: user.id,
    org: user.orgId,
    role: user.role,
    email: user.email,
    name: user.fullName,
    sid: sessionId,
  }
  return { accessToken: signAccessToken(change.config, claims, change.now).token, refreshToken, user }
}

/** @returns undefined when the token is not good; a used one has then ended its session, which the commit must keep */
export async function refreshSession(
  change: Change,
  refreshToken: string,
): Promise<IssuedTokens | undefined> {
  const hash = sha256Hex(refreshToken)
  const session = await lockRefreshToken(change.db, hash)
  if (!session || session.endedAt || session.expiresAt <= change.now) return undefined
  const again = session.usedAt
    ? await findRepeatable(change, refreshToken, session.usedAt, session.repeatedAt)
    : undefined
  if (session.usedAt && !again) {
    await closeSessions(change, { id: session.id }, 'token_reused')
    return undefined
  }
  const user = await getUser(change.db, session.orgId, session.userId)
  if (!user.isActive) return undefined
  if (again) {
    await setRefreshTokenRepeated(change.db, hash, change.now)
    return tokensFor(change, user, session.id, again)
  }
  await setRefreshTokenUsed(change.db, hash, change.now)
  await touchSession(change.db, session.id, change.now, plusMs(change.now, change.config.REFRESH_TOKEN_TTL))
  return handOutTokens(change, user, session.id, successorOf(currentSecret(change.config), refreshToken))
}

/** What a used token was answered with, if that may be said again. The secret may have been changed in between. */
async function findRepeatable(
  change: Change,
  refreshToken: string,
  usedAt: Date,
  repeatedAt: Date | null,
): Promise<string | undefined> {
  if (repeatedAt || change.now >= plusMs(usedAt, change.config.REFRESH_LEEWAY)) return undefined
  const successors = change.config.JWT_SECRET.map((secret) => successorOf(secret, refreshToken))
  const unused = await findUnusedRefreshToken(change.db, successors.map(sha256Hex))
  return successors.find((each) => sha256Hex(each) === unused)
}

/** @param which one of the actor's own sessions. @throws AppError 404 for anybody else's */
export async function endSession(change: Change, actor: Actor, which: string): Promise<void> {
  if (!(await findLiveSession(change.db, actor.id, which, change.now))) throw notFound('Session')
  await closeSessions(change, { id: which }, 'signed_out')
}

/** Why a session ended, as the audit says it. */
type SessionEnd =
  | 'signed_out'
  | 'token_reused'
  | 'password_changed'
  | 'second_factor_set'
  | 'person_changed'
  | 'person_erased'
  | 'guest_silent'
  | 'issuer_changed'

/** Ends sessions and tells the realtime nodes, which close their sockets. */
export async function closeSessions(
  change: Change,
  which: Parameters<typeof endSessions>[1],
  reason: SessionEnd,
): Promise<void> {
  for (const session of await endSessions(change.db, which, change.now)) {
    recordAudit(change, {
      orgId: session.orgId,
      actorId: session.userId,
      action: 'logout',
      entity: 'session',
      entityId: session.id,
      metadata: { reason },
    })
    change.emit(sessionEndedEvent, [sessionChannel(session.id)], { sessionId: session.id })
  }
}

export async function makeSocketTicket(
  change: Change,
  actor: Actor,
): Promise<{ ticket: string; expiresAt: Date }> {
  const ticket = randomToken()
  const expiresAt = plusMs(change.now, TICKET_LIFE)
  await insertSocketTicket(change.db, {
    hash: sha256Hex(ticket),
    sessionId: actor.sessionId,
    expiresAt,
    tokenExpiresAt: actor.tokenExpiresAt ?? null,
  })
  return { ticket, expiresAt }
}

/** Spends a ticket: who took it, and until when they may be believed. @throws AppError 401 when it is unknown, spent or too old */
export async function redeemSocketTicket(
  reading: Pick<Reading, 'db' | 'now'>,
  ticket: string,
): Promise<Actor> {
  const taken = await takeSocketTicket(reading.db, sha256Hex(ticket))
  const actor =
    taken && taken.expiresAt > reading.now ? await findActor(reading.db, taken.sessionId) : undefined
  if (!actor) throw unauthorized('The ticket is not valid')
  return { ...actor, ...(taken?.tokenExpiresAt && { tokenExpiresAt: taken.tokenExpiresAt }) }
}

/** Sessions are kept for a month after their end, for whoever looks into what happened. */
const KEEP_SESSIONS = 30 * DAY
/** Of those that a token opened, of which a person has hundreds in a week. */
const KEEP_TOKENS = DAY

export async function expireSessions(change: Change): Promise<void> {
  await deleteOldSessions(change.db, plusMs(change.now, -KEEP_SESSIONS), plusMs(change.now, -KEEP_TOKENS))
}
