// Which rooms people are in, for the sockets of this node.
// Promise: who comes in hears their rooms from the greeting on, and coming into a room or going from it takes effect on open
// sockets before the next event of that room: it is read where it stands, in the room's own order.

import { setTimeout as pause } from 'node:timers/promises'
import {
  memberAddedEvent,
  memberRemovedEvent,
  roomChannel,
  roomCreatedEvent,
} from '../../shared/chat/events.ts'
import { listRoomIdsOf } from '../../shared/chat/queries/members.ts'
import type { MemberAdded, MemberRemoved, Room } from '../../shared/chat/schema.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Static } from '../../shared/kit/declare/schema.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import type { Hub } from './hub.ts'

type Rooms = ReadonlyMap<string, readonly string[]>

interface Batch {
  readonly userIds: Set<string>
  answer: Promise<Rooms>
}

/** Between two reads, so that a crowd that comes at once costs a few of them, and not one each. */
const PAUSE = 20

export class Membership {
  readonly #runtime: Runtime
  readonly #hub: Hub
  /** Takes more people until its read begins. */
  #next: Batch | undefined
  #isClosed = false
  #before: Promise<unknown> = Promise.resolve()
  /** People whose rooms changed while a read was under way. */
  readonly #changed = new Set<string>()

  constructor(runtime: Runtime, hub: Hub) {
    this.#runtime = runtime
    this.#hub = hub
  }

  /** Waits for the read under way; who asks later is in no room. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#next?.answer.catch(() => undefined)
    await this.#before
  }

  async channelsOf(userId: string): Promise<string[]> {
    if (this.#isClosed) return []
    const batch = this.#next ?? this.#begin()
    batch.userIds.add(userId)
    return ((await batch.answer).get(userId) ?? []).map(roomChannel)
  }

  #begin(): Batch {
    const batch: Batch = { userIds: new Set(), answer: this.#before.then(() => this.#read(batch.userIds)) }
    this.#next = batch
    this.#before = batch.answer.then(
      () => pause(PAUSE),
      () => pause(PAUSE),
    )
    return batch
  }

  async #read(userIds: ReadonlySet<string>): Promise<Rooms> {
    this.#next = undefined
    for (;;) {
      this.#changed.clear()
      const rooms = await listRoomIdsOf(this.#runtime.db, [...userIds])
      // Somebody came into a room after the rows were read, and has no seat yet on which to be told.
      if (![...this.#changed].some((userId) => userIds.has(userId))) return rooms
    }
  }

  /** To be shown every entry before it is delivered. */
  take(entry: LogEntry): void {
    // The person who was removed is told on their own channel; what holds stands in the room's.
    if (!MOVES.includes(entry.event) || !entry.channel.startsWith('room:')) return
    const move = moveIn(entry.event, JSON.parse(entry.frame).data)
    if (!move) return
    for (const userId of move.userIds) {
      this.#changed.add(userId)
      for (const client of this.#hub.peersOf(userId))
        this.#hub[move.into ? 'listen' : 'leave'](client, entry.channel)
    }
  }
}

interface Move {
  into: boolean
  userIds: readonly string[]
}

/** @param data as the event's declaration says */
function moveIn(
  event: string,
  data: Room & Static<typeof MemberAdded> & Static<typeof MemberRemoved>,
): Move | undefined {
  if (event === roomCreatedEvent.name)
    return { into: true, userIds: data.members.map(({ userId }) => userId) }
  if (event === memberAddedEvent.name) return { into: true, userIds: [data.member.userId] }
  return event === memberRemovedEvent.name ? { into: false, userIds: [data.userId] } : undefined
}

const MOVES: readonly string[] = [roomCreatedEvent.name, memberAddedEvent.name, memberRemovedEvent.name]
