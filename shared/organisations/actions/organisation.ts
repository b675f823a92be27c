// Keeping the organisation and its settings, which its ADMINs do.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile } from '../../kit/declare/errors.ts'
import { roleChannel } from '../../kit/declare/event.ts'
import { organisationChangedEvent } from '../events.ts'
import { ORGANISATION_ROLES, OUTSIDE_ROLES, type Actor, type Role } from '../roles.ts'
import type { NewOrganisation, Organisation, OrganisationPatch } from '../schema.ts'
import { insertOrganisation, lockInstallation, lockOrganisation, updateOrganisation } from '../table.ts'
import { getCalendar, getOrganisation, withoutSettings } from '../queries.ts'
import { tellCalendar } from './calendar.ts'

/** For whoever must be the first. @returns what this database is called */
export async function holdInstallation({ db }: Change): Promise<string> {
  return lockInstallation(db)
}

/**
 * A new tenant, in which nobody is yet. @param founderId who is about to be in it; absent: whoever operates the installation
 * @returns its id @throws AppError 409
 */
export async function createOrganisation(
  change: Change,
  ask: NewOrganisation,
  founderId?: string,
): Promise<string> {
  const id = randomUUID()
  await lockInstallation(change.db)
  await insertOrganisation(change.db, { ...ask, settings: {}, id }, change.now)
  recordAudit(change, {
    orgId: id,
    ...(founderId && { actorId: founderId }),
    action: 'organisation_created',
    entity: 'organisation',
    entityId: id,
  })
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
  tellOrganisation(change, after)
  if (after.timezone !== before.timezone)
    tellCalendar(change, after.id, await getCalendar(change.db, after.id))
  return after
}

function tellOrganisation(change: Change, organisation: Organisation): void {
  const channels = (roles: readonly Role[]): string[] =>
    roles.map((role) => roleChannel(organisation.id, role))
  change.emit(organisationChangedEvent, channels(ORGANISATION_ROLES), organisation)
  change.emit(organisationChangedEvent, channels(OUTSIDE_ROLES), withoutSettings(organisation))
}
