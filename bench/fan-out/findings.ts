// What the rounds found, and how it is read: medians over rounds, ratios within a round.

import type { Name } from './contenders.ts'
import type { Idle, Rate, Returns, Way } from './measures.ts'

export const TITLES: Readonly<Record<Name, string>> = {
  uws: 'raw uWebSockets.js',
  bellhop: 'Bellhop',
  ws: 'Bellhop on ws',
  socketio: 'socket.io',
}
/** Those whose server reads what is said to others. Raw, a server is told only what it is to say. */
export const READING: readonly Name[] = ['bellhop', 'ws', 'socketio']
export const SIZES = [100, 1000, 5000] as const
export const WAYS: readonly { way: WayName; title: string; load: Way }[] = [
  { way: 'alone', title: 'alone', load: { perTick: 1, underWay: 1 } },
  { way: 'one', title: 'one by one', load: { perTick: 1, underWay: 8 } },
  { way: 'sixteen', title: 'sixteen', load: { perTick: 16, underWay: 2 } },
]
export type WayName = 'alone' | 'one' | 'sixteen'

export interface Round {
  rates: ({ name: Name; size: number; way: string } & Rate)[]
  latencies: { name: Name; took: readonly number[] }[]
  /** Microseconds of processor per event that nobody hears. */
  unheard: { name: Name; cost: number }[]
}

export interface Findings {
  rounds: readonly Round[]
  idle: Record<Name, Idle>
  returns: Returns
}

/** One of each round. */
export function ratesOf({ rounds }: Findings, name: Name, size: number, way: string): Rate[] {
  return rounds.flatMap(({ rates }) =>
    rates.filter((each) => each.name === name && each.size === size && each.way === way),
  )
}

/** Bellhop's deliveries per core as a multiple of another's in the same round. */
export function ratioOf(findings: Findings, other: Name, size: number, way: string): number {
  const others = ratesOf(findings, other, size, way)
  return median(
    ratesOf(findings, 'bellhop', size, way).map(
      ({ perCore }, round) => perCore / (others[round]?.perCore ?? Number.NaN),
    ),
  )
}

/** Microseconds, the median of the rounds. */
export function unheardOf({ rounds }: Findings, name: Name): number {
  return median(
    rounds.flatMap(({ unheard }) => unheard.filter((each) => each.name === name).map(({ cost }) => cost)),
  )
}

/** The median of the rounds' own quantiles. */
export function latencyOf({ rounds }: Findings, name: Name, share: number): number {
  return median(
    rounds.flatMap(({ latencies }) =>
      latencies.filter((each) => each.name === name).map(({ took }) => quantile(took, share)),
    ),
  )
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
    Number.NaN
  )
}
