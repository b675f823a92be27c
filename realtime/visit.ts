// One connection's visit, whatever brought it: entering, being let in, its commands in their turn.
// Promise: replies come in the order of the commands, and a connection that is gone is asked nothing more.

import { repeatOnOutage } from '../shared/kit/repeat.ts'
import type { Positions } from '../shared/kit/stream.ts'
import { letIn, type Proof } from './admission.ts'
import type { Speaker } from './chat-commands.ts'
import { answer, answerWith, refusal, resume } from './commands.ts'
import type { Door } from './door.ts'
import { CLOSE, type Closing } from './socket/close-codes.ts'
import type { Connection, Receiver } from './socket/connection.ts'
import { newPeer, type Peer } from './socket/peer.ts'
import { spend } from './socket/rate.ts'

export interface Visit extends Receiver {
  /** A command that no frame carries, in its turn like any other. @param work makes what its reply says */
  carry(ref: number, work: (speaker: Speaker) => Promise<unknown>): void
}

/** @param from where a client stands that cannot say `resume` itself */
export function beginVisit(door: Door, connection: Connection, proof: Proof | undefined, from?: Partial<Positions>): Visit {
  const peer = newPeer(connection, door.house.clock.now())
  // Hears nothing new before it has been told what it missed.
  peer.isMuted = from !== undefined
  door.hub.enter(peer)
  if (proof) inTurn(door, peer, () => letInOrClose(door, peer, proof))
  if (from) inTurn(door, peer, () => resume(door, peer, from))
  return {
    message: (text) => message(door, peer, text),
    carry: (ref, work) => spending(door, peer, (isTooFast) => answerWith(door, peer, ref, isTooFast, work)),
    closed: (why) => door.hub.left(peer, why),
  }
}

async function letInOrClose(door: Door, peer: Peer, proof: Proof): Promise<void> {
  let why: Closing = CLOSE.badToken
  try {
    const pass = await proof()
    why = CLOSE.sessionEnded
    await repeatOnOutage(() => letIn(door, peer, pass))
  } catch (error) {
    door.hub.close(peer, refusal(door, error).status === 401 ? why : CLOSE.unavailable)
  }
}

function message(door: Door, peer: Peer, text: string | undefined): void {
  if (text === undefined) return door.hub.close(peer, CLOSE.protocolError)
  spending(door, peer, (isTooFast) => answer(door, peer, text, isTooFast))
}

function spending(door: Door, peer: Peer, work: (isTooFast: boolean) => Promise<void>): void {
  const verdict = spend(peer.bucket, door.house.clock.now())
  if (verdict === 'out of patience') return door.hub.close(peer, CLOSE.rateLimited)
  inTurn(door, peer, () => work(verdict === 'too fast'))
}

/** One after the other, so that replies come in the order of the commands. The rate bounds the line. */
function inTurn(door: Door, peer: Peer, work: () => Promise<void>): void {
  peer.turn = peer.turn.then(() => (door.hub.peers.has(peer) ? work() : undefined)).catch((error: unknown) => {
    door.house.log.error({ err: error }, 'a socket is closed after a fault')
    door.hub.close(peer, CLOSE.unavailable)
  })
}

