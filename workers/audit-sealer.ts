// Seals what was written into the audit, and tells it. No job: everything that happens would order one.

import { sealAudit } from '../shared/audit/actions.ts'
import { makeChange } from '../shared/kit/change.ts'
import { every } from '../shared/kit/every.ts'
import type { House } from '../shared/kit/house.ts'
import { describeForAll } from '../shared/users/audit-descriptions.ts'

export function startAuditSealer(house: House): () => Promise<void> {
  return every(house, 'audit sealer', house.config.AUDIT_SEAL_EVERY, () => sealAll(house))
}

export async function sealAll(house: House): Promise<void> {
  const sealFrom = (after?: number): Promise<number | undefined> => makeChange(house, { requestId: 'audit sealer' }, (change) => sealAudit(change, describeForAll, after))
  for (let last = await sealFrom(); last !== undefined;) last = await sealFrom(last)
}
