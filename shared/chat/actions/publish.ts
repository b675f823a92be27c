// What happens in a room is told in the room's own order: written down under the lock of its row, and told by one teller at
// a time, a worker's job (fanOutRoomJob). So a message never overtakes another, nor the coming and going of people.

import type { Change } from '../../kit/store/change.ts'
import { quotedBy, userChannel } from '../../kit/declare/event.ts'
import { jobNamed } from '../../kit/declare/job.ts'
import { untilAllEnded } from '../../kit/store/transaction.ts'
import { plusMs } from '../../kit/time/time.ts'
import {
  memberAddedEvent,
  memberRemovedEvent,
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  roomChangedEvent,
  roomChannel,
  roomCreatedEvent,
} from '../events.ts'
import { fanOutRoomJob, notifyAbsentJob } from '../jobs.ts'
import { findRoomById } from '../queries/rooms.ts'
import type { Message } from '../schema.ts'
import {
  deleteRoomEvents,
  insertRoomEvent,
  listRoomEvents,
  lockPublishing,
  type RoomEvent,
  type UntoldRoom,
} from '../table/room-events.ts'
import { findDeleter, listMessagesWithMarks, type MarksRow } from '../queries/messages.ts'

/** @param subjectId the message or the person that it is about; the room itself unless given */
export async function recordRoomEvent(
  change: Change,
  roomId: string,
  event: { name: string },
  subjectId = roomId,
): Promise<void> {
  await insertRoomEvent(change.db, roomId, event.name, subjectId, change.now)
  change.enqueue(fanOutRoomJob, { roomId })
}

const ABOUT_MESSAGES: ReadonlySet<string> = new Set([
  messageCreatedEvent.name,
  messageChangedEvent.name,
  messageDeletedEvent.name,
])

/** So many in one transaction: the rest is the next job's. */
const BATCH = 200

/** A room whose row is held by somebody who posts nothing is looked at again so many milliseconds later. */
const HELD_AGAIN = 100

/** A room of which somebody ordered the telling, and what that causes. */
interface Ordered {
  change: Change
  roomId: string
}

/** One that nobody else is telling. */
interface Telling extends UntoldRoom {
  change: Change
}

/**
 * Of rooms whose changes are one transaction. What was told, but not yet noted when a worker died, is told again under the same key, which
 * the log takes once.
 */
export async function publishRoomEvents(ordered: readonly Ordered[]): Promise<void> {
  const tellings = await listTellings(ordered)
  const [first] = tellings
  if (!first) return
  const { db } = first.change
  const { messages: told, marks } = await listMessagesWithMarks(
    db,
    tellings.flatMap(({ events }) =>
      events.filter(({ name }) => ABOUT_MESSAGES.has(name)).map(({ subjectId }) => subjectId),
    ),
  )
  const messages: Messages = new Map(told.map((message) => [message.id, message]))
  await untilAllEnded(
    tellings.map(async (telling) => {
      await tellInOrder(telling, messages)
      await enqueueNext(telling, messages, marks)
    }),
  )
  const ended = await deleteRoomEvents(
    db,
    tellings.map(({ roomId, events, lastEvent }) => ({ roomId, upTo: events.at(-1)?.n ?? lastEvent })),
  )
  for (const { change, roomId, events } of tellings)
    if (!ended.includes(roomId))
      change.enqueue(
        fanOutRoomJob,
        { roomId },
        events.length > 0 ? undefined : plusMs(change.now, HELD_AGAIN),
      )
}

async function listTellings(ordered: readonly Ordered[]): Promise<Telling[]> {
  const changes = new Map(ordered.map(({ roomId, change }) => [roomId, change]))
  const [change] = changes.values()
  if (!change) return []
  const roomIds = [...changes.keys()]
  // Whoever is telling looks again at the end, behind the lock that a post takes: nothing is left to be told by nobody. They travel
  // together, and are answered one after the other: what is listed is what there is behind the lock.
  const [mine, rooms] = await Promise.all([
    lockPublishing(change.db, roomIds),
    listRoomEvents(change.db, roomIds, Math.ceil(BATCH / roomIds.length)),
  ])
  return rooms.flatMap((room) => {
    const own = mine.includes(room.roomId) ? changes.get(room.roomId) : undefined
    return own ? [{ ...room, change: own }] : []
  })
}

