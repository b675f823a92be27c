// A key that whoever operates the installation makes is made by nobody of the organisation.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table api_keys alter column created_by_id drop not null')
}

export { down } from './0001_house.ts'
