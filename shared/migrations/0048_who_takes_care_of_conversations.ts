// Conversations that somebody takes care of: looked up when they leave, or hand over what they hold.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(
    'create index inbox_conversations_by_assignee on inbox_conversations (assignee_id, room_id) where assignee_id is not null',
  )
}

export { down } from './0001_house.ts'
