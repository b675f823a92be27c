import type { Knex } from 'knex'

/** When the access token ends that a ticket was taken with: so does the socket that it opens. Null: of an earlier release. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table socket_tickets add column token_expires_at timestamptz')
}

export { down } from './0001_house.ts'