/** One after the other: a failure in the middle must not let a later one pass. */
async function tellInOrder({ change, roomId, events }: Telling, messages: Messages): Promise<void> {
  for (const event of events) await tell(change, roomId, event, messages)
}

type Messages = ReadonlyMap<string, Message>

async function tell(change: Change, roomId: string, row: RoomEvent, messages: Messages): Promise<void> {
  const read = READ[row.name]
  // Left where it is, so that a release which knows the name tells it; deleted in silence, it would be lost.
  if (!read) throw new Error(`Room ${roomId} has an event of an unknown name: ${row.name}`)
  const data = await read(change, roomId, row.subjectId, messages)
  if (!data) return
  await change.append({
    key: `${roomId}.${row.n}`,
    channel: roomChannel(roomId),
    event: row.name,
    at: row.at,
    data,
    quotes: quotedBy(row.name, data),
  })
  // Who is out no longer hears the room.
  if (row.name === memberRemovedEvent.name)
    change.emit(memberRemovedEvent, [userChannel(row.subjectId)], { roomId, userId: row.subjectId })
}

/** What comes after what was said: whoever missed it is notified, and the room's own continuation. */
async function enqueueNext(
  { change, roomId, orgId, continuation, events }: Telling,
  messages: Messages,
  marks: readonly MarksRow[],
): Promise<void> {
  const created = events
    .filter(({ name }) => name === messageCreatedEvent.name)
    .flatMap(({ subjectId }) => messages.get(subjectId) ?? [])
  const own = marks.filter((mark) => mark.roomId === roomId)
  for (const messageId of await listMissed(change, orgId, created, own))
    change.enqueue(notifyAbsentJob, { messageId })
  const said = created.filter(({ senderType }) => senderType === 'user')
  if (continuation)
    for (const { id } of said) change.enqueue(jobNamed(continuation), { roomId, messageId: id })
}

/** A look before the job does it person by person: mostly everybody is here, or has read it, and there is none. */
async function listMissed(
  change: Change,
  orgId: string,
  messages: readonly Message[],
  marks: readonly MarksRow[],
): Promise<string[]> {
  // An automatic reply is no news: whoever left before it finds it when they come back.
  const newest = messages.findLast(({ senderType }) => senderType !== 'bot')
  const behind = newest ? marks.filter(({ readSeq }) => readSeq < newest.seq) : []
  if (behind.length === 0) return []
  const online = new Set(
    await change.online(
      orgId,
      behind.map(({ userId }) => userId),
    ),
  )
  const away = behind.filter(({ userId }) => !online.has(userId))
  return messages
    .filter(
      ({ senderId, senderType, seq }) =>
        senderType !== 'bot' && away.some(({ userId, readSeq }) => userId !== senderId && readSeq < seq),
    )
    .map(({ id }) => id)
}

type Read = (
  change: Change,
  roomId: string,
  subjectId: string,
  messages: Messages,
) => Promise<object | undefined>

/** Told as it is now: what was taken back before it was told is told without its text. */
const READ: Readonly<Record<string, Read>> = {
  [roomCreatedEvent.name]: async (change, roomId) => (await findRoomById(change.db, roomId))?.room,
  [roomChangedEvent.name]: async (change, roomId) => (await findRoomById(change.db, roomId))?.room,
  [memberAddedEvent.name]: async (change, roomId, userId) => {
    const member = (await findRoomById(change.db, roomId))?.room.members.find(
      (each) => each.userId === userId,
    )
    return member && { roomId, member }
  },
  [memberRemovedEvent.name]: async (_change, roomId, userId) => ({ roomId, userId }),
  [messageCreatedEvent.name]: async (_change, _roomId, id, messages) => messages.get(id),
  [messageChangedEvent.name]: async (_change, _roomId, id, messages) => messages.get(id),
  [messageDeletedEvent.name]: async (change, roomId, id, messages) => {
    const message = messages.get(id)
    return (
      message && {
        roomId,
        messageId: id,
        seq: message.seq,
        deletedAt: message.deletedAt,
        deletedBy: await findDeleter(change.db, id),
      }
    )
  },
}
