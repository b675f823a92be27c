// A realtime node without a network: hub, broker, catching up and visits as they are, put together as server.ts does.

import { beginVisit } from '../../realtime/visit.ts'
import type { Door } from '../../realtime/door.ts'
import { Endings } from '../../realtime/endings.ts'
import { Entrance } from '../../realtime/entrance.ts'
import { Membership } from '../../realtime/membership.ts'
import { Presence } from '../../realtime/presence.ts'
import { Broker } from '../../realtime/socket/broker.ts'
import { sayGoodbye } from '../../realtime/socket/goodbye.ts'
import { Hub } from '../../realtime/socket/hub.ts'
import { Topics } from '../../realtime/socket/topics.ts'
import { Whispers } from '../../realtime/socket/whispers.ts'
import { Typing } from '../../realtime/typing.ts'
import type { House } from '../../shared/kit/house.ts'
import { DAY, plus } from '../../shared/kit/time.ts'
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
export async function startNode(base: House, held: HeldRedis, name: string, track: <T>(work: Promise<T>) => Promise<T>): Promise<SimulatedNode> {
  const url = new URL(base.config.REDIS_URL ?? '')
  url.searchParams.set('connectionName', name)
  const { stream } = base
  const house: House = {
    ...base, config: { ...base.config, REDIS_URL: url.href },
    stream: { ...stream, append: (entry) => track(stream.append(entry)), renewEpoch: (partition, seen) => track(stream.renewEpoch(partition, seen)) },
  }
  const door = doorOf(house, name)
  held.setOpen(name, true)
  await door.broker.start()
  held.setOpen(name, false)
  return {
    name,
    visit(client, book, isFrozen) {
      const line = new SimulatedLine(name, client, door.topics, book, isFrozen)
      const pass = { sessionId: client.sessionId, expiresAt: plus(house.clock.now(), DAY), actor: undefined }
      line.receiver = beginVisit(door, line, async () => pass)
      return line
    },
    beat: () => door.broker.heartbeat.beat(),
    sayGoodbye: () => sayGoodbye(door.hub, [...door.hub.peers]),
    async kill() {
      const closing = door.broker.close()
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
function doorOf(house: House, node: string): Door {
  const topics = new Topics()
  const hub = new Hub(topics.publish, house, () => undefined)
  const broker = new Broker(house, { take: (entries) => hub.take(entries), lost: (loss) => hub.lost(loss) })
  const whispers = new Whispers(house, () => undefined)
  const membership = new NoRooms(house, hub)
  const presence = new Presence(house, node, whispers, membership)
  const endings = new Endings(house, (sessionId) => hub.endSession(sessionId))
  return { house, hub, broker, topics, presence, entrance: new Entrance(house), endings, membership, typing: new Typing(house, whispers), node, warn: () => undefined, isClosing: false }
}
