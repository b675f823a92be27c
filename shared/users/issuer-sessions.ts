// Reads about sessions that tokens of issuers opened.

import { rowsOf, type Db } from '../kit/store/db.ts'

interface IssuerStanding {
  /** One of its tokens has opened a session since then that did not end by hand. */
  isPresent: boolean
  /** A token that was issued later has come before. */
  isOvertaken: boolean
}

/** How a person stands with an issuer. */
export async function findIssuerStanding(
  db: Db,
  userId: string,
  issuerId: string,
  { since, issuedAt }: { since: Date; issuedAt: Date },
): Promise<IssuerStanding> {
  const [found] = await rowsOf<IssuerStanding>(
    db,
    // A sign-in on our pages lasts longer than any token, and says nothing of whoever brings tokens.
    `select coalesce(bool_or(ended_at is null and expires_at > :since
         and expires_at <= created_at + interval '1 day'), false) as is_present,
       coalesce(bool_or(created_at > :issuedAt), false) as is_overtaken
     from sessions where issuer_id = :issuerId and user_id = :userId`,
    { userId, issuerId, since, issuedAt },
  )
  return found ?? { isPresent: false, isOvertaken: false }
}

/** With which issuer somebody signed in on our pages; what a token opened has nothing to refresh it with. */
export async function findSignInIssuerId(db: Db, sessionId: string): Promise<string | undefined> {
  const found = await db('sessions as s')
    .join('refresh_tokens as t', 't.sessionId', 's.id')
    .where('s.id', sessionId)
    .whereNotNull('s.issuerId')
    .first('s.issuerId')
  return found?.issuerId
}

/** Whether it lives or has ended. */
export async function hasSession(db: Db, id: string): Promise<boolean> {
  return (await db('sessions').where({ id }).first('id')) !== undefined
}
