// How much of what concerns oneself is unread, however many notices of the audit lie between.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(
    `create index notifications_unread_of_oneself on notifications (user_id, created_at desc, id)
     where read_at is null and deleted_at is null and category <> 'audit'`,
  )
}

export { down } from './0001_house.ts'
