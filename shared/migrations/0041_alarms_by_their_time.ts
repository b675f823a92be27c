// An alarm is handed to Redis shortly before it rings: those whose time is near are looked for by their time. The index by age,
// which the release before looks by, goes with the release after this one.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(
    `create index jobs_unshipped_by_time on jobs (coalesce(due_at, '-infinity'), created_at) where shipped_at is null`,
  )
}

export { down } from './0001_house.ts'
