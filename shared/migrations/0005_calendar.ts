// Opening hours stand in the organisation's own row: they change with its time zone, and under its lock.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table organisations
      -- Null: around the clock, but for the holidays.
      add column weekly_hours jsonb,
      add column holidays jsonb not null default '[]',
      add column calendar_version integer not null default 1
  `)
}

export { down } from './0001_house.ts'
