// Every write and row lock of sessions and what renews and opens them. Private to the domain.

import type { Db } from '../../kit/store/db.ts'

export interface SessionRow {
  id: string
  orgId: string
  userId: string
  userAgent: string | null
  ip: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  endedAt: Date | null
  /** Whose tokens open it, where they are not ours. */
  issuerId?: string
  /** What it is good for; all that its person may unless given. */
  scopes?: readonly string[]
}

/** @returns false where it is there already */
export async function insertSession(db: Db, session: SessionRow): Promise<boolean> {
  const inserted = await db('sessions').insert(session).onConflict('id').ignore().returning('id')
  return inserted.length > 0
}

export async function touchSession(db: Db, id: string, now: Date, expiresAt: Date): Promise<void> {
  await db('sessions').where({ id }).update({ lastUsedAt: now, expiresAt })
}

/** @returns the sessions that this call ended; one that had ended is not among them */
export async function endSessions(
  db: Db,
  {
    but,
    ...where
  }: { id: string; but?: never } | { userId: string; but?: string } | { issuerId: string; but?: never },
  now: Date,
): Promise<Pick<SessionRow, 'id' | 'userId' | 'orgId'>[]> {
  return db('sessions')
    .where(where)
    .whereNull('endedAt')
    .modify((sessions) => void ('issuerId' in where && sessions.where('expiresAt', '>', now)))
    .modify((sessions) => void (but && sessions.whereNot({ id: but })))
    .update({ endedAt: now })
    .returning(['id', 'userId', 'orgId'])
}

export async function insertRefreshToken(db: Db, hash: string, sessionId: string): Promise<void> {
  await db('refresh_tokens').insert({ hash, sessionId })
}

/** Locks the token and its session, so that of two who present it at once the second sees it used. */
export async function lockRefreshToken(
  db: Db,
  hash: string,
): Promise<(SessionRow & { usedAt: Date | null; repeatedAt: Date | null }) | undefined> {
  return db('refresh_tokens as t')
    .join('sessions as s', 's.id', 't.sessionId')
    .where('t.hash', hash)
    .forUpdate()
    .first(
      's.id',
      's.orgId',
      's.userId',
      's.userAgent',
      's.ip',
      's.createdAt',
      's.lastUsedAt',
      's.expiresAt',
      's.endedAt',
      't.usedAt',
      't.repeatedAt',
    )
}

export async function setRefreshTokenUsed(db: Db, hash: string, now: Date): Promise<void> {
  await db('refresh_tokens').where({ hash }).update({ usedAt: now })
}

export async function setRefreshTokenRepeated(db: Db, hash: string, now: Date): Promise<void> {
  await db('refresh_tokens').where({ hash }).update({ repeatedAt: now })
}

/** Of these, the one that was handed out and not used yet. */
export async function findUnusedRefreshToken(db: Db, hashes: readonly string[]): Promise<string | undefined> {
  return (
    await db('refresh_tokens')
      .whereIn('hash', [...hashes])
      .whereNull('usedAt')
      .first('hash')
  )?.hash
}

interface SocketTicketRow {
  hash: string
  sessionId: string
  expiresAt: Date
  tokenExpiresAt: Date | null
}

export async function insertSocketTicket(db: Db, ticket: SocketTicketRow): Promise<void> {
  await db('socket_tickets').insert(ticket)
}

/** Takes the ticket: whoever deletes the row has it. */
export async function takeSocketTicket(
  db: Db,
  hash: string,
): Promise<Omit<SocketTicketRow, 'hash'> | undefined> {
  const [ticket] = await db('socket_tickets')
    .where({ hash })
    .delete()
    .returning(['sessionId', 'expiresAt', 'tokenExpiresAt'])
  return ticket
}

/**
 * Sessions that are over take their tokens along; what is kept has no further use once nobody can refresh it.
 * @param tokensBefore those that a token of an issuer opened: each has one of its own
 */
export async function deleteOldSessions(db: Db, before: Date, tokensBefore: Date): Promise<void> {
  const over = db('sessions')
    .where('expiresAt', '<', before)
    .orWhere((opened) => void opened.whereNotNull('issuerId').where('expiresAt', '<', tokensBefore))
  const old = over.clone().select('id')
  await db('refresh_tokens').whereIn('sessionId', old).delete()
  await db('socket_tickets').where('expiresAt', '<', before).orWhereIn('sessionId', old).delete()
  await over.delete()
}

/** Where somebody signed in from. */
export async function clearSessionTraces(db: Db, userId: string): Promise<void> {
  await db('sessions').where({ userId }).update({ ip: null, userAgent: null })
}
