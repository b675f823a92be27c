// What an operator watches of approvals.

import type { Runtime } from '../kit/process/runtime.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import { countOverdue } from './queries.ts'

/** An alarm that rings in time has ended an approval within seconds. */
const GRACE = MINUTE

export async function measureOverdue({ probe, clock, metrics }: Runtime): Promise<void> {
  metrics.approvalsOverdue.set(await countOverdue(probe, plusMs(clock.now(), -GRACE)))
}
