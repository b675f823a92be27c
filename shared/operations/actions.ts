// What failed for good is tried again, by an ADMIN of whose it is.

import { recordAudit } from '../audit/actions.ts'
import { notFound } from '../kit/declare/errors.ts'
import type { Change } from '../kit/store/change.ts'
import { reviveJobs } from '../kit/store/outbox.ts'
import { retryFact } from '../notifications/actions/webhooks.ts'
import { retryDelivery } from '../notifications/actions/retry.ts'
import type { Actor } from '../organisations/roles.ts'
import { findFailure, listFailures } from './queries.ts'
import type { Failure } from './schema.ts'

/** In one transaction. */
const MOST_RETRIED = 500

/** @throws AppError 404 for what did not fail, or is not theirs */
export async function retryFailure(change: Change, actor: Actor, id: string): Promise<Failure> {
  const failure = await findFailure(change, actor.orgId, id)
  if (!failure) throw notFound('Failure')
  await retry(change, actor, failure)
  return failure
}

/** The newest, as many as one transaction takes. @returns how many */
export async function retryFailures(change: Change, actor: Actor): Promise<{ count: number }> {
  const { items } = await listFailures(change, actor.orgId, { limit: MOST_RETRIED })
  for (const failure of items) await retry(change, actor, failure)
  return { count: items.length }
}

async function retry(change: Change, actor: Actor, { id, kind, name }: Failure): Promise<void> {
  if (kind === 'delivery') await retryDelivery(change, actor, id)
  else if (kind === 'fact') await retryFact(change, actor, id)
  else await retryJob(change, actor, id, name)
}

/** A row that has not failed is due: the reconciler has it rung within seconds, under its own id. */
async function retryJob(change: Change, { orgId, id: actorId }: Actor, id: string, name: string) {
  await reviveJobs(change.db, [id])
  const [queue] = name.split('.')
  recordAudit(change, {
    orgId,
    actorId,
    action: 'queue_job_retried',
    entity: 'job',
    entityId: id,
    metadata: { queue },
  })
}
