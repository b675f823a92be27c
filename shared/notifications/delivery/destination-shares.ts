// The servers that deliveries go to, each kind with the places of its own queue. What is above a server's share is charged no attempt.

import { ConcurrencyShares } from '../../kit/process/concurrency-shares.ts'

const KINDS = { push: new ConcurrencyShares(), webhook: new ConcurrencyShares() }

/** @param by an errand's way that has a lane */
export function destinationSharesOf(by: object): ConcurrencyShares {
  return 'push' in by ? KINDS.push : KINDS.webhook
}
