import type { Knex } from 'knex'

/**
 * A push subscription belongs to the session that made it, ends with it, and goes with its row. Null: made by an earlier
 * release, which did not write it down; such a one lives as long as its person is signed in anywhere.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table push_subscriptions add column session_id uuid references sessions on delete cascade;
    create index push_subscriptions_by_session on push_subscriptions (session_id) where session_id is not null;
  `)
}

export { down } from './0001_house.ts'
