// Who can be invited to choose a password, as a list of people shows it: whoever has one, or no address of their own, cannot.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table users add column may_be_invited boolean not null
      generated always as (is_active and password_hash is null and email not like '%.invalid') stored`)
}

export { down } from './0001_house.ts'
