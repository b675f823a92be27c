// What is decided about, in words and in every language, so that whoever decides knows it without asking further.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table approvals add column subject_details jsonb')
}

export { down } from './0001_house.ts'
