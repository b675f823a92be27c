// What an organisation's ADMINs say about who approves what. Every version is kept: what began under one ends under it.

import { recordAudit } from '../../audit/actions.ts'
import { changedMeanwhile, malformed } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Db } from '../../kit/store/db.ts'
import { isOfOrganisation, type Actor } from '../../organisations/roles.ts'
import { listActiveAmong } from '../../users/queries.ts'
import { problemsOf } from '../policy/rules.ts'
import { DEFAULT_POLICY, type ApprovalPolicy, type PolicyAsk } from '../policy/schema.ts'
import { findPolicy, insertPolicy, lockPolicy } from '../policy/table.ts'

export async function getApprovalPolicy(db: Db, orgId: string): Promise<ApprovalPolicy> {
  return (await findPolicy(db, orgId)) ?? DEFAULT_POLICY
}

/** @throws AppError 400 with every problem, 412 when it changed meanwhile */
export async function setApprovalPolicy(
  change: Change,
  actor: Actor,
  { rules }: PolicyAsk,
  ifMatch?: number,
): Promise<ApprovalPolicy> {
  await mustBeSound(change, actor, rules)
  await lockPolicy(change.db, actor.orgId)
  const { version } = await getApprovalPolicy(change.db, actor.orgId)
  if (ifMatch !== undefined && ifMatch !== version)
    throw changedMeanwhile('approval policy', version, ifMatch)
  const policy = { version: version + 1, rules, createdAt: change.now, createdById: actor.id }
  await insertPolicy(change.db, actor.orgId, policy)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'approval_policy_changed',
    entity: 'settings',
    entityId: actor.orgId,
    metadata: { version: policy.version },
  })
  return policy
}

/** People who are named have to be there; who leaves later is left out then. */
async function mustBeSound(change: Change, { orgId }: Actor, rules: PolicyAsk['rules']): Promise<void> {
  const named = rules.flatMap(({ steps, copyTo = [] }, at) => [
    ...steps.flatMap((step, n) => [
      ...placesOf(step.approvers, `/body/rules/${at}/steps/${n}/approvers`),
      ...placesOf(step.copyTo ?? [], `/body/rules/${at}/steps/${n}/copyTo`),
    ]),
    ...placesOf(copyTo, `/body/rules/${at}/copyTo`),
  ])
  const ids = [...new Set(named.map(({ id }) => id))]
  const there = ids.length === 0 ? [] : await listActiveAmong(change.db, orgId, ids)
  const strangers = named
    .filter(({ id }) => !there.some((each) => each.id === id && isOfOrganisation(each.role)))
    .map(({ path }) => ({ path, message: 'is nobody who could decide in the organisation' }))
  const problems = [...problemsOf(rules), ...strangers]
  if (problems.length > 0) throw malformed(problems)
}

function placesOf(
  approvers: readonly { userIds?: string[] }[],
  path: string,
): { id: string; path: string }[] {
  return approvers.flatMap(({ userIds = [] }, at) =>
    userIds.map((id, n) => ({ id, path: `${path}/${at}/userIds/${n}` })),
  )
}
