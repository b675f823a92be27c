// Of a row that failed somebody looks once whether a server that was away was the reason: then it is tried again.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table jobs add column failure_judged_at timestamptz;
    create index jobs_failed_unjudged on jobs (failed_at) where failed_at is not null and failure_judged_at is null;
  `)
}

export { down } from './0001_house.ts'
