import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/actions.ts'
import type { Change } from '../kit/store/change.ts'
import { invalid, notFound } from '../kit/declare/errors.ts'
import { roleChannel } from '../kit/declare/event.ts'
import { STAFF_ROLES, type Actor } from '../organisations/roles.ts'
import { resourceChangedEvent } from './events.ts'
import type { NewResource, Resource, ResourcePatch } from './schema.ts'
import { getResource } from './queries.ts'
import { insertResource, lockResourceShared, updateOdometer, updateResource } from './table.ts'

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
  tellResource(change, actor.orgId, resource.id)
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
  tellResource(change, actor.orgId, id)
  return resource
}

/** It is held from here on, so call it before a booking is. @throws AppError 404, 422 when it has shown more already */
export async function readOdometer(
  change: Change,
  orgId: string,
  id: string,
  odometerKm: number,
): Promise<void> {
  if (await updateOdometer(change.db, { orgId, id, odometerKm }, change.now))
    return tellResource(change, orgId, id)
  const { name, odometerKm: shown } = await getResource(change.db, orgId, id)
  throw invalid(`odometerKm: ${name} has shown ${shown} km already, and an odometer does not run back`)
}

function tellResource(change: Change, orgId: string, id: string): void {
  change.emit(
    resourceChangedEvent,
    STAFF_ROLES.map((role) => roleChannel(orgId, role)),
    { id },
  )
}
