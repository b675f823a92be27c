import type { Knex } from 'knex'

/** Whose a job is, how it ended, and which row is due first. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs
      -- Whom it belongs to, so that organisations take turns; null: the house itself.
      add column org_id uuid,
      -- Why nobody tries any more.
      add column failed_reason text,
      -- Workers that ended under it while it ran as the only one that was suspected.
      add column crashes integer not null default 0;
    create index jobs_by_due_time on jobs ((coalesce(due_at, created_at))) where failed_at is null;
  `)
}

export { down } from './0001_house.ts'
