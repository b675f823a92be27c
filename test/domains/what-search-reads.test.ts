// How many rows a search reads: it is no more the more was said, whether a word is said all the time, seldom or never, by somebody in
// one long room, by somebody in thousands of rooms and by somebody in many in which much is said. PostgreSQL counts (EXPLAIN ANALYZE), so that no machine is too slow to tell.

import { expect } from 'chai'
import { searchMessages } from '../../shared/chat/search.ts'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { countRowsRead } from '../support/rows-read.ts'
import { actorOf } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const LONG = 30_000
const ROOMS = 5000
const OF_ROOM = 5
/** Rooms in which this much is said, each at a pace of its own, and nothing in the others of the same person for a week. */
const BUSY = 100
const OF_BUSY = 300
const QUIET = 20
/** Seconds since the newest of them, so that the rare word stands in some of them, at their beginning. */
const BUSY_SINCE = 14_910
const QUIETLY = 3
/** Rooms in which something is said every fifth day, two of three of them somebody's. */
const CALM = 1200
const OF_CALM = 4
/** Every third message, every twentieth, one in so many, and none. */
const [COMMON, USUAL, SELDOM, RARE, NONE] = ['xe', 'duong', 'doi', 'hiem', 'zzyzx']
const SELDOM_EVERY = 320
const RARE_EVERY = 3000
/** A page, and what had to be looked at to find it; of all that was said a tenth. */
const MOST_READ = 3000
/** Whether somebody is in more rooms than are sorted, and then all of these. */
const OWN = 1001 + ROOMS
/** Where the index has to be asked, they are read for each of the two ways of writing a word as well. */
const WITH_ROOMS = MOST_READ + OWN + 2 * ROOMS
/** A walk at its longest, after a look at how far back it goes in each room; and those of the organisation, which are few enough to be read. */
const LONGEST_READ = 4000 + 9 * BUSY + ROOMS + 1000

/** Each word stands under the room and under the organisation, as whoever posts writes it. */
const MESSAGES = `
  insert into messages (room_id, seq, id, content, terms, created_at)
  select r.id, i, gen_random_uuid(), array_to_string(said.words, ' '),
    array_to_tsvector(array(select distinct prefix || '=' || word
      from unnest(said.words) word, unnest(array[left(r.id::text, 6), '#' || left(r.org_id::text, 6)]) prefix)),
    r.last_message_at - (r.last_seq - i) * case r.last_seq when ${OF_BUSY} then 10 + r.n % 50 when ${OF_CALM} then 432000 else 60 end * interval '1 second'
  from (select *, row_number() over (order by last_message_at desc, id) as n from rooms) r cross join generate_series(1, r.last_seq) i
  cross join lateral (select array['chao', 'anh'] || case when i % 3 = 0 then array['${COMMON}'] else '{}' end
    || case when (i + r.n) % 20 = 3 then array['${USUAL}'] else '{}' end
    || case when (i + r.n) % ${SELDOM_EVERY} = 0 then array['${SELDOM}'] else '{}' end || case when (i + r.n) % ${RARE_EVERY} = 1500 then array['${RARE}'] else '{}' end as words) said`

