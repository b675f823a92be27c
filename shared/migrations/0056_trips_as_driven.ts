// When a trip began and ended, as it was driven: plans say when it was to.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table bookings add column started_at timestamptz, add column completed_at timestamptz;
    create index bookings_driven on bookings using gist (org_id, tstzrange(started_at, completed_at)) where started_at is not null`)
}

export { down } from './0001_house.ts'
