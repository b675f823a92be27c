// Every write of resources. Private to the domain.

import type { Db } from '../kit/store/db.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { Resource, type NewResource, type ResourcePatch } from './schema.ts'

export async function insertResource(
  db: Db,
  resource: NewResource & { id: string; orgId: string },
  now: Date,
): Promise<Resource> {
  const [inserted] = await db('resources')
    .insert({ ...resource, createdAt: now, updatedAt: now })
    .returning(columnsOf(Resource))
  return inserted
}

/** It stays as it is until the end of this transaction. */
export async function lockResourceShared(db: Db, orgId: string, id: string): Promise<Resource | undefined> {
  return db('resources').where({ orgId, id }).forShare().first(columnsOf(Resource))
}

export async function updateResource(
  db: Db,
  orgId: string,
  id: string,
  patch: ResourcePatch,
  now: Date,
): Promise<Resource | undefined> {
  const [updated] = await db('resources')
    .where({ orgId, id })
    .update({ ...patch, updatedAt: now })
    .returning(columnsOf(Resource))
  return updated
}
