// Parts of names, addresses and telephone numbers are found by an index on trigrams, however many people there are.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('create extension if not exists pg_trgm')
  await db.raw(`
    create index users_by_parts on users using gin (folded_name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops);
    create index resources_by_parts on resources using gin (folded_name gin_trgm_ops)`)
}

export { down } from './0001_house.ts'
