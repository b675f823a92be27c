import type { Knex } from 'knex'

/** Unread notifications of a request are found by it, when it is settled. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create index notifications_unread_of_approval on notifications ((data->>'approvalId')) where read_at is null and deleted_at is null`,
  )
}

export { down } from './0001_house.ts'
