// Somebody is in more rooms than are asked one by one: the search finds the same, and asks no more.

import { expect } from 'chai'
import { searchMessages } from '../../shared/chat/search.ts'
import { queriesOf, searchTermsIn, termsOf } from '../../shared/chat/terms.ts'
import { openDatabase, rowsOf } from '../../shared/kit/store/db.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { actorOf } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const ROOMS = 240
const OF_ROOM = 12
/** Said all the time, now and then, once, by others only. */
const SAID = ['xe', 'đường', 'sân', 'khách sạn', 'duong'] as const
const QUESTIONS = ['xe ', 'x', 'đường ', 'duong ', 'san', 'khach san', 'biệt ', 'biet', 'nobody', 'xe đường ']

describe('searching in hundreds of rooms', () => {
  let w: World
  let actor: Actor
  let rooms: string[]
  before(async () => {
    w = await aWorld({ with: [] })
    actor = await actorOf(w, 'employee')
    rooms = await fill()
  })
  after(() => w.end())

  /** As a process of any release writes them. Every second room is somebody else's. */
  async function fill(): Promise<string[]> {
    const { db } = w.runtime
    const made = await rowsOf<{ id: string }>(
      db,
      `insert into rooms (id, org_id, kind, last_seq, last_message_at, created_at, updated_at)
       select gen_random_uuid(), :orgId, 'GROUP', ${OF_ROOM}, now() - n * interval '7 minutes', now(), now() from generate_series(1, ${2 * ROOMS}) n
       returning id`,
      { orgId: actor.orgId },
    )
    const own = made.filter((_, at) => at % 2 === 0).map(({ id }) => id)
    await rowsOf(
      db,
      `insert into room_members (room_id, user_id, role_in_room, joined_at) select r, :userId, 'member', now() from unnest(:own::uuid[]) r`,
      { userId: actor.id, own },
    )
    // Just made, and nothing said in it: it takes no place of another.
    await rowsOf(
      db,
      `with room as (insert into rooms (id, org_id, kind, last_seq, created_at, updated_at)
         values (gen_random_uuid(), :orgId, 'GROUP', 0, now(), now()) returning id)
       insert into room_members (room_id, user_id, role_in_room, joined_at) select id, :userId, 'member', now() from room`,
      { orgId: actor.orgId, userId: actor.id },
    )
    const messages = made.flatMap(({ id }, room) =>
      Array.from({ length: OF_ROOM }, (_, seq) => {
        const content = contentOf(room, seq)
        return { room: id, seq: seq + 1, content, terms: termsOf(id, content) }
      }),
    )
    await rowsOf(
      db,
      `insert into messages (room_id, seq, id, content, terms, created_at)
       select m.room, m.seq, gen_random_uuid(), m.content, array_to_tsvector(array(select jsonb_array_elements_text(m.terms))),
         r.last_message_at - (${OF_ROOM} - m.seq) * interval '11 minutes'
       from jsonb_to_recordset(:messages::jsonb) as m(room uuid, seq int, content text, terms jsonb) join rooms r on r.id = m.room`,
      { messages: JSON.stringify(messages) },
    )
    return own
  }

  function contentOf(room: number, seq: number): string {
    const n = room * OF_ROOM + seq
    const words = [SAID[0], ...SAID.slice(1).filter((_, at) => n % (7 * (at + 1) ** 2) === at)]
    return room === 0 && seq === 0 ? 'đặc biệt' : words.join(' ')
  }

  async function allOf(q: string): Promise<string[]> {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await searchMessages(w.runtime.db, actor, { q, limit: 300, cursor })
      found.push(...page.items.map(({ message }) => message.id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    return found
  }

  /** What each room finds by its own terms. */
  async function findRoomByRoom(q: string): Promise<string[]> {
    const found = await rowsOf<{ id: string }>(
      w.runtime.db,
      `select m.id from unnest(:rooms::uuid[], :queries::tsquery[]) as o(room_id, query) join messages m on m.room_id = o.room_id and m.terms @@ o.query`,
      { rooms, queries: rooms.map((id) => queriesOf(id, searchTermsIn(q)).loose) },
    )
    return found.map(({ id }) => id)
  }

  it('finds what is found room by room, each once, to the last page', async () => {
    for (const q of QUESTIONS) expect(await allOf(q), q).to.have.members(await findRoomByRoom(q))
    expect(await allOf('biet')).to.have.length(1)
  })

  it('shows exact accents first, and of each the newest', async () => {
    const { items } = await searchMessages(w.runtime.db, actor, { q: 'duong ', limit: 100 })
    const isExact = items.map(({ message }) => message.content.split(' ').includes('duong'))
    expect(isExact).to.deep.equal(isExact.toSorted((one, other) => Number(other) - Number(one)))
    for (const exact of [true, false]) {
      const times = items
        .filter((_, at) => isExact[at] === exact)
        .map(({ message }) => message.createdAt.getTime())
      expect(times.length).to.be.above(1)
      expect(times).to.deep.equal(times.toSorted((one, other) => other - one))
    }
  })

  it('asks the index a few times for each way of writing a word, however many rooms there are', async () => {
    // A connection of its own, which has planned nothing yet: the table is too small for an index, unless it has to.
    const fresh = openDatabase({ ...w.runtime.config, DATABASE_POOL: 1 })
    const asked = await fresh.transaction(async (db) => {
      await db.raw('set local enable_seqscan = off')
      await searchMessages(db, actor, { q: 'biệt ', limit: 20 })
      const [row] = await rowsOf<{ scans: number }>(
        db,
        `select pg_stat_get_xact_numscans('messages_terms'::regclass)::int as scans`,
      )
      return row?.scans
    })
    await fresh.destroy()
    // Of each day of a week, and of all that was said before.
    expect(asked).to.be.within(2, 2 * 8)
  })

  it('finds the same where messages of before have no day', async () => {
    const newestOf = async (q: string): Promise<string[]> =>
      (await searchMessages(w.runtime.db, actor, { q, limit: 20 })).items.map(({ message }) => message.id)
    const before = await Promise.all(QUESTIONS.map(newestOf))
    await w.owner.raw(`
      alter table messages disable trigger messages_for_organisation;
      update messages set terms = ts_delete(terms, array(select term from unnest(tsvector_to_array(terms)) term where term like '@%')) where seq % 2 = 0;
      alter table messages enable trigger messages_for_organisation;
      update installation set messages_have_days_since = 'infinity'`)
    expect(await Promise.all(QUESTIONS.map(newestOf))).to.deep.equal(before)
  })
})
