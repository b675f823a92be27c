// Exports that failed are swept as others are; those of releases before have no end yet.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(
    `update exports set expires_at = created_at + interval '1 day' where status = 'FAILED' and expires_at is null`,
  )
}

export { down } from './0001_house.ts'
