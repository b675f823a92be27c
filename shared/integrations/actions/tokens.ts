// Tokens that a program has made for a person whom it has recognised, so that they are signed in here as well.

import type { Change } from '../../kit/store/change.ts'
import { invalid, notFound } from '../../kit/declare/errors.ts'
import { mustReach } from '../../organisations/roles.ts'
import { openShortSession } from '../../users/actions/sessions.ts'
import { findRepresented } from '../../users/queries.ts'
import type { KeyHolder, PersonToken, TokenRequest } from '../schema.ts'
import { reachesAdmins } from '../scopes.ts'

/** Seconds, unless said. */
const TTL = 900

/** @throws AppError 403 for an ADMIN whom the key does not reach, 404 for nobody who is active, 422 unless one is named */
export async function makePersonToken(
  change: Change,
  { id: keyId, orgId, name, scopes: ofKey }: KeyHolder,
  { userId, externalId, ttl = TTL, scopes }: TokenRequest,
): Promise<PersonToken> {
  if ((userId === undefined) === (externalId === undefined)) throw invalid('Say either userId or externalId')
  const who = userId === undefined ? { externalId: externalId ?? '' } : { id: userId }
  const person = await findRepresented(change.db, orgId, who)
  if (!person) throw notFound('User')
  mustReach({ orgId, keyId, reachesAdmins: reachesAdmins(ofKey) }, person.role)
  return {
    userId: person.id,
    ...(await openShortSession(change, person, { seconds: ttl, scopes, by: name })),
  }
}
