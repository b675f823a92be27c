// GET /realtime/stats: how this node is doing, for ADMINs of the organisation that operates the installation.

import { mustAllow } from '../shared/integrations/scopes.ts'
import { forbidden, problemOf, unauthorized } from '../shared/kit/declare/errors.ts'
import { jsonAnswer, type HttpAnswer } from '../shared/kit/process/health.ts'
import { bearerTokenIn } from '../shared/kit/outside/bearer.ts'
import { findActor } from '../shared/users/queries.ts'
import { tokenSourceOf } from './session/authenticate.ts'
import type { RealtimeContext } from './session/context.ts'
import { operatesInstallation } from '../shared/organisations/queries.ts'

export async function statsPage(context: RealtimeContext, authorization: string): Promise<HttpAnswer> {
  try {
    await mustOperate(context, authorization)
    return jsonAnswer(200, await statsOf(context))
  } catch (error) {
    const problem = problemOf(error)
    return { ...jsonAnswer(problem.status, problem), headers: { 'Content-Type': 'application/problem+json' } }
  }
}

/** @throws AppError 401, 403 */
async function mustOperate(context: RealtimeContext, authorization: string): Promise<void> {
  const { runtime } = context
  const token = bearerTokenIn(authorization)
  if (!token) throw unauthorized('An access token is missing (Authorization: Bearer …)')
  const { sessionId } = await tokenSourceOf(context, token, '')()
  const actor = await runtime.shares.hold({ part: 'callers' }, () => findActor(runtime.db, sessionId))
  if (!actor) throw unauthorized('The session has ended')
  mustAllow(actor, undefined)
  if (actor.role !== 'ADMIN' || !(await operatesInstallation(runtime, actor.orgId)))
    throw forbidden('Only ADMINs of the organisation that operates this installation see this')
}

async function statsOf({ runtime, hub, broker, node }: RealtimeContext): Promise<object> {
  const { metrics } = runtime
  const [resumes, closes, lag] = await Promise.all([
    metrics.resumes.get(),
    metrics.socketCloses.get(),
    metrics.eventLag.get(),
  ])
  const lagOf = (part: string): number =>
    lag.values.find((value) => value.metricName?.endsWith(part))?.value ?? 0
  return {
    node,
    sockets: hub.peers.size,
    memory: broker.memory.size(),
    partitions: broker.memory.spans(),
    resumes: Object.fromEntries(resumes.values.map(({ labels, value }) => [labels.outcome, value])),
    closes: Object.fromEntries(closes.values.map(({ labels, value }) => [labels.reason, value])),
    lag: { events: lagOf('_count'), meanSeconds: lagOf('_count') > 0 ? lagOf('_sum') / lagOf('_count') : 0 },
    silentPartitions: broker.heartbeat.silentPartitions(),
  }
}
