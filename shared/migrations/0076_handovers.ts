// What was found at the beginning and end of trips: readings, notes and photographs; why a trip was given to somebody else; and
// which trips run, found fast.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table bookings add column handovers jsonb not null default '[]',
      add column reassigned_by_id uuid references users (id), add column reassignment_reason text;
    alter table resources add column odometer_km double precision;
    alter table files add column booking_id uuid;
    create index bookings_underway on bookings (assigned_resource_id) where status = 'IN_PROGRESS';
    create index files_unattached on files (created_at)
      where message_id is null and booking_id is null and removed_at is null;
    drop index files_without_message`)
}

export { down } from './0001_house.ts'
