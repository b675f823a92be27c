// 20 commands a second, 40 at once, for each connection. What is over that is refused; who keeps on is closed.

import { TokenBucket } from '../../shared/kit/process/token-bucket.ts'

const RATE = { perSecond: 20, burst: 40 }
/** So many refusals without a pause are no client that got carried away. */
const PATIENCE = 40

type RateVerdict = 'fine' | 'too fast' | 'out of patience'

export function newCommandBucket(now: Date): TokenBucket {
  return new TokenBucket(RATE, now.getTime())
}

/** Counts one command. */
export function takeCommand(bucket: TokenBucket, now: Date): RateVerdict {
  const level = bucket.charge(now.getTime())
  if (level >= 0) return 'fine'
  return level >= -PATIENCE ? 'too fast' : 'out of patience'
}
