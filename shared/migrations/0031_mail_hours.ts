// How many mails went to each person within the hour: above a ceiling they become one.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table mail_hours (
      user_id uuid primary key references users,
      hour timestamptz not null,
      count integer not null
    )`)
}

export { down } from './0001_house.ts'
