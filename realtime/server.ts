// The realtime door: upgrade → open → message → drain → close, in this order.
// Promise: a client hears every event of its channels from the cursor in its hello on, or is told that it did not.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { unavailable } from '../shared/kit/errors.ts'
import type { Page } from '../shared/kit/health.ts'
import type { House } from '../shared/kit/house.ts'
import { whenReady } from '../shared/kit/redis.ts'
import { closeDeadSessions, proofIn, type Proof } from './admission.ts'
import { refusal } from './commands.ts'
import type { Door } from './door.ts'
import { healthPages } from './health.ts'
import { Broker, type Loss } from './socket/broker.ts'
import { sayGoodbye } from './socket/goodbye.ts'
import { mustComeFromOurPages, mustSpeakOurs, type Handshake } from './socket/handshake.ts'
import { Hub } from './socket/hub.ts'
import { Topics } from './socket/topics.ts'
import { openTransport, type Transport } from './socket/uws.ts'
import { beginVisit } from './visit.ts'

type Admission = { admitted: Proof | undefined } | Page

/** @throws Error when the port is taken */
export async function openRealtime(house: House): Promise<{ port: number; close(): Promise<void> }> {
  await whenReady(house.redis)
  const topics = new Topics()
  const hub = new Hub((channel, text) => transport.publish(channel, text) + topics.publish(channel, text), house)
  const broker = new Broker(house, { take: (entries) => hub.take(entries), lost: (loss) => lost(door, loss) })
  const door: Door = { house, hub, broker, topics, node: randomBytes(4).toString('hex'), isClosing: false }
  const transport = openTransport<Proof | undefined>({
    path: '/ws',
    upgrade: (handshake) => upgrade(door, handshake),
    open: (connection, proof) => beginVisit(door, connection, proof),
    pages: healthPages(door),
  })
  // The end of a session is said on session:<id>, to every node.
  hub.control('session', (entry) => hub.endSession(entry.channel.slice('session:'.length)))
  const overdue = setInterval(() => hub.closeOverdue(house.clock.now()), 1000)
  const close = async (): Promise<void> => {
    await drain(door, transport)
    clearInterval(overdue)
    await broker.close()
    transport.close()
  }

  try {
    await broker.start()
    return { port: await transport.listen(house.config.HOST, house.config.REALTIME_PORT), close }
  } catch (error) {
    await close()
    throw error
  }
}

function upgrade(door: Door, handshake: Handshake): Admission {
  try {
    if (door.isClosing) throw unavailable('This node is going away')
    mustSpeakOurs(handshake)
    mustComeFromOurPages(handshake, door.house.config.CORS_ORIGINS)
    return { admitted: proofIn(door.house, handshake) }
  } catch (error) {
    const problem = refusal(door, error)
    const headers = { 'Content-Type': 'application/problem+json', ...(problem.status === 401 && { 'WWW-Authenticate': 'Bearer' }) }
    return { status: problem.status, headers, body: JSON.stringify(problem) }
  }
}

function lost(door: Door, loss: Loss): void {
  door.hub.lost(loss)
  closeDeadSessions(door, (channel) => door.house.stream.partitionOf(channel) in loss.from.cursor)
    .catch((error: unknown) => door.house.log.error({ err: error }, 'sockets of ended sessions may stay until their tokens end'))
}

/** For the last frames to leave; the rest of SHUTDOWN_DEADLINE is for the house. */
const FLUSH = 50
const SLOW_FLUSH = 2000

async function drain(door: Door, transport: Transport): Promise<void> {
  door.isClosing = true
  transport.refuseNew()
  const peers = [...door.hub.peers]
  const lagging = peers.some((peer) => peer.connection.backlog() > 0)
  await sayGoodbye(door.hub, peers)
  await Promise.all(peers.map((peer) => peer.turn))
  if (peers.length > 0) await pause(lagging ? SLOW_FLUSH : FLUSH)
}
