// Which bookings wait for a resource of their kind, in the order in which they began to.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table bookings add column waiting_since timestamptz;
    create index bookings_waiting on bookings (org_id, waiting_since) where waiting_since is not null`)
}

export { down } from './0001_house.ts'
