import type { Db } from '../kit/db.ts'
import { notFound } from '../kit/errors.ts'
import { columnsOf } from '../kit/schema.ts'
import { Resource, type ResourceKind } from './schema.ts'

export async function findResource(db: Db, orgId: string, id: string): Promise<Resource | undefined> {
  return db('resources').where({ orgId, id }).first(columnsOf(Resource))
}

export async function getResource(db: Db, orgId: string, id: string): Promise<Resource> {
  const resource = await findResource(db, orgId, id)
  if (!resource) throw notFound('Resource')
  return resource
}

export async function listResources(db: Db, orgId: string, filter: { kind?: ResourceKind }, page: { limit: number; offset: number }): Promise<Resource[]> {
  return db('resources').where({ orgId, ...filter }).orderBy(['kind', 'name', 'id']).limit(page.limit).offset(page.offset).select(columnsOf(Resource))
}

export async function countResources(db: Db, orgId: string, filter: { kind?: ResourceKind }): Promise<number> {
  const [row] = await db('resources').where({ orgId, ...filter }).count<{ count: number }[]>()
  return row?.count ?? 0
}
