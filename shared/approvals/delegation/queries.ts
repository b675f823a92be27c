// Delegations, for whoever gave or received them, and for making others.

import { columnsOf } from '../../kit/declare/schema.ts'
import type { Db } from '../../kit/store/db.ts'
import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../../kit/store/keyset.ts'
import { Delegation } from '../schema.ts'

/** Given and received, newest first. */
export async function listDelegationsAbout(
  db: Db,
  userId: string,
  part: PagePart,
): Promise<Listed<Delegation>> {
  const own = db('delegations').where(
    (either) => void either.where({ delegatorId: userId }).orWhere({ delegateId: userId }),
  )
  return readPage(own, columnsOf(Delegation), NEWEST_FIRST, part)
}

export async function listDelegationsWithin(
  db: Db,
  orgId: string,
  from: Date,
  until: Date,
): Promise<Delegation[]> {
  return db('delegations')
    .where({ orgId })
    .whereNull('revokedAt')
    .where('fromAt', '<', until)
    .where('untilAt', '>', from)
    .select(columnsOf(Delegation))
}

export async function findDelegation(
  db: Db,
  delegatorId: string,
  id: string,
): Promise<Delegation | undefined> {
  return db('delegations').where({ delegatorId, id }).first(columnsOf(Delegation))
}
