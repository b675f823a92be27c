// Seals what was written into the audit, and tells it. No job: everything that happens would order one.

import { sealAudit } from '../shared/audit/actions.ts'
import { makeChange } from '../shared/kit/store/change.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { notifyAdmins } from '../shared/notifications/actions/audit.ts'
import { describeForAll } from '../shared/users/audit-descriptions.ts'

export function startAuditSealer(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'audit sealer', runtime.config.AUDIT_SEAL_EVERY, () => sealAll(runtime))
}

export async function sealAll(runtime: Runtime): Promise<void> {
  const sealFrom = (after?: number): Promise<number | undefined> =>
    makeChange(runtime, { requestId: 'audit sealer' }, (change) =>
      sealAudit(change, { describe: describeForAll, notifyAdmins }, after),
    )
  for (let last = await sealFrom(); last !== undefined;) last = await sealFrom(last)
}
