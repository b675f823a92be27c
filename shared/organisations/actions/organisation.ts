// Keeping the organisation and its settings, which its ADMINs do.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile } from '../../kit/declare/errors.ts'
import type { Actor } from '../roles.ts'
import type { Organisation, OrganisationPatch } from '../schema.ts'
import { insertOrganisation, lockOrganisation, updateOrganisation } from '../table.ts'
import { getOrganisation } from '../queries.ts'

/** A new tenant, in which nobody is yet. @returns its id */
export async function createOrganisation(
  change: Change,
  ask: Omit<Organisation, 'id' | 'version'>,
): Promise<string> {
  const id = randomUUID()
  await insertOrganisation(change.db, { ...ask, id }, change.now)
  return id
}

/** Settings that are not named keep their value, also what somebody else sets at the same moment. @throws AppError 412 */
export async function changeOrganisation(
  change: Change,
  actor: Actor,
  patch: OrganisationPatch,
  ifMatch: number | undefined,
): Promise<Organisation> {
  await lockOrganisation(change.db, actor.orgId)
  const before = await getOrganisation(change.db, actor.orgId)
  if (ifMatch !== undefined && ifMatch !== before.version)
    throw changedMeanwhile('organisation', before.version, ifMatch)
  const after = await updateOrganisation(change.db, actor.orgId, {
    ...patch,
    settings: { ...before.settings, ...patch.settings },
  })
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'organisation_changed',
    entity: 'organisation',
    entityId: actor.orgId,
    metadata: { fields: Object.keys(patch) },
  })
  return after
}
