// Which rooms hold something unread is kept, so that a count looks into those only. It stays right while people post, read and are
// told at the same moment; test/domains/chat-recount.test.ts asks the same of random histories.

import { expect } from 'chai'
import { postMessage } from '../../shared/chat/actions/post.ts'
import { publishRoomEvents } from '../../shared/chat/actions/publish.ts'
import { readMessages } from '../../shared/chat/actions/receipts.ts'
import { openConversation } from '../../shared/chat/actions/rooms.ts'
import { countUnread } from '../../shared/chat/queries/members.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { up } from '../../shared/migrations/0092_unread_rooms.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { actorOf } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const ROOMS = 3000
const OF_ROOM = 3
const UNREAD = 20

describe('rooms in which something is unread', () => {
  let w: World
  let speaker: Actor
  let reader: Actor
  let roomId: string
  before(async () => {
    // Nobody tells but this test.
    w = await aWorld({ with: [] })
    ;[speaker, reader] = [await actorOf(w, 'manager'), await actorOf(w, 'employee')]
    roomId = await w.change(async (change) => (await openConversation(change, speaker, reader.id)).id)
  })
  after(() => w.end())

  const say = (content: string): Promise<unknown> =>
    w.change((change) => postMessage(change, speaker, roomId, { content }))
  const tell = (): Promise<void> => w.change((change) => publishRoomEvents([{ change, roomId }]))
  const read = (): Promise<unknown> => w.change((change) => readMessages(change, reader, roomId))
  const unread = (): Promise<number> => countUnread(w.runtime.db, reader)
  const isKept = async ({ id }: Actor = reader): Promise<boolean> =>
    (await w.runtime.db('room_members').where({ roomId, userId: id }).first()).hasUnread

  it('count at once, before they are told, and are left alone once they are read', async () => {
    await say('Một')
    expect(await unread()).to.equal(1)
    await tell()
    expect([await unread(), await isKept()]).to.deep.equal([1, true])
    await read()
    expect([await unread(), await isKept()]).to.deep.equal([0, false])
  })

  it('are kept when something is said and told while somebody reads what was said before', async () => {
    await say('Hai')
    await tell()
    const hold = gate()
    const hasRead = gate()
    const reading = w.change(async (change) => {
      await readMessages(change, reader, roomId)
      hasRead.open()
      await hold.opened
    })
    await hasRead.opened
    await say('Ba')
    const telling = tell()
    await untilItWaits(w, telling)
    hold.open()
    await Promise.all([reading, telling])
    expect([await unread(), await isKept()]).to.deep.equal([1, true])
    await read()
  })

  it('keep nobody waiting who reads while more is told, and are looked into until something is read again', async () => {
    await say('Bốn')
    await tell()
    await say('Năm')
    const hold = gate()
    const hasTold = gate()
    const telling = w.change(async (change) => {
      await publishRoomEvents([{ change, roomId }])
      hasTold.open()
      await hold.opened
    })
    await hasTold.opened
    await read()
    hold.open()
    await telling
    expect([await unread(), await isKept()]).to.deep.equal([0, true])
    await say('Sáu')
    await tell()
    await read()
    expect([await unread(), await isKept()]).to.deep.equal([0, false])
  })

  it('do not count what oneself said, nor keep a room for it', async () => {
    await say('Bảy')
    await tell()
    expect(await isKept(speaker)).to.equal(false)
    await read()
  })

  it('are all that a count looks into, however many somebody is in', async () => {
    await rowsOf(
      w.owner,
      `with room as (insert into rooms (id, org_id, kind, last_seq, last_message_at, created_at, updated_at)
         select gen_random_uuid(), :orgId, 'GROUP', ${OF_ROOM}, now(), now(), now() from generate_series(1, ${ROOMS}) n returning id),
       message as (insert into messages (room_id, seq, id, sender_id, content, created_at)
         select room.id, n, gen_random_uuid(), :speaker, 'Xe', now() from room, generate_series(1, ${OF_ROOM}) n)
       insert into room_members (room_id, user_id, role_in_room, joined_at, read_seq, has_unread)
         select id, :reader, 'member', now(), ${OF_ROOM} - (n <= ${UNREAD})::int, n <= ${UNREAD}
         from (select id, row_number() over () as n from room) r`,
      { orgId: reader.orgId, speaker: speaker.id, reader: reader.id },
    )
    await w.owner.raw('vacuum analyze messages, rooms, room_members, room_events')
    const [count, rows] = await countRowsRead(w, unread)
    expect(count).to.equal(UNREAD)
    expect(rows).to.be.at.most(4 * UNREAD)
  })

  it('are told from the others by the migration, which takes all for unread at first', async () => {
    const kept = (): Promise<string[]> =>
      w.owner('room_members').where({ userId: reader.id, hasUnread: true }).orderBy('roomId').pluck('roomId')
    const before = await kept()
    expect(before).to.have.length(UNREAD)
    await w.owner('room_members').update({ hasUnread: true })
    await up(w.owner)
    expect(await kept()).to.deep.equal(before)
  })

  it('are found without looking at all that others have said while nobody tells', async () => {
    await say('Tám')
    await rowsOf(
      w.owner,
      `with room as (insert into rooms (id, org_id, kind, created_at, updated_at)
         select gen_random_uuid(), :orgId, 'GROUP', now(), now() from generate_series(1, ${ROOMS}) n returning id)
       insert into room_events (room_id, n, name, subject_id, at) select id, n, 'message.created', gen_random_uuid(), now()
         from room, generate_series(1, ${OF_ROOM}) n`,
      { orgId: reader.orgId },
    )
    await w.owner.raw('vacuum analyze room_members, room_events')
    const [count, rows] = await countRowsRead(w, unread)
    expect(count).to.equal(UNREAD + 1)
    expect(rows).to.be.below(OF_ROOM * ROOMS)
  })
})
