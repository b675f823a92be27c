// What a client was told, held against what was written. The test itself records what was written, as the log forgets.
// Promise: every event on a client's channels is told once and in its order, or lies in a gap that the client was told of;
// and no gap is told of without a cause.

export interface Point {
  /** Counts the epochs of the log. */
  era: number
  seq: number
}

export interface Written extends Point {
  n: number
  partition: number
  channel: string
}

/** What a `refetch` says of one partition. */
export interface Gap {
  reason: string
  channels: readonly string[]
  partition: number
  /** Where the client stood when it heard of it, and where it goes on. */
  from: Point
  to: Point
  /** Undefined when there was a cause: trimmed, over the cap, or another epoch. */
  unfounded: string | undefined
}

export interface Account {
  who: string
  channels: readonly string[]
  /** Where its first hello stood, per partition: everything after it is promised. */
  since: ReadonlyMap<number, Point>
  /** The numbers of what was told, in the order in which it was told. */
  told: readonly number[]
  gaps: readonly Gap[]
}

const BEGINNING: Point = { era: 0, seq: 0 }

/** @returns sentences, none when all is well */
export function complaintsOf(account: Account, written: readonly Written[]): string[] {
  const byNumber = new Map(written.map((each) => [each.n, each]))
  const told = account.told.flatMap((n) => byNumber.get(n) ?? [])
  return [
    ...doubled(account.told),
    ...strange(account, told),
    ...disordered(told),
    ...missing(account, written),
    ...account.gaps.flatMap((gap) =>
      gap.unfounded === undefined ? [] : [`${textOf(gap)} without a cause: ${gap.unfounded}`],
    ),
  ].map((complaint) => `${account.who}: ${complaint}`)
}

export function compare(a: Point, b: Point): number {
  return a.era - b.era || a.seq - b.seq
}

function doubled(told: readonly number[]): string[] {
  return [...new Set(told.filter((n, at) => told.indexOf(n) < at))].map((n) => `event ${n} was told twice`)
}

function strange({ channels, told: numbers }: Account, told: readonly Written[]): string[] {
  const others = told
    .filter(({ channel }) => !channels.includes(channel))
    .map(({ n }) => `event ${n} is not for them`)
  return numbers.length === told.length ? others : [...others, 'something was told that nobody wrote']
}

function disordered(told: readonly Written[]): string[] {
  const last = new Map<number, Written>()
  return told.flatMap((each) => {
    const before = last.get(each.partition)
    last.set(each.partition, each)
    return before && compare(before, each) >= 0 ? [`event ${each.n} was told after event ${before.n}`] : []
  })
}

function missing({ channels, since, told, gaps }: Account, written: readonly Written[]): string[] {
  const known = new Set(told)
  return written
    .filter(
      (each) =>
        channels.includes(each.channel) &&
        !known.has(each.n) &&
        compare(each, since.get(each.partition) ?? BEGINNING) > 0,
    )
    .filter((each) => !gaps.some((gap) => covers(gap, each)))
    .map(
      ({ n, partition, era, seq }) =>
        `event ${n} (partition ${partition}, epoch ${era}, number ${seq}) is missing, and no refetch covers it`,
    )
}

function covers({ partition, channels, from, to }: Gap, each: Written): boolean {
  return (
    partition === each.partition &&
    channels.includes(each.channel) &&
    compare(from, each) < 0 &&
    compare(each, to) <= 0
  )
}

function textOf({ reason, partition, from, to }: Gap): string {
  return `refetch (${reason}) of partition ${partition} from ${from.era}/${from.seq} to ${to.era}/${to.seq}`
}
