// What lies about: a house of forty vehicles with few bookings behind it, or with a million. Its week is the same in both.

import { rowsOf, type Db } from '../../shared/kit/store/db.ts'

/** Who looks: sees all bookings, is told much, and is asked. */
export const LOOKER = 'admin@demo.test'
export const TRIPS_OF_A_DAY = 40

/** Each statement takes the number of bookings, the organisation and the looker. */
const STATEMENTS: readonly string[] = [
  `create temp table someone as select n, gen_random_uuid() as id, gen_random_uuid() as vehicle_id, gen_random_uuid() as driver_id
   from generate_series(0, ${TRIPS_OF_A_DAY - 1}) n`,
  `insert into users (id, org_id, email, full_name, role, created_at, updated_at)
   select id, :orgId::uuid, 'grown' || n || '@demo.test', 'Người ' || n, 'EMPLOYEE', now(), now() from someone
   union all select driver_id, :orgId::uuid, 'driver' || n || '@demo.test', 'Tài xế ' || n, 'DRIVER', now(), now() from someone`,
  `insert into resources (id, org_id, kind, name, created_at, updated_at)
   select vehicle_id, :orgId, 'VEHICLE', 'Xe ' || n, now(), now() from someone`,
  // What is over: ten years, up to the week before the last.
  `insert into bookings (id, org_id, booking_code, requester_id, booking_type, status, scheduled_date, scheduled_time, passenger_count,
     assigned_resource_id, assigned_driver_id, duration_minutes, starts_at, ends_at, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'GROWN-' || g.n, case when g.n % 10 = 0 then :lookerId::uuid else s.id end, 'SINGLE_TRIP',
     case when g.n % 20 = 1 then 'CANCELLED' else 'COMPLETED' end, d.day, '09:00', 1, s.vehicle_id, s.driver_id, 60,
     d.day + interval '2 hours', d.day + interval '3 hours', now() - interval '14 days' - g.n * interval '5 minutes', now()
   from generate_series(1, :bookings::int) as g(n) join someone s on s.n = g.n % ${TRIPS_OF_A_DAY}
   cross join lateral (select current_date - 14 - g.n % 3650 as day) d`,
  `insert into bookings (id, org_id, booking_code, requester_id, booking_type, status, scheduled_date, scheduled_time, passenger_count,
     assigned_resource_id, assigned_driver_id, duration_minutes, starts_at, ends_at, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'WEEK-' || w.day || '-' || s.n, case when s.n = 0 then :lookerId::uuid else s.id end, 'SINGLE_TRIP', 'ASSIGNED',
     w.day, '09:00', 1, s.vehicle_id, s.driver_id, 60, w.day + interval '2 hours', w.day + interval '3 hours', now() - s.n * interval '1 minute', now()
   from someone s cross join lateral (select date_trunc('week', current_date)::date + d as day from generate_series(0, 6) d) w`,
  `insert into approvals (id, org_id, subject_type, subject_id, subject_label, approver_id, requester_id, approval_type, status, continuation, created_at, updated_at)
   select gen_random_uuid(), :orgId, 'BOOKING', gen_random_uuid(), '{"code": "GROWN", "date": "2026-01-01"}', :lookerId, s.id, 'MANAGER_APPROVAL',
     case when g.n <= ${TRIPS_OF_A_DAY} then 'PENDING' else 'APPROVED' end, 'bookings.applyDecision', now() - g.n * interval '5 minutes', now()
   from generate_series(1, ${TRIPS_OF_A_DAY} + :bookings::int / 5) as g(n) join someone s on s.n = g.n % ${TRIPS_OF_A_DAY}`,
  `insert into notifications (id, org_id, user_id, category, type, title, message, data, priority, read_at, created_at)
   select gen_random_uuid(), :orgId, :lookerId, 'booking', 'SYSTEM_ALERT', 'Thông báo', 'Xe của bạn đã đến sảnh chính', '{}', 'low',
     case when g.n > 5 then now() end, now() - g.n * interval '5 minutes' from generate_series(1, :bookings::int / 10) as g(n)`,
]

/** @param db of a superuser */
export async function seedBookings(db: Db, bookings: number): Promise<void> {
  const [ids] = await rowsOf<Record<string, string>>(
    db,
    `select o.id as org_id, l.id as looker_id from organisations o join users l on l.org_id = o.id and l.email = :looker where o.slug = 'demo'`,
    { looker: LOOKER },
  )
  await db.transaction(async (trx) => {
    // As a backup is restored: without looking up what every row refers to.
    await trx.raw('set local session_replication_role = replica')
    for (const statement of STATEMENTS) await rowsOf(trx, statement, { ...ids, bookings })
  })
  await db.raw('vacuum analyze')
}
