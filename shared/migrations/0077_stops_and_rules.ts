// Where a trip of several stops goes, and on which days a schedule repeats itself.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table bookings add column stops jsonb, add column recurrence text')
}

export { down } from './0001_house.ts'
