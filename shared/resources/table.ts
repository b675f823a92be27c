// Every write of resources. Private to the domain.

import type { Db } from '../kit/store/db.ts'
import { RESOURCE_COLUMNS } from './queries.ts'
import type { NewResource, Resource, ResourcePatch } from './schema.ts'

export async function insertResource(
  db: Db,
  resource: NewResource & { id: string; orgId: string },
  now: Date,
): Promise<Resource> {
  const [inserted] = await db('resources')
    .insert({ ...resource, createdAt: now, updatedAt: now })
    .returning([db.raw(RESOURCE_COLUMNS)])
  return inserted
}

/** It stays as it is until the end of this transaction. */
export async function lockResourceShared(db: Db, orgId: string, id: string): Promise<Resource | undefined> {
  return db('resources').where({ orgId, id }).forShare().first(db.raw(RESOURCE_COLUMNS))
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
    .returning([db.raw(RESOURCE_COLUMNS)])
  return updated
}

/** @returns false: it has shown more already */
export async function updateOdometer(
  db: Db,
  { orgId, id, odometerKm }: { orgId: string; id: string; odometerKm: number },
  now: Date,
): Promise<boolean> {
  const count = await db('resources')
    .where({ orgId, id })
    .whereRaw('coalesce(odometer_km, 0) <= ?', [odometerKm])
    .update({ odometerKm, updatedAt: now })
  return count > 0
}
