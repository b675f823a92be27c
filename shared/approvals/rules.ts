// Who may decide. Pure; what a request meets stands in policy/rules.ts, and when in terms/rules.ts.

import type { User } from '../users/schema.ts'
import type { Approval, Delegation } from './schema.ts'
import { isOfOrganisation } from '../organisations/roles.ts'
import { delegateAt } from './terms/rules.ts'

/** Only the person who was asked decides, or their delegate at that moment; an admin neither: the second pair of eyes is the point. */
export function mayDecide(
  { id: actorId, role }: Pick<User, 'id' | 'role'>,
  approval: Pick<Approval, 'approverId' | 'requesterId'>,
  delegations: readonly Delegation[],
  at: Date,
): boolean {
  if (actorId === approval.requesterId || !isOfOrganisation(role)) return false
  return actorId === approval.approverId || actorId === delegateAt(delegations, approval.requesterId, at)
}

/** Would `delegatorId → delegateId` close a circle with these delegations of the same time? */
export function closesCircle(
  delegatorId: string,
  delegateId: string,
  others: readonly Pick<Delegation, 'delegatorId' | 'delegateId'>[],
): boolean {
  const seen = new Set<string>()
  const next = [delegateId]
  // An organisation may have very many: each is looked at once.
  const delegates = new Map<string, string[]>()
  for (const each of others) {
    const known = delegates.get(each.delegatorId)
    if (known) known.push(each.delegateId)
    else delegates.set(each.delegatorId, [each.delegateId])
  }
  for (let person = next.pop(); person !== undefined; person = next.pop()) {
    if (person === delegatorId) return true
    if (seen.has(person)) continue
    seen.add(person)
    next.push(...(delegates.get(person) ?? []))
  }
  return false
}
