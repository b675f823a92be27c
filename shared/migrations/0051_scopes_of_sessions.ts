// What a session is good for, where it may do less than its person. Null: all that they may.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table sessions add column scopes text[]')
}

export { down } from './0001_house.ts'
