// What is taken out: an organisation with two hundred people, and what they did, a second apart.

import type { Db } from '../../shared/kit/store/db.ts'

export const ORGANISATION = '00000000-0000-4000-8000-00000000000a'

export async function seedRows(db: Db, rows: number): Promise<void> {
  await db.raw(
    `insert into organisations (id, name, slug, created_at) values (?, 'Bellhop Bench', 'bench', now())`,
    [ORGANISATION],
  )
  await db.raw(
    `insert into users (id, org_id, email, full_name, role, created_at, updated_at)
     select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ?, 'p' || n || '@bench.test', 'Nguyễn Thị Mai ' || n, 'EMPLOYEE', now(), now() from generate_series(1, 200) n`,
    [ORGANISATION],
  )
  await db.raw(
    `insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id, ip)
     select date_trunc('second', now()) - (:rows::integer - n) * interval '1 second' - interval '1 day', :org, ('00000000-0000-4000-8000-' || lpad((1 + n % 200)::text, 12, '0'))::uuid,
       case n % 5 when 0 then 'booking_created' when 1 then 'approval_decided' else 'message_sent' end, case n % 5 when 0 then 'booking' when 1 then 'approval' else 'message' end, gen_random_uuid(),
       case n % 5 when 0 then 'Nguyễn Thị Mai ' || n % 200 || ' asked for DEMO-20310310-' || n when 1 then 'Lê Hoàng Nam approved DEMO-20310310-' || n else 'Nguyễn Thị Mai ' || n % 200 || ' wrote' end,
       jsonb_build_object('seq', n, 'roomId', gen_random_uuid()), gen_random_uuid()::text, '203.0.113.' || n % 250
     from generate_series(1, :rows::integer) n`,
    { rows, org: ORGANISATION },
  )
  await db.raw('vacuum analyze')
}
