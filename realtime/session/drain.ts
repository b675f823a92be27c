// How a node that goes away lets its sockets go, so that they do not all fall upon its neighbours in one second.

import { setTimeout as pause } from 'node:timers/promises'
import { CLOSE } from '../transport/close-codes.ts'
import { encodeFrame } from '../../shared/protocol/frames.ts'
import type { Hub } from './hub.ts'
import type { ClientState } from './client-state.ts'

/** What the other nodes take without noticing. */
const RETURNS_PER_SECOND = 200
const LONGEST_SPREAD = 5000
/** With their pauses two seconds at most, of the ten that a process has. */
const BATCHES = 20
const BATCH_PAUSE = 100
const SMALLEST_BATCH = 100

/** Tells each when to come back, and closes it. */
export async function drainConnections(hub: Hub, peers: readonly ClientState[]): Promise<void> {
  const spread = Math.min(LONGEST_SPREAD, (peers.length * 1000) / RETURNS_PER_SECOND)
  const size = Math.max(SMALLEST_BATCH, Math.ceil(peers.length / BATCHES))
  for (let from = 0; from < peers.length; from += size) {
    if (from > 0) await pause(BATCH_PAUSE)
    for (const client of peers.slice(from, from + size)) {
      client.connection.send(
        encodeFrame({ t: 'bye', reconnect: true, after: Math.floor(Math.random() * spread) }),
      )
      hub.close(client, CLOSE.goingAway)
    }
  }
}
