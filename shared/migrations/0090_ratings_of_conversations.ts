// What a customer thinks of the help in a conversation that was closed.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table inbox_conversations add column rating smallint check (rating between 1 and 5)')
}

export { down } from './0001_house.ts'
