// A token bucket per connection: 20 commands a second, 40 at once. What is over that is refused; who keeps on is closed.

const PER_SECOND = 20
const BURST = 40
/** So many refusals without a pause are no client that got carried away. */
const PATIENCE = 40

export interface CommandBucket {
  level: number
  at: Date
}

type RateVerdict = 'fine' | 'too fast' | 'out of patience'

export function newCommandBucket(now: Date): CommandBucket {
  return { level: BURST, at: now }
}

/** Takes one command out of the bucket. */
export function takeCommand(bucket: CommandBucket, now: Date): RateVerdict {
  const refill = Math.max(0, ((now.getTime() - bucket.at.getTime()) * PER_SECOND) / 1000)
  bucket.level = Math.min(BURST, bucket.level + refill) - 1
  bucket.at = now
  if (bucket.level >= 0) return 'fine'
  return bucket.level >= -PATIENCE ? 'too fast' : 'out of patience'
}
