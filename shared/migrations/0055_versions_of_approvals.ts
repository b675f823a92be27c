// Of which question about its subject an approval is, for If-Match. Processes of the release before leave it as it is.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table approvals add column version integer not null default 1')
}

export { down } from './0001_house.ts'
