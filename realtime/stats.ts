// GET /realtime/stats: how this node is doing, for ADMINs of the organisation that operates the installation.

import { forbidden, problemOf, unauthorized } from '../shared/kit/errors.ts'
import { json, type Page } from '../shared/kit/health.ts'
import { findActor } from '../shared/users/queries.ts'
import { verifyAccessToken } from '../shared/users/tokens.ts'
import type { Door } from './door.ts'
import { findOperator } from '../shared/organisations/queries.ts'

export async function statsPage(door: Door, authorization: string): Promise<Page> {
  try {
    await mustOperate(door, authorization)
    return json(200, await statsOf(door))
  } catch (error) {
    const problem = problemOf(error)
    return { ...json(problem.status, problem), headers: { 'Content-Type': 'application/problem+json' } }
  }
}

/** @throws AppError 401, 403 */
async function mustOperate({ house }: Door, authorization: string): Promise<void> {
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  if (!token) throw unauthorized('An access token is missing (Authorization: Bearer …)')
  const { sid } = verifyAccessToken(house.config, token, house.clock.now())
  const actor = await house.shares.hold({ part: 'callers' }, () => findActor(house.db, sid))
  if (!actor) throw unauthorized('The session has ended')
  const operator = await findOperator(house.db, house.config.BOARD_ORGANISATION)
  if (actor.role !== 'ADMIN' || actor.orgId !== operator?.id) throw forbidden('Only ADMINs of the organisation that operates this installation see this')
}

async function statsOf({ house, hub, broker, node }: Door): Promise<object> {
  const { metrics } = house
  const [resumes, closes, lag] = await Promise.all([metrics.resumes.get(), metrics.socketCloses.get(), metrics.eventLag.get()])
  const lagOf = (part: string): number => lag.values.find((value) => value.metricName?.endsWith(part))?.value ?? 0
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
