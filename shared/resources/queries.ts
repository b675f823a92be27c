import type { Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { patternsOf } from '../kit/text/fold.ts'
import { collationOf } from '../kit/text/locale.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import type { Actor } from '../organisations/roles.ts'
import { Resource, type ResourceKind } from './schema.ts'

export async function findResource(db: Db, orgId: string, id: string): Promise<Resource | undefined> {
  return db('resources').where({ orgId, id }).first(columnsOf(Resource))
}

export async function getResource(db: Db, orgId: string, id: string): Promise<Resource> {
  const resource = await findResource(db, orgId, id)
  if (!resource) throw notFound('Resource')
  return resource
}

interface ResourceFilter {
  kind?: ResourceKind
  /** Part of a name or plate, as somebody types it. */
  q?: string
}

const resourcesOf = (db: Db, orgId: string, { q, ...filter }: ResourceFilter) =>
  db('resources')
    .where({ orgId, ...filter })
    .whereRaw('folded_name like all(?::text[])', [patternsOf(q ?? '')])

export async function listResources(
  db: Db,
  { orgId, locale }: Actor,
  filter: ResourceFilter,
  page: { limit: number; offset: number },
): Promise<Resource[]> {
  return resourcesOf(db, orgId, filter)
    .orderByRaw(`kind, name collate ${collationOf(locale)}, id`)
    .limit(page.limit)
    .offset(page.offset)
    .select(columnsOf(Resource))
}

export async function countResources(db: Db, orgId: string, filter: ResourceFilter): Promise<number> {
  const [row] = await resourcesOf(db, orgId, filter).count<{ count: number }[]>()
  return row?.count ?? 0
}
