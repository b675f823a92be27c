// The realtime nodes read which sessions ended lately.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('create index sessions_by_end on sessions (ended_at) where ended_at is not null')
}

export { down } from './0001_house.ts'
