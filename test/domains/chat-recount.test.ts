// Random histories of several people in several rooms. After each, everything that is counted or remembered is counted again:
// once from the rows, once from nothing but the events. Run one again with SEED=<number>.

import { expect } from 'chai'
import {
  addGroupMember,
  createGroup,
  leaveGroup,
  removeGroupMember,
} from '../../shared/chat/actions/groups.ts'
import { deleteMessage, editMessage, postMessage } from '../../shared/chat/actions/post.ts'
import { deliverMessages, readMessage, readMessages } from '../../shared/chat/actions/receipts.ts'
import { openConversation } from '../../shared/chat/actions/rooms.ts'
import { roomChannel } from '../../shared/chat/events.ts'
import { countUnread } from '../../shared/chat/queries/members.ts'
import { makeStatement, type Change } from '../../shared/kit/store/change.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { Name } from '../support/people.ts'
import { actorOf, eventsOn } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9))
const HISTORIES = 6
const TURNS = 15
const CAST = ['admin', 'employee', 'manager', 'sic', 'driver', 'staff'] as const satisfies readonly Name[]

/** Mulberry32. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

interface MemberRow {
  roomId: string
  userId: string
  readSeq: number
  deliveredSeq: number
  joinedSeq: number
}
interface MessageRow {
  id: string
  roomId: string
  seq: number
  senderId: string
  content: string
  isEdited: boolean
  deletedAt: Date | null
}

/** What somebody sees of a room, in the words of this test. */
interface Seen {
  members: string[]
  lastSeq: number
  unread: Record<string, number>
  messages: {
    id: string
    seq: number
    content: string
    isEdited: boolean
    isDeleted: boolean
    status: string
    readBy: string[]
  }[]
}

interface Reader {
  joined: number
  read: number
  delivered: number
}

/** The naive count, from marks and messages, wherever those were found. */
function count(
  readers: ReadonlyMap<string, Reader>,
  said: readonly (Omit<Seen['messages'][number], 'status' | 'readBy'> & { senderId: string })[],
): Seen {
  const members = [...readers.keys()].toSorted()
  const unread = Object.fromEntries(
    [...readers].map(([who, { read }]) => [
      who,
      said.filter((each) => each.seq > read && each.senderId !== who && !each.isDeleted).length,
    ]),
  )
  const messages = said.map(({ senderId, ...message }) => {
    const recipients = [...readers].filter(([who, { joined }]) => who !== senderId && joined < message.seq)
    const readBy = recipients
      .filter(([, { read }]) => read >= message.seq)
      .map(([who]) => who)
      .toSorted()
    const isDelivered = recipients.some(([, { delivered }]) => delivered >= message.seq)
    return { ...message, status: readBy.length > 0 ? 'READ' : isDelivered ? 'DELIVERED' : 'SENT', readBy }
  })
  return { members, lastSeq: said.length, unread, messages }
}

/** What a client would have that has seen nothing but the events of the room, in their order. */
function follow(events: readonly { ev: string; data: any }[]): Seen {
  const inside = new Map<string, number>()
  const marks = new Map<string, { read: number; delivered: number }>()
  const said: Parameters<typeof count>[1][number][] = []
  const mark = (who: string, read: number, delivered: number): void => {
    const before = marks.get(who) ?? { read: 0, delivered: 0 }
    marks.set(who, { read: Math.max(before.read, read), delivered: Math.max(before.delivered, delivered) })
  }
  const APPLY: Readonly<Record<string, (data: any) => void>> = {
    'room.created': (room) => {
      for (const { userId } of room.members) inside.set(userId, 0)
    },
    'room.changed': () => undefined,
    'room.member_added'({ member: { userId } }) {
      inside.set(userId, said.length)
      mark(userId, said.length, said.length)
    },
    'room.member_removed': ({ userId }) => void inside.delete(userId),
    'message.created'({ id, seq, senderId, content, isEdited, deletedAt }) {
      expect(seq, 'a message out of its turn').to.equal(said.length + 1)
      said.push({ id, seq, senderId, content, isEdited, isDeleted: deletedAt !== null })
    },
    'message.changed': ({ seq, content, isEdited, deletedAt }) =>
      void Object.assign(said[seq - 1] ?? {}, { content, isEdited, isDeleted: deletedAt !== null }),
    'message.deleted': ({ seq }) => void Object.assign(said[seq - 1] ?? {}, { content: '', isDeleted: true }),
    'messages.read': ({ userId, seq }) => mark(userId, seq, seq),
    'messages.delivered': ({ userId, seq }) => mark(userId, 0, seq),
  }
  for (const { ev, data } of events) {
    expect(APPLY, ev).to.have.property(ev)
    APPLY[ev]?.(data)
  }
  return count(
    new Map(
      [...inside].map(([who, joined]) => [who, { joined, ...(marks.get(who) ?? { read: 0, delivered: 0 }) }]),
    ),
    said,
  )
}

