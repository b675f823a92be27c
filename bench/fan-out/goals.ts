// What was hoped for, and whether this run has it. A goal for all sizes counts by the size that is furthest from it.

import type { Name } from './contenders.ts'
import { latencyOf, ratioOf, SIZES, unheardOf, WAYS, type Findings, type WayName } from './findings.ts'

export interface Goal {
  text: string
  reached: boolean
  found: string
}

const OF_RAW = 0.9
const OF_SOCKETIO = 2
const OF_SOCKETIO_IN_BURSTS = 10
const P50 = 1.5
const P99 = 5
const IDLE = 0.25
const UNHEARD = 10

export function goalsOf(findings: Findings): Goal[] {
  return [
    ...WAYS.map(({ way, title }) =>
      rateGoal(
        findings,
        'uws',
        way,
        OF_RAW,
        `at least ${OF_RAW} of raw uWebSockets.js through the whole broker, ${title}`,
      ),
    ),
    rateGoal(findings, 'socketio', 'alone', OF_SOCKETIO, `at least ${OF_SOCKETIO} times socket.io, alone`),
    rateGoal(findings, 'socketio', 'one', OF_SOCKETIO, `at least ${OF_SOCKETIO} times socket.io, one by one`),
    rateGoal(
      findings,
      'socketio',
      'sixteen',
      OF_SOCKETIO_IN_BURSTS,
      `at least ${OF_SOCKETIO_IN_BURSTS} times socket.io in bursts of sixteen`,
    ),
    unheardGoal(findings),
    latencyGoal(findings, 0.5, P50, 'p50'),
    latencyGoal(findings, 0.99, P99, 'p99'),
    idleGoal(findings),
  ]
}

function rateGoal(findings: Findings, other: Name, way: WayName, least: number, text: string): Goal {
  const ratios = SIZES.map((size) => ({ size, ratio: ratioOf(findings, other, size, way) }))
  return {
    text,
    reached: ratios.every(({ ratio }) => ratio >= least),
    found: ratios.map(({ size, ratio }) => `${ratio.toFixed(2)} at ${size}`).join(', '),
  }
}

function latencyGoal(findings: Findings, share: number, most: number, title: string): Goal {
  const [ours, theirs] = [latencyOf(findings, 'bellhop', share), latencyOf(findings, 'socketio', share)]
  return {
    text: `${title} of at most ${most} ms, and no worse than socket.io`,
    reached: ours <= most && ours <= theirs,
    found: `${ours.toFixed(2)} ms beside ${theirs.toFixed(2)} ms`,
  }
}

function unheardGoal(findings: Findings): Goal {
  const cost = unheardOf(findings, 'bellhop')
  return {
    text: `an event that nobody hears costs a node at most ${UNHEARD} µs`,
    reached: cost <= UNHEARD,
    found: `${cost.toFixed(1)} µs`,
  }
}

function idleGoal({ idle: { uws, bellhop, socketio } }: Findings): Goal {
  const share = bellhop.rss / socketio.rss
  return {
    text: "an idle socket at most a quarter of socket.io's resident memory",
    reached: share <= IDLE,
    found: `${share.toFixed(2)}, of V8's heap ${(bellhop.heap / socketio.heap).toFixed(2)}; raw uWebSockets.js with the same ten channels: ${(uws.rss / socketio.rss).toFixed(2)}`,
  }
}
