import type { Knex } from 'knex'

/** What is taken out of the audit in the background. Columns are explained where their shapes are declared (shared/exports/schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table exports (
      id uuid primary key,
      org_id uuid not null references organisations,
      asker_id uuid not null references users,
      scope text not null,
      format text not null,
      filter jsonb not null,
      status text not null default 'PENDING',
      percent integer not null default 0,
      storage_key text not null,
      size bigint,
      sha256 text,
      created_at timestamptz not null,
      expires_at timestamptz
    );
    create index exports_by_end on exports (expires_at) where expires_at is not null;
  `)
}

export { down } from './0001_house.ts'