describe('what a search reads', function () {
  this.timeout(180_000)
  let w: World
  let owner: Db
  before(async () => {
    w = await aWorld({ with: [] })
    owner = openAsOwner(w.runtime.config.DATABASE_URL)
    await fill()
  })
  after(async () => {
    await owner.destroy()
    await w.end()
  })

  async function fill(): Promise<void> {
    const { orgId } = await actorOf(w, 'employee')
    await rowsOf(
      owner,
      `insert into rooms (id, org_id, kind, last_seq, last_message_at, created_at, updated_at)
       select gen_random_uuid(), :orgId, 'GROUP', case when n = 0 then ${LONG} else ${OF_ROOM} end, now() - n * interval '10 seconds', now(), now()
       from generate_series(0, ${ROOMS}) n`,
      { orgId },
    )
    await rowsOf(
      owner,
      `insert into rooms (id, org_id, kind, last_seq, last_message_at, created_at, updated_at)
       select gen_random_uuid(), :orgId, 'GROUP', case when n < ${BUSY} then ${OF_BUSY} else ${QUIETLY} end,
         newest - n * interval '1 second' - case when n < ${BUSY} then 0 else 7 end * interval '1 day', newest, newest
       from generate_series(0, ${BUSY + QUIET - 1}) n,
         (select max(last_message_at) - ${BUSY_SINCE} * interval '1 second' as newest from rooms) o`,
      { orgId },
    )
    await rowsOf(
      owner,
      `insert into rooms (id, org_id, kind, type, last_seq, last_message_at, created_at, updated_at)
       select gen_random_uuid(), :orgId, 'GROUP', case when n % 3 = 0 then 'department' else 'custom' end, ${OF_CALM},
         now() - interval '30 days' - n * interval '1 minute', now(), now() from generate_series(1, ${CALM}) n`,
      { orgId },
    )
    for (const [name, sizes] of [
      ['sic', [LONG]],
      ['employee', [OF_ROOM]],
      ['director', [OF_BUSY, QUIETLY]],
      ['manager', [OF_CALM]],
    ] as const)
      await rowsOf(
        owner,
        `insert into room_members (room_id, user_id, role_in_room, joined_at)
         select id, :userId, 'member', now() from rooms where org_id = :orgId and last_seq = any(:sizes) and type is distinct from 'department'`,
        { userId: await w.idOf(name), orgId, sizes },
      )
    await owner.raw(MESSAGES)
    await owner.raw('vacuum analyze messages, rooms, room_members')
  }

  async function readOf(actor: Actor, q: string): Promise<[found: number, rows: number]> {
    const [{ items }, rows] = await countRowsRead(w, () =>
      searchMessages(w.runtime.db, actor, { q, limit: 20 }),
    )
    return [items.length, rows]
  }

  for (const [where, name, word] of [
    ['in many rooms in which little is said', 'manager', USUAL],
    ['in a long room, and too seldom for a walk', 'sic', SELDOM],
  ] as const)
    it(`takes a look and one list of the last days for a word that is said now and then, ${where}`, async () => {
      const actor = await actorOf(w, name)
      const asked: string[] = []
      const listen = ({ sql }: { sql: string }): void => void asked.push(sql)
      w.runtime.db.on('query', listen)
      const { items } = await searchMessages(w.runtime.db, actor, {
        q: `${word} `,
        limit: 20,
      })
      w.runtime.db.removeListener('query', listen)
      const [walks, lists, ofLastDays] = ['m.is_found', 'where terms @@', 'messages_have_days_since'].map(
        (part) => asked.filter((sql) => sql.includes(part)).length,
      )
      expect({ found: items.length, walks, lists, ofLastDays }).to.deep.equal({
        found: 20,
        walks: 1,
        lists: 1,
        ofLastDays: 1,
      })
      // Their rooms, a walk, a list; the messages, their rooms and marks.
      expect(asked.length).to.be.at.most(6)
    })

  for (const [where, name, walked, lookedUp] of [
    ['one long room', 'sic', MOST_READ, MOST_READ],
    ['thousands of rooms', 'employee', MOST_READ + OWN, WITH_ROOMS],
    ['many rooms in which much is said', 'director', LONGEST_READ, LONGEST_READ + MOST_READ],
  ] as const) {
    for (const [which, q, least, atMost] of [
      ['that is said all the time', `${COMMON} `, 20, walked],
      ['that is said now and then', `${USUAL} `, 20, walked],
      ['that is said seldom', `${RARE} `, 5, lookedUp],
      ['that nobody says', `${NONE} `, 0, lookedUp],
      ['of which one letter is known', COMMON.slice(0, 1), 20, walked],
    ] as const)
      it(`is little for a word ${which}, in ${where}`, async () => {
        const [found, rows] = await readOf(await actorOf(w, name), q)
        expect(found).to.be.within(least, least === 5 ? 19 : least)
        expect(rows).to.be.below(atMost)
      })

    it(`finds the newest all the same, in ${where}`, async () => {
      const actor = await actorOf(w, name)
      for (const word of [COMMON, USUAL, SELDOM]) {
        const { items } = await searchMessages(w.runtime.db, actor, { q: `${word} `, limit: 20 })
        const newest = await rowsOf<{ id: string }>(
          owner,
          `select m.id from messages m join room_members me on me.room_id = m.room_id and me.user_id = :userId
           where m.content ~ ('\\m' || :word || '\\M') order by m.created_at desc, m.id desc limit 20`,
          { userId: actor.id, word },
        )
        expect(items.map(({ message }) => message.id)).to.deep.equal(newest.map(({ id }) => id))
      }
    })
  }
})
