// The header Idempotency-Key, for every write of somebody signed in.

import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Change } from '../../shared/kit/store/change.ts'
import { malformed } from '../../shared/kit/declare/errors.ts'
import { runIdempotent, type StoredAnswer } from '../../shared/kit/store/idempotency.ts'
import { isPerson, type AnyInput, type Route } from './route.ts'

export async function answerOnce(
  change: Change,
  route: Route,
  req: Request,
  input: AnyInput,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const key = req.get('idempotency-key')
  if (key === undefined || !route.idempotent || !isPerson(input.caller)) return work()
  mustBeKey(key)
  const { id: userId, keyId } = input.caller
  // What a person sent and what a program sends for them are two things.
  const claim = { userId, key: keyId ? `${keyId} ${key}` : key, requestHash: hashOf(route, input) }
  return runIdempotent(change, claim, work)
}

/** @throws AppError 400 */
export function mustBeKey(key: string): void {
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw malformed([{ path: '/headers/idempotency-key', message: 'must be 1 to 200 visible characters' }])
}

/** The request as it was understood: another spelling or order of keys, or a default that is written out, is the same request. */
function hashOf({ method, path, upload }: Route, { params, query, body, ifMatch }: AnyInput): string {
  const asked = upload ? upload.sameness(body) : body
  return createHash('sha256')
    .update(canonicalJson([method, path, params, query, asked, ifMatch]))
    .digest('base64url')
}

/** Keys in one order, at every level. The checks at the door have bounded how deep it is. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
