// The realtime door: upgrade → open → message → drain → close, in this order.
// Promise: a client hears every event of its channels from the cursor in its hello on, or is told that it did not.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { clientAddress } from '../shared/kit/address.ts'
import { unavailable } from '../shared/kit/errors.ts'
import type { Page } from '../shared/kit/health.ts'
import type { House } from '../shared/kit/house.ts'
import { whenReady } from '../shared/kit/redis.ts'
import { MINUTE, SECOND } from '../shared/kit/time.ts'
import { troubleTeller } from '../shared/kit/trouble.ts'
import { proofIn, type Proof } from './admission.ts'
import { refusal } from './commands.ts'
import type { Door } from './door.ts'
import { Endings } from './endings.ts'
import { Entrance } from './entrance.ts'
import { openEventStreams } from './event-stream.ts'
import { healthPages } from './health.ts'
import { Membership } from './membership.ts'
import { Presence } from './presence.ts'
import { problemPage } from './problem-page.ts'
import { Broker, type Loss } from './socket/broker.ts'
import { frame } from './socket/frames.ts'
import { sayGoodbye } from './socket/goodbye.ts'
import { mustComeFromOurPages, mustSpeakOurs, type Handshake } from './socket/handshake.ts'
import { Hub } from './socket/hub.ts'
import type { Peer } from './socket/peer.ts'
import { Topics } from './socket/topics.ts'
import { openTransport, type Transport } from './socket/uws.ts'
import { Whispers } from './socket/whispers.ts'
import { openSocketio, type SocketioServer } from './socketio/attach.ts'
import { Typing } from './typing.ts'
import { beginVisit } from './visit.ts'

const TICK = MINUTE

type Admission = { admitted: Proof | undefined } | Page

export interface Realtime {
  port: number
  socketioPort: number
  close(): Promise<void>
}

/** @throws Error when a port is taken */
export async function openRealtime(house: House): Promise<Realtime> {
  await whenReady(house.redis)
  const topics = new Topics()
  const hub = new Hub((channel, text) => transport.publish(channel, text) + topics.publish(channel, text), house, (peer) => left(door, peer))
  const whispers = new Whispers(house, (channel, text) => hub.whisper(channel, text))
  const broker = new Broker(house, { take: (entries) => hub.take(entries), lost: (loss) => lost(door, loss) })
  const node = randomBytes(4).toString('hex')
  const membership = new Membership(house, hub)
  const typing = new Typing(house, whispers)
  const presence = new Presence(house, node, whispers, membership)
  const entrance = new Entrance(house)
  const endings = new Endings(house, (sessionId) => hub.endSession(sessionId))
  const door: Door = { house, hub, broker, topics, presence, entrance, endings, membership, typing, node, warn: troubleTeller(house), isClosing: false }
  const streams = openEventStreams(door)
  const transport = openTransport<Proof | undefined>({
    path: '/ws',
    addressOf: (seen) => clientAddress(house.config, seen),
    upgrade: (handshake) => upgrade(door, handshake),
    open: (connection, proof) => beginVisit(door, connection, proof),
    pages: healthPages(door),
    streams,
  })
  const socketio = openSocketio(door)
  // The end of a session is said on session:<id>, to every node.
  hub.control('session', (entry) => endings.add(entry.channel.slice('session:'.length)))
  hub.watch((entry) => {
    membership.take(entry)
    typing.take(entry)
  })
  const overdue = setInterval(() => hub.closeOverdue(house.clock.now()), SECOND)
  // So that the cursor of somebody to whom nothing is said does not fall out of the log.
  const ticks = setInterval(() => hub.announce(frame({ t: 'tick', cursor: broker.positions().cursor })), TICK)
  const close = async (): Promise<void> => {
    await drain(door, [transport, socketio])
    clearInterval(overdue)
    clearInterval(ticks)
    await presence.close()
    await membership.close()
    await endings.stop()
    typing.close()
    whispers.close()
    streams.stop()
    await broker.close()
    await socketio.close()
    transport.close()
  }

  try {
    await broker.start()
    await whispers.start()
    await endings.start()
    presence.start()
    const port = await transport.listen(house.config.HOST, house.config.REALTIME_PORT)
    return { port, socketioPort: await socketio.listen(), close }
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
    const admitted = proofIn(door.house, handshake)
    door.entrance.admit(handshake.address, door.hub.peers.size)
    return { admitted }
  } catch (error) {
    return problemPage(refusal(door, error))
  }
}

function left({ presence, entrance }: Door, peer: Peer): void {
  entrance.left(peer.connection.address)
  if (peer.actor) presence.went(peer.actor)
}

function lost(door: Door, loss: Loss): void {
  door.hub.lost(loss)
  door.endings.doubt()
}

/** For the last frames to leave; the rest of SHUTDOWN_DEADLINE is for the house. */
const FLUSH = 50
const SLOW_FLUSH = 2000

async function drain(door: Door, servers: readonly (Transport | SocketioServer)[]): Promise<void> {
  door.isClosing = true
  for (const server of servers) server.refuseNew()
  const peers = [...door.hub.peers]
  const lagging = peers.some((peer) => peer.connection.backlog() > 0)
  await sayGoodbye(door.hub, peers)
  await Promise.all(peers.map((peer) => peer.turn))
  if (peers.length > 0) await pause(lagging ? SLOW_FLUSH : FLUSH)
}
