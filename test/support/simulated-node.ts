// A realtime node without a network: hub, broker, catching up and visits as they are, put together as server.ts does.

import { openSession } from '../../realtime/session/client-session.ts'
import type { RealtimeContext } from '../../realtime/session/context.ts'
import { RevokedSessions } from '../../realtime/session/revoked-sessions.ts'
import { ConnectionLimits } from '../../realtime/session/connection-limits.ts'
import { Membership } from '../../realtime/session/membership.ts'
import { Presence } from '../../realtime/session/presence.ts'
import { Broker } from '../../realtime/log/broker.ts'
import { drainConnections } from '../../realtime/session/drain.ts'
import { Hub } from '../../realtime/session/hub.ts'
import { Topics } from '../../realtime/transport/topics.ts'
import { EphemeralBus } from '../../realtime/session/ephemeral-bus.ts'
import { TypingNotices } from '../../realtime/session/typing.ts'
import { IssuerTokens } from '../../shared/issuers/issuer-tokens.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { DAY, plusMs } from '../../shared/kit/time/time.ts'
import type { HeldRedis } from './held-redis.ts'
import type { LogBook } from './log-book.ts'
import { SimulatedLine, type SimulatedClient } from './simulated-client.ts'

export interface SimulatedNode {
  readonly name: string
  /** @param isFrozen whether its hello is still under way */
  visit(client: SimulatedClient, book: LogBook, isFrozen: boolean): SimulatedLine
  /** Writes what proves that it lives. */
  beat(): Promise<void>
  sayGoodbye(): Promise<void>
  /** Its sockets are cut by whoever kills it. */
  kill(): Promise<void>
}

/** @param name decides which commands wait in `held` · @param track told of what the node does without being asked */
export async function startNode(
  base: Runtime,
  held: HeldRedis,
  name: string,
  track: <T>(work: Promise<T>) => Promise<T>,
): Promise<SimulatedNode> {
  const url = new URL(base.config.REDIS_URL ?? '')
  url.searchParams.set('connectionName', name)
  const { stream } = base
  const runtime: Runtime = {
    ...base,
    config: { ...base.config, REDIS_URL: url.href },
    stream: {
      ...stream,
      append: (entry) => track(stream.append(entry)),
      renewEpoch: (partition, seen) => track(stream.renewEpoch(partition, seen)),
    },
  }
  const context = doorOf(runtime, name)
  held.setOpen(name, true)
  await context.broker.start()
  held.setOpen(name, false)
  return {
    name,
    visit(client, book, isFrozen) {
      const line = new SimulatedLine(name, client, context.topics, book, isFrozen)
      const pass = {
        sessionId: client.sessionId,
        expiresAt: plusMs(runtime.clock.now(), DAY),
        actor: undefined,
      }
      line.receiver = openSession(context, line, async () => pass)
      return line
    },
    beat: () => context.broker.heartbeat.beat(),
    sayGoodbye: () => drainConnections(context.hub, [...context.hub.peers]),
    async kill() {
      const closing = context.broker.close()
      held.cutOff(name)
      await closing
    },
  }
}

/** Its people are in no room, and nobody has to wait for a read to know that. */
class NoRooms extends Membership {
  override async channelsOf(): Promise<string[]> {
    return []
  }
}

/** Presence and whispers are there and say nothing: they are in no log. Endings are not started: Postgres says who lives. */
function doorOf(runtime: Runtime, node: string): RealtimeContext {
  const topics = new Topics()
  const hub = new Hub(
    (channel, frame) => topics.publish(channel, frame),
    runtime,
    () => undefined,
  )
  const broker = new Broker(runtime, { take: (entries) => hub.take(entries), lost: (loss) => hub.lost(loss) })
  const whispers = new EphemeralBus(runtime, () => undefined)
  const membership = new NoRooms(runtime, hub)
  const presence = new Presence(runtime, node, whispers, membership)
  const endings = new RevokedSessions(runtime, (sessionId) => hub.endSession(sessionId))
  return {
    runtime,
    hub,
    broker,
    topics,
    presence,
    connectionLimits: new ConnectionLimits(runtime),
    revokedSessions: endings,
    issuerTokens: new IssuerTokens(runtime),
    membership,
    typing: new TypingNotices(runtime, whispers),
    node,
    warn: () => undefined,
    isClosing: false,
  }
}
