// Many people at once, by a few statements: for imports, whose caller holds the hierarchy and has checked what they say.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { mustReach, type ActorOrOperator } from '../../organisations/roles.ts'
import type { PersonFields } from '../schema.ts'
import { insertUsers, updatePlainly } from '../table.ts'
import { tellPeople } from './tell-people.ts'

/** They have no password; their managers may stand in any order among them. @throws AppError 409 */
export async function addPeople(
  change: Change,
  actor: ActorOrOperator,
  people: readonly PersonFields[],
): Promise<void> {
  mustReach(actor, ...people.map(({ role }) => role))
  await insertUsers(change.db, actor.orgId, people, change.now)
  for (const { id, role } of people) {
    record(change, actor, id, 'user_created', { role })
    tellPeople(change, { id, role, orgId: actor.orgId })
  }
}

/** What nothing that waits on them follows from: names, addresses, departments. @throws AppError 409 */
export async function changePlainly(
  change: Change,
  actor: ActorOrOperator,
  changes: readonly { after: PersonFields; fields: readonly string[] }[],
): Promise<void> {
  mustReach(actor, ...changes.map(({ after }) => after.role))
  await updatePlainly(
    change.db,
    actor.orgId,
    changes.map(({ after }) => after),
    change.now,
  )
  for (const { after, fields } of changes) {
    record(change, actor, after.id, 'user_changed', { fields })
    tellPeople(change, { ...after, orgId: actor.orgId })
  }
}

function record(
  change: Change,
  actor: ActorOrOperator,
  userId: string,
  action: 'user_created' | 'user_changed',
  metadata: Record<string, unknown>,
): void {
  recordAudit(change, {
    orgId: actor.orgId,
    ...(actor.id && { actorId: actor.id }),
    action,
    entity: 'user',
    entityId: userId,
    metadata,
  })
}
