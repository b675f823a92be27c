// The servers that deliveries go to, each kind with the places of its own queue. What is above a server's share is charged no attempt.

import { Lanes } from '../../kit/lanes.ts'

const KINDS = { push: new Lanes(), webhook: new Lanes() }

/** @param by an errand's way that has a lane */
export function lanesOf(by: object): Lanes {
  return 'push' in by ? KINDS.push : KINDS.webhook
}
