// The realtime door: upgrade → open → message → drain → close, in this order.
// Promise: a client hears every event of its channels from the cursor in its hello on, or is told that it did not.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { clientAddress } from '../shared/kit/outside/client-address.ts'
import { unavailable } from '../shared/kit/declare/errors.ts'
import type { HttpAnswer } from '../shared/kit/process/health.ts'
import { IssuerTokens } from '../shared/issuers/issuer-tokens.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { SIGN_EVERY, showRealtimeSign } from '../shared/kit/store/realtime-sign.ts'
import { whenReady } from '../shared/kit/store/redis.ts'
import { MINUTE, SECOND } from '../shared/kit/time/time.ts'
import { throttledWarning } from '../shared/kit/process/throttled-log.ts'
import { tokenSourceIn, type TokenSource } from './session/authenticate.ts'
import { problemReply } from './session/commands.ts'
import type { RealtimeContext } from './session/context.ts'
import { RevokedSessions } from './session/revoked-sessions.ts'
import { ConnectionLimits } from './session/connection-limits.ts'
import { openEventStreams } from './event-stream.ts'
import { healthPages } from './health.ts'
import { Membership } from './session/membership.ts'
import { Presence } from './session/presence.ts'
import { problemPage } from './transport/problem-response.ts'
import { Broker, type Loss } from './log/broker.ts'
import { encodeFrame } from '../shared/protocol/frames.ts'
import { drainConnections } from './session/drain.ts'
import { mustComeFromOurPages, mustSpeakOurs, type WebSocketHandshake } from './transport/handshake.ts'
import { Hub } from './session/hub.ts'
import type { ClientState } from './session/client-state.ts'
import { Topics } from './transport/topics.ts'
import { chooseTransport, type ChosenTransport } from './transport/choose-transport.ts'
import type { Transport } from './transport/transport.ts'
import { EphemeralBus } from './session/ephemeral-bus.ts'
import { startSocketio, type SocketioServer } from './socketio/attach.ts'
import { TypingNotices } from './session/typing.ts'
import { openSession } from './session/client-session.ts'

const TICK = MINUTE

type Admission = { admitted: TokenSource | undefined } | HttpAnswer

export interface Realtime {
  port: number
  socketioPort: number
  transport: ChosenTransport['name']
  close(): Promise<void>
}

