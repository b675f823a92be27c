// What lies about: the same organisation small and large, with one person of it in many rooms.

import { rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { termsOf } from '../../shared/chat/terms.ts'
import { NOWHERE, sentencesOf, vocabulary } from '../messages/seed.ts'

export interface Size {
  /** Half of them customers. */
  people: number
  bookings: number
  notifications: number
  auditRows: number
  /** Half of them rooms of customers, the others groups. */
  rooms: number
  messagesOfRoom: number
  /** Groups that the one person is in. */
  ownRooms: number
  tickets: number
  approvals: number
  alarms: number
}

export const SMALL: Size = {
  people: 200,
  bookings: 1000,
  notifications: 1000,
  auditRows: 1000,
  rooms: 400,
  messagesOfRoom: 20,
  ownRooms: 100,
  tickets: 1000,
  approvals: 1000,
  alarms: 1000,
}

export const LARGE: Size = {
  people: 60_000,
  bookings: 1_000_000,
  notifications: 1_000_000,
  auditRows: 1_000_000,
  rooms: 60_000,
  messagesOfRoom: 20,
  ownRooms: 5000,
  tickets: 200_000,
  approvals: 200_000,
  alarms: 1_000_000,
}

/** The person in many rooms, of whom every list is long. */
export const LOOKER = 'employee@demo.test'
/** Said once, in a room of the looker's. */
export const RARE = 'bk77'

/** Each statement takes the size by its names, the organisation and the looker. */
const STATEMENTS: readonly string[] = [
  `insert into users (id, org_id, email, full_name, role, phone, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'grown' || n || '@demo.test', 'Người ' || n, case when n % 2 = 0 then 'CUSTOMER' else 'EMPLOYEE' end,
     '+8490' || lpad(n::text, 7, '0'), now() - n * interval '1 minute', now() from generate_series(1, :people::int) n`,
  `create temp table someone as select row_number() over (order by id)::int - 1 as n, id, role from users where org_id = :orgId and email like 'grown%'`,
  `create unique index on someone (n)`,
  `create temp table customers as select row_number() over (order by id)::int - 1 as n, id from someone where role = 'CUSTOMER'`,
  `create unique index on customers (n)`,
  `analyze someone, customers`,
  `insert into resources (id, org_id, kind, name, created_at, updated_at)
   select gen_random_uuid(), :orgId, case when n % 2 = 0 then 'VEHICLE' else 'STATION' end, 'Xe ' || n, now(), now() from generate_series(1, 200) n`,
  `create temp table stations as select row_number() over (order by id)::int - 1 as n, id from resources where org_id = :orgId and kind = 'STATION'`,
  // One in ten is the looker's; nearly all are over.
  `insert into bookings (id, org_id, booking_code, requester_id, booking_type, status, scheduled_date, scheduled_time, passenger_count,
     assigned_driver_id, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'GROWN-' || g.n, case when g.n % 10 = 0 then :lookerId::uuid else s.id end, 'SINGLE_TRIP',
     case when g.n % 1000 = 3 then 'CONFIRMED' when g.n % 20 = 1 then 'CANCELLED' else 'COMPLETED' end,
     now()::date - g.n % 700, '09:00', 1, d.id, now() - g.n * interval '1 minute', now()
   from generate_series(1, :bookings::int) as g(n) join someone s on s.n = g.n % :people::int join someone d on d.n = g.n % 20`,
  // All of them within their retention: a worker that starts would delete the others for minutes.
  `insert into notifications (id, org_id, user_id, category, type, title, message, data, priority, read_at, created_at)
   select gen_random_uuid(), :orgId, case when g.n % 10 = 0 then :lookerId::uuid else s.id end,
     (array['booking', 'approval', 'chat', 'system'])[1 + (g.n / 10) % 4], 'SYSTEM_ALERT', 'Thông báo', 'Xe của bạn đã đến sảnh chính',
     '{}', 'low', case when g.n % 20 = 0 or g.n % 7 > 0 then now() end, now() - g.n * (interval '80 days' / :notifications::int)
   from generate_series(1, :notifications::int) as g(n) join someone s on s.n = g.n % :people::int`,
  `insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id)
   select now() - g.n * interval '30 seconds', :orgId, case when g.n % 10 = 0 then :lookerId::uuid else s.id end,
     (array['message_sent', 'booking_created', 'approval_approved', 'user_login'])[1 + g.n % 4],
     (array['message', 'booking', 'approval', 'user'])[1 + g.n % 4], gen_random_uuid(), '', '{}', 'grown'
   from generate_series(1, :auditRows::int) as g(n) join someone s on s.n = g.n % :people::int`,
  // Sealed, if by hashes of nothing: else a worker that starts would seal them for minutes.
  `insert into audit_seals (org_id, n, audit_id, commitment, hash)
   select org_id, row_number() over (partition by org_id order by id), id, sha256(''), sha256(id::text::bytea) from audit_log`,
  `update audit_sealing set sealed_up_to = (select max(id) from audit_log)`,
  `insert into tickets (id, org_id, support_id, user_id, station_id, room_id, type, priority, description, status, created_at, updated_at)
   select gen_random_uuid(), :orgId, 1000000 + g.n, case when g.n % 10 = 0 then :lookerId::uuid else s.id end, t.id, gen_random_uuid(), 'other',
     (array['low', 'medium', 'high', 'urgent'])[1 + (g.n / 10) % 4], 'Xe bị hỏng', case when g.n % 100 = 1 then 'open' else 'closed' end,
     now() - g.n * interval '1 minute', now()
   from generate_series(1, :tickets::int) as g(n) join someone s on s.n = g.n % :people::int join stations t on t.n = g.n % 100`,
  `insert into approvals (id, org_id, subject_type, subject_id, subject_label, approver_id, requester_id, approval_type, status, continuation, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'BOOKING', gen_random_uuid(), '{"code": "GROWN", "date": "2026-01-01"}', :managerId,
     case when g.n % 10 = 0 then :lookerId::uuid else s.id end, 'MANAGER_APPROVAL', case when g.n % 20 = 0 then 'PENDING' else 'APPROVED' end,
     'bookings.applyDecision', now() - g.n * interval '1 minute', now()
   from generate_series(1, :approvals::int) as g(n) join someone s on s.n = g.n % :people::int`,
  // The looker's rooms are spread among the others, in time and in place.
  `create temp table grown_rooms as select n, gen_random_uuid() as id, n % 2 = 0 as is_support,
     n % 2 = 1 and n % (:rooms::int / :ownRooms::int) = 1 as is_own from generate_series(1, :rooms::int) n`,
  `insert into rooms (id, org_id, kind, type, name, status, last_seq, last_message_at, only_key, is_open_to_staff, created_at, updated_at)
   select r.id, :orgId, case when is_support then 'SUPPORT' else 'GROUP' end, case when is_support then null else 'custom' end, 'Phòng ' || r.n, 'ACTIVE',
     :messagesOfRoom::int, now() - r.n * interval '10 seconds', case when is_support then 'customer|' || c.id end,
     is_support, now() - interval '400 days', now() from grown_rooms r join customers c on c.n = (r.n / 2) % (select count(*) from customers)
   on conflict do nothing`,
  `delete from grown_rooms g where not exists (select from rooms r where r.id = g.id)`,
  `insert into room_members (room_id, user_id, role_in_room, joined_at, read_seq)
   select r.id, case when is_support then c.id else s.id end, 'member', now(), 0 from grown_rooms r
   join customers c on c.n = (r.n / 2) % (select count(*) from customers) join someone s on s.n = r.n % :people::int`,
  `insert into room_members (room_id, user_id, role_in_room, joined_at, read_seq, has_unread)
   select id, :lookerId, 'member', now(), case when n % 5 = 0 then :messagesOfRoom::int - 1 else :messagesOfRoom::int end, n % 5 = 0
   from grown_rooms where is_own on conflict do nothing`,
  `insert into inbox_conversations (room_id, org_id, customer_id, waiting_since, created_at, updated_at)
   select r.id, :orgId, c.id, case when r.n % 100 = 0 then now() - r.n * interval '1 second' end, now(), now()
   from grown_rooms r join customers c on c.n = (r.n / 2) % (select count(*) from customers) where is_support`,
]

/** In the order of time, as messages are written: those of one day lie side by side. */
const MESSAGES = `
  insert into messages (room_id, seq, id, sender_id, content, terms, created_at)
  select r.id, r.i, gen_random_uuid(), :managerId, s.content || case when r.has_rare then ' ${RARE}' else '' end,
    array_to_tsvector(array(select prefix || t from unnest(array[left(r.id::text, 6), '#' || left(:orgId, 6)]) prefix,
      unnest(s.terms || case when r.has_rare then array['=${RARE}'] else '{}' end) t)
      || ('@' || left(:orgId, 6) || to_char(r.at at time zone 'UTC', 'YYYY-MM-DD'))), r.at
  from (select r.id, r.n, i, r.is_own and i = 3 and r.n = (select max(n) from grown_rooms where is_own) as has_rare,
      now() - r.n * interval '10 seconds' - (:messagesOfRoom::int - i) * interval '5 days' as at
    from grown_rooms r, generate_series(1, :messagesOfRoom::int) i order by at) r
  cross join lateral (select content, terms from sentences where n = 1 + (r.i * 31 + r.n * 977) % 20000 offset 0) s`

/** None rings while the idle processors are measured, nor comes near: what rings is work. Those of five minutes are in Redis. */
const ALARMS = `
  insert into jobs (id, name, payload, due_at, request_id, shipped_at, org_id)
   select gen_random_uuid(), 'approvals.expire', jsonb_build_object('approvalId', gen_random_uuid()), clock_timestamp() + interval '5 minutes' + after + case when after > interval '5 minutes' then interval '1 hour' else interval '0' end, 'grown', null, :orgId
   from generate_series(1, :alarms::int) n cross join lateral (select n * (interval '1 day' / greatest(:alarms::int, 1)) as after) a`

export async function seedGrowth(db: Db, size: Size): Promise<void> {
  const [ids] = await rowsOf<Record<string, string>>(
    db,
    `select o.id as org_id, l.id as looker_id, m.id as manager_id from organisations o join users l on l.org_id = o.id and l.email = :looker
     join users m on m.org_id = o.id and m.email = 'manager@demo.test' where o.slug = 'demo'`,
    { looker: LOOKER },
  )
  const bindings = { ...ids, ...size }
  await db.transaction(async (trx) => {
    // As a backup is restored: without looking up what every row refers to.
    await trx.raw(`set local session_replication_role = replica`)
    await trx.raw(`set local maintenance_work_mem = '512MB'`)
    for (const statement of STATEMENTS) await rowsOf(trx, statement, bindings)
    await trx.raw('create temp table sentences (n serial, content text, terms text[]) on commit drop')
    await trx.raw(
      'insert into sentences (content, terms) select c, array(select jsonb_array_elements_text(t)) from jsonb_to_recordset(?::jsonb) as s(c text, t jsonb)',
      [
        JSON.stringify(
          sentencesOf(vocabulary()).map((c) => ({
            c,
            t: termsOf(NOWHERE, c).map((term) => term.slice(NOWHERE.length)),
          })),
        ),
      ],
    )
    await trx.raw('create index on sentences (n)')
    await trx.raw('drop index messages_terms')
    await rowsOf(trx, MESSAGES, bindings)
    await trx.raw(
      'create index messages_terms on messages using gin (terms) with (gin_pending_list_limit = 256)',
    )
  })
  await rowsOf(db, ALARMS, bindings)
  await db.raw('vacuum analyze')
}
