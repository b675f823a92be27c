// What a person is called in the system that they come from, so that their row is found again when that system tells of them.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table users add column external_id text;
    create unique index users_external_id on users (org_id, external_id) where external_id is not null`)
}

export { down } from './0001_house.ts'
