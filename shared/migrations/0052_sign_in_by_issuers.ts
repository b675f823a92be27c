// As whom Bellhop is known to an issuer, where people sign in with it on our own pages.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table issuers
      add column client_id text,
      -- Sealed.
      add column client_secret text`)
}

export { down } from './0001_house.ts'
