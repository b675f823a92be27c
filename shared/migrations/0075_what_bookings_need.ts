// What a booking needs and costs, for whoever decides on it and whoever assigns; and for which bookings a resource is.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table bookings add column distance_km double precision, add column amount double precision,
      add column resource_kind text;
    alter table resources add column booking_types text[]`)
}

export { down } from './0001_house.ts'
