// Telling whoever looks at people that some of them changed: once for a change, however many it concerns.

import type { Change } from '../../kit/store/change.ts'
import { roleChannel } from '../../kit/declare/event.ts'
import { isOfOrganisation, ORGANISATION_ROLES, type Role } from '../../organisations/roles.ts'
import { peopleChangedEvent } from '../events.ts'
import { MOST_NAMED, type User } from '../schema.ts'

type Told = Pick<User, 'id' | 'role'> & { orgId: string }

/** @param people as they were and as they are: whoever saw them before is told, too */
export function tellPeople(change: Change, ...people: readonly Told[]): void {
  for (const person of people) change.addToBatch(emitPeople, person)
}

async function emitPeople(change: Change, people: readonly Told[]): Promise<void> {
  for (const orgId of new Set(people.map((each) => each.orgId))) {
    const theirs = people.filter((each) => each.orgId === orgId)
    const ids = [...new Set(theirs.map(({ id }) => id))]
    change.emit(
      peopleChangedEvent,
      rolesThatSee(theirs.map(({ role }) => role)).map((role) => roleChannel(orgId, role)),
      { ids: ids.length > MOST_NAMED ? null : ids },
    )
  }
}

/** As the directory shows them: customers only to ADMINs, and to drivers only staff and drivers. */
function rolesThatSee(shown: readonly Role[]): readonly Role[] {
  const inside = shown.filter(isOfOrganisation)
  if (inside.length === 0) return ['ADMIN']
  const isForDrivers = inside.some((role) => role !== 'EMPLOYEE')
  return ORGANISATION_ROLES.filter((role) => role !== 'DRIVER' || isForDrivers)
}
