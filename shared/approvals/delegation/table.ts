// Every write of delegations. Private to the domain.

import { columnsOf } from '../../kit/declare/schema.ts'
import type { Db } from '../../kit/store/db.ts'
import { Delegation } from '../schema.ts'

export async function insertDelegation(db: Db, delegation: Delegation & { orgId: string }): Promise<void> {
  await db('delegations').insert(delegation)
}

/** One organisation's delegations are made one at a time: two halves of a circle must see each other. */
export async function lockDelegations(db: Db, orgId: string): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`delegations ${orgId}`])
}

export async function setRevoked(db: Db, id: string, now: Date): Promise<void> {
  await db('delegations').where({ id }).update({ revokedAt: now })
}

/** Given and received, what is not over. @returns what was ended */
export async function endDelegations(
  db: Db,
  orgId: string,
  userId: string,
  now: Date,
): Promise<Delegation[]> {
  return db('delegations')
    .where({ orgId })
    .where((own) => void own.where({ delegatorId: userId }).orWhere({ delegateId: userId }))
    .whereNull('revokedAt')
    .where('untilAt', '>', now)
    .update({ revokedAt: now })
    .returning(columnsOf(Delegation))
}
