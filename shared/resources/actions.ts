import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/actions.ts'
import type { Change } from '../kit/store/change.ts'
import { notFound } from '../kit/declare/errors.ts'
import type { Actor } from '../organisations/roles.ts'
import type { NewResource, Resource, ResourcePatch } from './schema.ts'
import { insertResource, lockResourceShared, updateResource } from './table.ts'

export async function addResource(change: Change, actor: Actor, ask: NewResource): Promise<Resource> {
  const resource = await insertResource(
    change.db,
    { ...ask, id: randomUUID(), orgId: actor.orgId },
    change.now,
  )
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'resource_created',
    entity: 'resource',
    entityId: resource.id,
  })
  return resource
}

/** For higher domains: it stays as it is until their change ends. @returns undefined when there is no such thing in the organisation */
export async function lockResourceForWork(
  change: Change,
  orgId: string,
  id: string,
): Promise<Resource | undefined> {
  return lockResourceShared(change.db, orgId, id)
}

/** Doors call shared/bookings/actions/release.ts, which also looks after the trips that it was to serve. */
export async function changeResource(
  change: Change,
  actor: Actor,
  id: string,
  patch: ResourcePatch,
): Promise<Resource> {
  const resource = await updateResource(change.db, actor.orgId, id, patch, change.now)
  if (!resource) throw notFound('Resource')
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'resource_changed',
    entity: 'resource',
    entityId: id,
    metadata: { fields: Object.keys(patch) },
  })
  return resource
}
