// What the bench finds when it begins: people with sessions, rooms of 2, 10 and 500, a conversation of a million messages,
// and five thousand short ones; and the same for the comparison, in a schema of its own.

import { randomUUID } from 'node:crypto'
import { rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { termsOf } from '../../shared/chat/terms.ts'
import { signAccessToken } from '../../shared/users/tokens.ts'

export const MILLION = 1_000_000
const PEOPLE = 500
const SHORT_ROOMS = 5000
const SHORT = 50
const SENTENCES = 20_000
/** Of the short rooms the visitor is in so many. */
const VISITED = 20
/** One message in so many names a number that no other names. */
export const CODE_EVERY = 1000

export interface Person {
  id: string
  token: string
}
interface SeededRoom {
  id: string
  tokens: string[]
}
export interface Seeded {
  rooms: Record<2 | 10 | 500, SeededRoom[]>
  /** Two who say it all. */
  longRoom: SeededRoom
  /** Somebody in twenty short rooms, and in no other. */
  visitor: Person
  /** Somebody in all short rooms. */
  regular: Person
  words: readonly string[]
}

type Keys = Parameters<typeof signAccessToken>[0]

export async function seed(db: Db, keys: Keys): Promise<Seeded> {
  const people = await seedPeople(db, keys)
  const rooms = {
    2: await seedRooms(db, chunks(people.slice(0, 200), 2)),
    10: await seedRooms(db, chunks(people.slice(0, 200), 10)),
    500: await seedRooms(db, [people]),
  }
  const [long, [visitor, regular]] = [await seedPeople(db, keys, 2), await seedPeople(db, keys, 2)]
  const [longRoom] = await seedRooms(db, [long])
  const shortIds = Array.from({ length: SHORT_ROOMS }, () => randomUUID())
  if (!longRoom || !visitor || !regular) throw new Error('Nobody to seed.')
  const words = vocabulary()
  await seedMessages(db, longRoom.id, shortIds, { long, visitor, regular }, sentencesOf(words))
  await seedDocuments(db, longRoom.id)
  return { rooms, longRoom, visitor, regular, words }
}

async function seedPeople(db: Db, keys: Keys, count = PEOPLE): Promise<Person[]> {
  const orgId = await findOrganisation(db)
  const people = Array.from({ length: count }, () => ({ id: randomUUID(), sid: randomUUID() }))
  const now = new Date()
  await db('users').insert(
    people.map(({ id }) => ({
      id,
      orgId,
      email: `${id}@bench.test`,
      fullName: `Người ${id.slice(0, 4)}`,
      role: 'EMPLOYEE',
      createdAt: now,
      updatedAt: now,
    })),
  )
  await db('sessions').insert(
    people.map(({ id, sid }) => ({
      id: sid,
      orgId,
      userId: id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + 86_400_000),
    })),
  )
  return people.map(({ id, sid }) => ({
    id,
    token: signAccessToken(
      keys,
      { sub: id, org: orgId, role: 'EMPLOYEE', email: `${id}@bench.test`, sid },
      now,
    ).token,
  }))
}

async function findOrganisation(db: Db): Promise<string> {
  const [org] = await rowsOf<{ id: string }>(db, `select id from organisations where slug = 'demo'`)
  return org?.id ?? ''
}

async function seedRooms(db: Db, groups: readonly (readonly Person[])[]): Promise<SeededRoom[]> {
  const rooms = groups.map((members) => ({ id: randomUUID(), members }))
  await insertRooms(
    db,
    rooms.map(({ id }) => id),
  )
  await rowsOf(
    db,
    `insert into room_members (room_id, user_id, role_in_room, joined_at) select r, u, 'member', now() from unnest(:rooms::uuid[], :users::uuid[]) as m(r, u)`,
    {
      rooms: rooms.flatMap(({ id, members }) => members.map(() => id)),
      users: rooms.flatMap(({ members }) => members.map((member) => member.id)),
    },
  )
  return rooms.map(({ id, members }) => ({ id, tokens: members.map(({ token }) => token) }))
}

async function insertRooms(db: Db, ids: readonly string[]): Promise<void> {
  await rowsOf(
    db,
    `insert into rooms (id, org_id, kind, created_at, updated_at) select r, o.id, 'GROUP', now(), now() from unnest(:ids::uuid[]) r, organisations o where o.slug = 'demo'`,
    { ids },
  )
}

/** Syllables, the first ones said much more often than the last. */
export function vocabulary(): string[] {
  const onsets = [
    '',
    'b',
    'c',
    'ch',
    'd',
    'đ',
    'g',
    'h',
    'kh',
    'l',
    'm',
    'n',
    'ng',
    'nh',
    'ph',
    'r',
    's',
    't',
    'th',
    'tr',
    'v',
    'x',
  ]
  const rimes = [
    'a',
    'à',
    'á',
    'an',
    'anh',
    'ao',
    'ào',
    'ay',
    'ầu',
    'e',
    'ê',
    'ến',
    'i',
    'ì',
    'o',
    'ó',
    'ô',
    'ông',
    'ồng',
    'ơ',
    'ới',
    'u',
    'ung',
    'ư',
    'ường',
    'ương',
    'ười',
    'âm',
    'ắt',
    'ịch',
  ]
  return rimes.flatMap((rime) => onsets.map((onset) => onset + rime))
}

export function sentencesOf(words: readonly string[]): string[] {
  const draw = (): string => words[Math.floor(words.length * Math.random() ** 3)] ?? ''
  return Array.from({ length: SENTENCES }, () => Array.from({ length: 12 }, draw).join(' '))
}

export const NOWHERE = '000000'