describe(`random histories of chat (SEED=${SEED})`, () => {
  let w: World
  let actors: Actor[]
  let people: Map<string, Person>
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    actors = await Promise.all(CAST.map((name) => actorOf(w, name)))
    people = new Map(
      await Promise.all(
        CAST.map(async (name): Promise<[string, Person]> => [await w.idOf(name), await w.as(name)]),
      ),
    )
  })
  after(() => w.end())

  /** Histories are faster than people may be. */
  const unhurried = (change: Change): Change => ({
    ...change,
    count: async () => ({ amount: 1, seconds: 1 }),
  })

  async function someRooms(): Promise<string[]> {
    const [admin, employee, manager, sic, driver] = actors as [Actor, Actor, Actor, Actor, Actor]
    const group = (name: string, ...members: Actor[]): Promise<string> =>
      w.change(
        async (change) =>
          (
            await createGroup(change, admin, {
              name,
              memberIds: members.map(({ id }) => id),
              permissions: { canDeleteMessages: ['ADMIN', 'DRIVER'] },
            })
          ).id,
      )
    return [
      await group('Một', employee, driver),
      await group('Hai', employee, manager, sic, driver),
      await w.change(async (change) => (await openConversation(change, employee, manager.id)).id),
    ]
  }

  async function turn(roll: (sides: number) => number, rooms: readonly string[]): Promise<void> {
    const pick = <T>(from: readonly T[]): T => from[roll(from.length)] as T
    const [actor, other, roomId] = [pick(actors), pick(actors), pick(rooms)]
    const said: MessageRow[] = await w.runtime.db('messages').where({ roomId }).orderBy('seq')
    const messageId = said.length > 0 ? pick(said).id : undefined
    const upTo = roll(3) === 0 ? undefined : 1 + roll(said.length + 3)
    const admin = actors[0] as Actor
    const [word, again] = [roll(1e6), roll(4)]
    const change = (work: (change: Change) => Promise<unknown>) => (): Promise<unknown> =>
      w.change((each) => work(unhurried(each)))
    const post = (): Promise<unknown> =>
      makeStatement(w.runtime, { requestId: 'test' }, (each) =>
        postMessage(unhurried(each), actor, roomId, {
          content: `Lời ${word}`,
          ...(again === 0 && { clientMsgId: `again-${said.length % 3}` }),
          ...(again === 1 && messageId && { replyTo: messageId }),
        }),
      )
    const verbs = [
      post,
      post,
      post,
      post,
      change((each) => readMessages(each, actor, roomId, upTo)),
      change((each) => deliverMessages(each, actor, roomId, upTo)),
      ...(messageId
        ? [
            change((each) => readMessage(each, actor, messageId)),
            change((each) => editMessage(each, actor, messageId, { content: `Sửa ${word}` })),
            change((each) => deleteMessage(each, actor, messageId)),
          ]
        : []),
      change((each) => addGroupMember(each, admin, roomId, other.id)),
      change((each) => removeGroupMember(each, admin, roomId, other.id)),
      change((each) => leaveGroup(each, actor, roomId)),
    ]
    await pick(verbs)().catch(mustBeRefusal)
  }

  const marksOf = async (rooms: readonly string[]): Promise<MemberRow[]> =>
    w.runtime
      .db('roomMembers')
      .whereIn('roomId', [...rooms])
      .orderBy(['roomId', 'userId'])

  /** At one instant, whatever is said, read or told meanwhile: what is kept says the same as looking into all rooms. */
  async function mustCountRightly(): Promise<void> {
    await w.runtime.db.transaction(
      async (db) => {
        for (const actor of actors) {
          const [all] = await rowsOf<{ count: number }>(
            db,
            `select count(*)::int as count from room_members me join messages m on m.room_id = me.room_id and m.seq > me.read_seq
             where me.user_id = :id and m.sender_id is distinct from :id and m.deleted_at is null`,
            { id: actor.id },
          )
          expect(await countUnread(db, actor), 'a room with something unread was not looked into').to.equal(
            all?.count,
          )
        }
      },
      { isolationLevel: 'repeatable read' },
    )
  }

  function mustNotGoBack(before: readonly MemberRow[], after: readonly MemberRow[]): void {
    for (const mark of after) {
      expect(mark.deliveredSeq, 'read, but not delivered').to.be.at.least(mark.readSeq)
      const was = before.find(({ roomId, userId }) => roomId === mark.roomId && userId === mark.userId)
      if (!was) continue
      expect(mark.readSeq).to.be.at.least(was.readSeq)
      expect(mark.deliveredSeq).to.be.at.least(was.deliveredSeq)
    }
  }

  async function recountRows(roomId: string): Promise<Seen> {
    const members = await marksOf([roomId])
    const messages: MessageRow[] = await w.runtime.db('messages').where({ roomId }).orderBy('seq')
    expect(
      messages.map(({ seq }) => seq),
      'a gap',
    ).to.deep.equal(messages.map((_, at) => at + 1))
    const { lastSeq } = await w.runtime.db('rooms').where({ id: roomId }).first('lastSeq')
    expect(lastSeq).to.equal(messages.length)
    return count(
      new Map(
        members.map(({ userId, joinedSeq, readSeq, deliveredSeq }) => [
          userId,
          { joined: joinedSeq, read: readSeq, delivered: deliveredSeq },
        ]),
      ),
      messages.map(({ id, seq, senderId, content, isEdited, deletedAt }) => ({
        id,
        seq,
        senderId,
        content,
        isEdited,
        isDeleted: deletedAt !== null,
      })),
    )
  }

  /** What the members are answered, which must be the same for each of them. */
  async function readRoom(roomId: string, members: readonly string[]): Promise<Seen> {
    const unread: Record<string, number> = {}
    const answers: Omit<Seen, 'unread'>[] = []
    for (const userId of members) {
      const person = people.get(userId) as Person
      const { body: room } = await person.get(`/chat/rooms/${roomId}`)
      unread[userId] = room.unreadCount
      answers.push({
        members: room.members.map((each: { userId: string }) => each.userId).toSorted(),
        lastSeq: room.lastSeq,
        messages: await readMessagesOf(person, roomId),
      })
    }
    for (const answer of answers) expect(answer).to.deep.equal(answers[0])
    return { ...(answers[0] ?? { members: [], lastSeq: 0, messages: [] }), unread }
  }

  async function readMessagesOf(person: Person, roomId: string): Promise<Seen['messages']> {
    const all: any[] = []
    for (let page: any[] = [0]; page.length > 0; all.push(...page))
      page = (await person.get(`/chat/rooms/${roomId}/messages?after=${all.at(-1)?.seq ?? 0}&limit=40`)).body
    return all.map(({ id, seq, content, isEdited, deletedAt, status, readBy }) => ({
      id,
      seq,
      content,
      isEdited,
      isDeleted: deletedAt !== null,
      status,
      readBy: readBy.toSorted(),
    }))
  }

  const mustBeRefusal = (error: unknown): void => {
    if (!(error instanceof AppError) || error.status >= 500) throw error
  }

  for (let history = 0; history < HISTORIES; history++) {
    it(`number ${history + 1}: what is shown is what a recount of the rows gives, and what the events give`, async () => {
      const roll = dice(SEED + history)
      const rooms = await someRooms()
      let marks = await marksOf(rooms)
      for (let at = 0; at < TURNS; at++) {
        // One alone or several at the same moment.
        await Promise.all([
          ...Array.from({ length: 1 + roll(8) }, () => turn(roll, rooms)),
          mustCountRightly(),
        ])
        await mustCountRightly()
        // Somebody who left and came back begins anew, but never behind where they were.
        const now = await marksOf(rooms)
        mustNotGoBack(marks, now)
        marks = now
      }
      await w.settle()
      for (const roomId of rooms) {
        const counted = await recountRows(roomId)
        const shown = await readRoom(roomId, counted.members)
        expect(follow(await eventsOn(w, roomChannel(roomId))), 'the events lead elsewhere').to.deep.equal(
          counted,
        )
        if (counted.members.length > 0) expect(shown).to.deep.equal(counted)
      }
      for (const [userId, person] of people) {
        const { body: own } = await person.get('/chat/rooms?limit=100')
        const {
          body: { count: total },
        } = await person.get('/chat/unread-count')
        expect(total).to.equal(
          own.reduce((sum: number, each: { unreadCount: number }) => sum + each.unreadCount, 0),
        )
        for (const room of own) expect(room.unreadCount).to.equal((await recountRows(room.id)).unread[userId])
      }
      expect(
        await w.runtime.db('roomEvents').whereIn('roomId', rooms),
        'something was not told',
      ).to.deep.equal([])
    })
  }
})
