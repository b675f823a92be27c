import type { Knex } from 'knex'

/** Counts the changes of an organisation, for its ETag. Processes of the release before change it without counting. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table organisations add column version integer not null default 1')
}

export { down } from './0001_house.ts'
