import type { Db } from '../kit/store/db.ts'
import { hasParts } from '../kit/store/name-parts.ts'
import { notFound } from '../kit/declare/errors.ts'
import { countFound, readPage, type Key, type Listed, type PagePart } from '../kit/store/keyset.ts'
import { collationOf } from '../kit/text/locale.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { toSnakeCase } from '../kit/store/db.ts'
import type { Actor } from '../organisations/roles.ts'
import { Resource, type ResourceKind } from './schema.ts'

/** That it is in use is read from the trips that run, so that it is true however they end. Of the table `resources`. */
export const RESOURCE_COLUMNS = columnsOf(Resource)
  .map((column) => (column === 'status' ? statusNow() : `resources.${toSnakeCase(column)}`))
  .join(', ')

function statusNow(): string {
  return `case when resources.status not in ('AVAILABLE', 'IN_USE') then resources.status
    when exists (select from bookings where assigned_resource_id = resources.id and bookings.status = 'IN_PROGRESS')
    then 'IN_USE' else 'AVAILABLE' end as status`
}

export async function findResource(db: Db, orgId: string, id: string): Promise<Resource | undefined> {
  return db('resources').where({ orgId, id }).first(db.raw(RESOURCE_COLUMNS))
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
    .where(hasParts('foldedName', q ?? ''))

const byKindAndName = ({ locale }: Actor): readonly Key<Resource>[] => [
  { column: 'kind', kind: 'text', of: ({ kind }) => kind },
  { column: `name collate ${collationOf(locale)}`, kind: 'text', of: ({ name }) => name },
  { column: 'id', kind: 'id', of: ({ id }) => id },
]

export function listResources(
  db: Db,
  actor: Actor,
  filter: ResourceFilter,
  part: PagePart,
): Promise<Listed<Resource>> {
  const columns = [db.raw(RESOURCE_COLUMNS)]
  return readPage(resourcesOf(db, actor.orgId, filter), columns, byKindAndName(actor), part)
}

export function countResources(db: Db, orgId: string, filter: ResourceFilter): Promise<number> {
  return countFound(db, resourcesOf(db, orgId, filter))
}