/** @throws Error when a port is taken, or the transport that was asked for does not load */
export async function openRealtime(runtime: Runtime): Promise<Realtime> {
  const chosen = await chooseTransport(runtime)
  await whenReady(runtime.redis)
  const topics = new Topics()
  const publish = (channel: string, text: string): number =>
    transport.publish(channel, text) + topics.publish(channel, text)
  const { context, ephemeralBus } = openContext(runtime, topics, publish)
  const streams = openEventStreams(context)
  const transport = chosen.open<TokenSource | undefined>({
    path: '/ws',
    addressOf: (seen) => clientAddress(runtime.config, seen),
    upgrade: (handshake) => upgrade(context, handshake),
    open: (connection, proof) => openSession(context, connection, proof),
    pages: healthPages(context),
    streams,
  })
  const socketio = startSocketio(context)
  const stopTimers = startTimers(context)
  const close = async (): Promise<void> => {
    await drain(context, [transport, socketio])
    stopTimers()
    await closeContext(context, ephemeralBus)
    streams.stop()
    await context.broker.close()
    await socketio.close()
    transport.close()
  }

  try {
    await startContext(context, ephemeralBus)
    const port = await transport.listen(runtime.config.HOST, runtime.config.REALTIME_PORT)
    const socketioPort = await socketio.listen()
    await showRealtimeSign(runtime)
    return { port, socketioPort, transport: chosen.name, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Opened {
  context: RealtimeContext
  ephemeralBus: EphemeralBus
}

/** What follows the log and knows the sessions; no client reaches it yet. */
function openContext(
  runtime: Runtime,
  topics: Topics,
  publish: (channel: string, text: string) => number,
): Opened {
  const hub = new Hub(publish, runtime, (client) => left(context, client))
  const ephemeralBus = new EphemeralBus(runtime, (channel, text) => hub.whisper(channel, text))
  const broker = new Broker(runtime, {
    take: (entries) => hub.take(entries),
    lost: (loss) => lost(context, loss),
  })
  const node = randomBytes(4).toString('hex')
  const membership = new Membership(runtime, hub)
  const context: RealtimeContext = {
    runtime,
    hub,
    broker,
    topics,
    presence: new Presence(runtime, node, ephemeralBus, membership),
    connectionLimits: new ConnectionLimits(runtime),
    revokedSessions: new RevokedSessions(runtime, (sessionId) => hub.endSession(sessionId)),
    issuerTokens: new IssuerTokens(runtime),
    membership,
    typing: new TypingNotices(runtime, ephemeralBus),
    node,
    warn: throttledWarning(runtime),
    isClosing: false,
  }
  listenToLog(context)
  return { context, ephemeralBus }
}

function listenToLog({ hub, revokedSessions, membership, typing }: RealtimeContext): void {
  // The end of a session is said on session:<id>, to every node.
  hub.control('session', (entry) => revokedSessions.add(entry.channel.slice('session:'.length)))
  hub.watch((entry) => {
    membership.take(entry)
    typing.take(entry)
  })
}

async function startContext(
  { broker, revokedSessions, presence }: RealtimeContext,
  ephemeralBus: EphemeralBus,
): Promise<void> {
  await broker.start()
  await ephemeralBus.start()
  await revokedSessions.start()
  presence.start()
}

async function closeContext(
  { presence, membership, revokedSessions, typing }: RealtimeContext,
  ephemeralBus: EphemeralBus,
): Promise<void> {
  await presence.close()
  await membership.close()
  await revokedSessions.stop()
  typing.close()
  ephemeralBus.close()
}

/** @returns what stops them */
function startTimers({ runtime, hub, broker }: RealtimeContext): () => void {
  const overdue = setInterval(() => hub.closeOverdue(runtime.clock.now()), SECOND)
  // So that the cursor of somebody to whom nothing is said does not fall out of the log.
  const ticks = setInterval(
    () => hub.announce(encodeFrame({ t: 'tick', cursor: broker.positions().cursor })),
    TICK,
  )
  // Failing needs no word: whoever asks for the sign sees that it is not there.
  const sign = setInterval(() => void showRealtimeSign(runtime).catch(() => undefined), SIGN_EVERY)
  return () => {
    clearInterval(overdue)
    clearInterval(ticks)
    clearInterval(sign)
  }
}

function upgrade(context: RealtimeContext, handshake: WebSocketHandshake): Admission {
  try {
    if (context.isClosing) throw unavailable('This node is going away')
    mustSpeakOurs(handshake)
    mustComeFromOurPages(handshake, context.runtime.config.CORS_ORIGINS)
    const admitted = tokenSourceIn(context, handshake)
    context.connectionLimits.admit(handshake.address, context.hub.peers.size)
    return { admitted }
  } catch (error) {
    return problemPage(problemReply(context, error))
  }
}

function left({ presence, connectionLimits }: RealtimeContext, client: ClientState): void {
  connectionLimits.left(client.connection.address)
  if (client.actor) presence.went(client.actor)
}

function lost(context: RealtimeContext, loss: Loss): void {
  context.hub.lost(loss)
  context.revokedSessions.doubt()
}

/** For the last frames to leave; the rest of SHUTDOWN_DEADLINE is for closing the runtime. */
const FLUSH = 50
const SLOW_FLUSH = 2000

async function drain(
  context: RealtimeContext,
  servers: readonly (Transport | SocketioServer)[],
): Promise<void> {
  context.isClosing = true
  for (const server of servers) server.refuseNew()
  const peers = [...context.hub.peers]
  const lagging = peers.some((client) => client.connection.backlog() > 0)
  await drainConnections(context.hub, peers)
  await Promise.all(peers.map((client) => client.turn))
  if (peers.length > 0) await pause(lagging ? SLOW_FLUSH : FLUSH)
}
