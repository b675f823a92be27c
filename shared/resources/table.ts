// Every write of resources. Private to the domain.

import type { Db } from '../kit/db.ts'
import { columnsOf } from '../kit/schema.ts'
import { Resource, type NewResource, type ResourcePatch } from './schema.ts'

export async function insertResource(db: Db, resource: NewResource & { id: string; orgId: string }, now: Date): Promise<Resource> {
  const [inserted] = await db('resources').insert({ ...resource, createdAt: now, updatedAt: now }).returning(columnsOf(Resource))
  return inserted
}

export async function updateResource(db: Db, orgId: string, id: string, patch: ResourcePatch, now: Date): Promise<Resource | undefined> {
  const [updated] = await db('resources').where({ orgId, id }).update({ ...patch, updatedAt: now }).returning(columnsOf(Resource))
  return updated
}
