// When a booking takes place, and that a resource or a driver is in one place at a time.

import type { Knex } from 'knex'

/** What is to come gets its spans; what has passed needs none. The minutes are the defaults of shared/bookings/span.ts. */
const SPANS = `
  with days as (
    select b.id, b.duration, generate_series(b.scheduled_date, b.last_day, interval '1 day')::date as day
    from (select id, scheduled_date,
        case booking_type when 'SINGLE_TRIP' then 60 when 'MULTI_STOP' then 180 else 540 end as duration,
        case when booking_type = 'BLOCK_SCHEDULE' then coalesce(end_date, scheduled_date) else scheduled_date end as last_day
      from bookings
      where coalesce(end_date, scheduled_date) >= current_date - 1 and scheduled_time ~ '^[0-2][0-9]:[0-5][0-9]$'
        and coalesce(end_date, scheduled_date) <= scheduled_date + 366
        and status in ('PENDING_APPROVAL', 'PENDING', 'CONFIRMED', 'ASSIGNED', 'IN_PROGRESS')) b
  ), spans as (
    select d.id, d.duration, range_agg(tstzrange(
      (d.day + b.scheduled_time::time) at time zone o.timezone,
      (case when b.booking_type = 'BLOCK_SCHEDULE' then d.day else coalesce(b.end_date, d.day) end + b.scheduled_time::time)
        at time zone o.timezone + d.duration * interval '1 minute')) as span
    from days d join bookings b on b.id = d.id join organisations o on o.id = b.org_id group by d.id, d.duration
  )
  update bookings b set duration_minutes = s.duration, starts_at = lower(s.span), ends_at = upper(s.span),
    span = case when b.status in ('ASSIGNED', 'IN_PROGRESS') then s.span end,
    held = case when b.status in ('ASSIGNED', 'IN_PROGRESS') then s.span end
  from spans s where s.id = b.id`

export async function up(db: Knex): Promise<void> {
  await db.raw('create extension if not exists btree_gist')
  await db.raw(`
    alter table resources add column capacity integer, add column buffer_minutes integer not null default 0;
    alter table bookings add column duration_minutes integer, add column starts_at timestamptz, add column ends_at timestamptz,
      add column span tstzmultirange, add column held tstzmultirange, add column is_exclusive boolean not null default false`)
  await db.raw(SPANS)
  await db.raw(`
    alter table bookings
      add constraint bookings_one_driver exclude using gist (assigned_driver_id with =, span with &&)
        where (is_exclusive and status in ('ASSIGNED', 'IN_PROGRESS')),
      add constraint bookings_one_resource exclude using gist (assigned_resource_id with =, held with &&)
        where (is_exclusive and status in ('ASSIGNED', 'IN_PROGRESS'));
    create index bookings_by_time on bookings using gist (org_id, tstzrange(starts_at, ends_at)) where starts_at is not null;
    create index bookings_of_driver on bookings (assigned_driver_id, ends_at);
    create index bookings_of_resource on bookings (assigned_resource_id, ends_at)`)
}

export { down } from './0001_house.ts'
