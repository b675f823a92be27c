import { randomUUID } from 'node:crypto'
import { record } from '../audit/actions.ts'
import type { Change } from '../kit/change.ts'
import { notFound } from '../kit/errors.ts'
import type { Actor } from '../users/schema.ts'
import type { NewResource, Resource, ResourcePatch } from './schema.ts'
import { insertResource, updateResource } from './table.ts'

export async function addResource(change: Change, actor: Actor, ask: NewResource): Promise<Resource> {
  const resource = await insertResource(change.db, { ...ask, id: randomUUID(), orgId: actor.orgId }, change.now)
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'resource_created', entity: 'resource', entityId: resource.id })
  return resource
}

export async function changeResource(change: Change, actor: Actor, id: string, patch: ResourcePatch): Promise<Resource> {
  const resource = await updateResource(change.db, actor.orgId, id, patch, change.now)
  if (!resource) throw notFound('Resource')
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'resource_changed', entity: 'resource', entityId: id, metadata: { fields: Object.keys(patch) } })
  return resource
}

/** Bookings of the past keep naming it, so it stays, INACTIVE. */
export async function retireResource(change: Change, actor: Actor, id: string): Promise<Resource> {
  return changeResource(change, actor, id, { status: 'INACTIVE' })
}