async function seedMessages(
  db: Db,
  longId: string,
  shortIds: readonly string[],
  { long, visitor, regular }: { long: readonly Person[]; visitor: Person; regular: Person },
  sentences: readonly string[],
): Promise<void> {
  await insertRooms(db, shortIds)
  // Each word stands under its room and under its organisation, and each message under its day, as whoever posts writes them.
  const org = (await findOrganisation(db)).slice(0, 6)
  const inOrganisation = `#${org}`
  const onDay = (at: string): string => `'@${org}' || to_char((${at}) at time zone 'UTC', 'YYYY-MM-DD')`
  const saidAt = `date_trunc('second', now()) - (:million - i) * interval '1 second'`
  const saidShortlyAt = `now() - (:short - i) * interval '1 minute' - r.n * interval '1 second'`
  await db.transaction(async (trx) => {
    // As a backup is restored: without looking up what every row refers to, and the index afterwards, at one go.
    await trx.raw(`set local session_replication_role = replica`)
    await trx.raw(`set local maintenance_work_mem = '512MB'`)
    await trx.raw('drop index messages_terms')
    await trx.raw('create temp table sentences (n serial, content text, terms text[]) on commit drop')
    await trx.raw(
      'insert into sentences (content, terms) select c, array(select jsonb_array_elements_text(t)) from jsonb_to_recordset(?::jsonb) as s(c text, t jsonb)',
      [
        JSON.stringify(
          sentences.map((c) => ({ c, t: termsOf(NOWHERE, c).map((term) => term.slice(NOWHERE.length)) })),
        ),
      ],
    )
    await trx.raw('alter table sentences add said tsvector')
    await trx.raw(
      'update sentences set said = array_to_tsvector(array(select prefix || t from unnest(terms) t, unnest(?::text[]) prefix))',
      [[longId.slice(0, 6), inOrganisation]],
    )
    await trx.raw('create index on sentences (n)')
    await trx.raw('analyze sentences')
    const fill = `insert into messages (room_id, seq, id, sender_id, content, terms, created_at)`
    await trx.raw(
      `${fill} select :longId, i, gen_random_uuid(), case when i % 2 = 0 then :one else :other end::uuid,
         case when i % :every = 0 then content || ' bk' || i else content end, case when i % :every = 0 then said || array_to_tsvector(array[:prefix || '=bk' || i, :inOrganisation || '=bk' || i]) else said end
         || array_to_tsvector(array[${onDay(saidAt)}]), ${saidAt}
       from generate_series(1, :million) i cross join lateral (select content, said from sentences where n = 1 + (i::bigint * 7919) % :sentences offset 0) s`,
      {
        prefix: longId.slice(0, 6),
        inOrganisation,
        longId,
        one: long[0]?.id ?? '',
        other: long[1]?.id ?? '',
        every: CODE_EVERY,
        million: MILLION,
        sentences: SENTENCES,
      },
    )
    await trx.raw(
      `${fill} select r.id, i, gen_random_uuid(), :visitor, content, array_to_tsvector(array(select prefix || t from unnest(terms) t, unnest(array[left(r.id::text, 6), :inOrganisation]) prefix)
         || (${onDay(saidShortlyAt)})), ${saidShortlyAt}
       from unnest(:ids::uuid[]) with ordinality as r(id, n), generate_series(1, :short) i join sentences s on true where s.n = 1 + (i * 31 + r.n * 977) % :sentences`,
      { ids: shortIds, visitor: visitor.id, short: SHORT, sentences: SENTENCES, inOrganisation },
    )
    await trx.raw(
      `update rooms set last_seq = m.seq, last_message_at = m.at
       from (select room_id, max(seq) as seq, max(created_at) as at from messages group by room_id) m where m.room_id = rooms.id`,
    )
    for (const [{ id }, rooms] of [
      [visitor, shortIds.slice(0, VISITED)],
      [regular, shortIds.slice()],
    ] as const)
      await trx.raw(
        `insert into room_members (room_id, user_id, role_in_room, joined_at) select r, ?, 'member', now() from unnest(?::uuid[]) r`,
        [id, rooms],
      )
    await trx.raw(
      'create index messages_terms on messages using gin (terms) with (gin_pending_list_limit = 256)',
    )
  })
  await db.raw('vacuum analyze')
}

async function seedDocuments(db: Db, longId: string): Promise<void> {
  await db.raw(`
    create schema documents;
    create table documents.chat_rooms (id uuid primary key, status text not null, last_message_at timestamptz);
    create table documents.participants (room_id uuid not null references documents.chat_rooms, user_id uuid not null, primary key (room_id, user_id));
    create index on documents.participants (user_id);
    create table documents.chat_messages (id uuid primary key default gen_random_uuid(), chat_room_id uuid not null references documents.chat_rooms, sender_id uuid not null,
      content text not null, message_type text not null, metadata jsonb, status text not null, created_at timestamptz not null);
    create table documents.chat_notifications (id uuid primary key default gen_random_uuid(), user_id uuid not null, type text not null, title text not null, message text not null, is_read boolean not null default false, created_at timestamptz not null);
    insert into documents.chat_rooms select id, 'ACTIVE' from rooms;
    insert into documents.participants select room_id, user_id from room_members`)
  await db.raw(
    `insert into documents.chat_messages select id, room_id, sender_id, content, 'text', null, 'SENT', created_at from messages where room_id = ?`,
    [longId],
  )
  await db.raw('create index on documents.chat_messages (chat_room_id, created_at)')
  await db.raw('create index on documents.chat_notifications (user_id)')
  await db.raw('vacuum analyze documents.chat_messages')
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.floor(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  )
}
