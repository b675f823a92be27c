// Several decisions in one request. Each stands or falls by itself.

import { AppError } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import type { DecisionsTaken, ManyDecisions } from '../requests/schema.ts'
import { lockApprovals } from '../table.ts'
import { decideApproval } from './decide.ts'

export async function decideMany(
  change: Change,
  actor: Actor,
  { decisions }: ManyDecisions,
): Promise<DecisionsTaken> {
  // All of them first and in one order, so that two who decide on the same ones do not wait for each other.
  await lockApprovals(
    change.db,
    actor.orgId,
    decisions.map(({ id }) => id),
  )
  const results: DecisionsTaken['results'] = []
  for (const asked of decisions) results.push(await decideOne(change, actor, asked))
  return { results }
}

/** A decision is refused before it has written anything: whatever is refused leaves the others as they are. */
async function decideOne(
  change: Change,
  actor: Actor,
  { id, ...asked }: ManyDecisions['decisions'][number],
): Promise<DecisionsTaken['results'][number]> {
  try {
    const approval = await decideApproval(change, actor, id, asked)
    return { id, status: 201, approval, problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error
    return { id, status: error.status, approval: null, problem: { code: error.code, detail: error.message } }
  }
}
