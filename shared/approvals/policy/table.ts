// The versions of an organisation's approval policy. Private to the domain.

import type { Db } from '../../kit/store/db.ts'
import type { ApprovalPolicy } from './schema.ts'

const COLUMNS = ['version', 'rules', 'createdAt', 'createdById'] as const

/** The version, or the newest. */
export async function findPolicy(
  db: Db,
  orgId: string,
  version?: number,
): Promise<ApprovalPolicy | undefined> {
  return db('approval_policies')
    .where({ orgId, ...(version !== undefined && { version }) })
    .orderBy('version', 'desc')
    .first(...COLUMNS)
}

/** Versions of one organisation are made one after the other. */
export async function lockPolicy(db: Db, orgId: string): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`approval policy ${orgId}`])
}

export async function insertPolicy(db: Db, orgId: string, policy: ApprovalPolicy): Promise<void> {
  await db('approval_policies').insert({ ...policy, orgId, rules: JSON.stringify(policy.rules) })
}
