import type { Knex } from 'knex'

/** An export may fail, says why, and is written by one worker at a time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table exports
      add column reason text,
      add column job_id uuid,
      -- Until when whoever writes it has it to themselves; put off while it is being written.
      add column claimed_until timestamptz;
    create index exports_unfinished on exports (org_id, created_at) where status in ('PENDING', 'RUNNING');
  `)
}

export { down } from './0001_house.ts'
