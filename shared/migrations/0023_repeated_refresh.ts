// A used refresh token is answered once more within some seconds; here stands that it was.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table refresh_tokens add column repeated_at timestamptz')
}

export { down } from './0001_house.ts'
