import type { Knex } from 'knex'

/** Keys of other programs, and what they told. Columns are explained where their shapes are declared (shared/integrations/schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table api_keys (
      id uuid primary key,
      org_id uuid not null references organisations,
      name text not null,
      hint text not null,
      hash text not null unique,
      -- The one before the last rotation, good until then.
      previous_hash text unique,
      previous_until timestamptz,
      created_by_id uuid not null references users,
      created_at timestamptz not null,
      rotated_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    create index api_keys_by_organisation on api_keys (org_id, created_at desc, id);

    create table received_events (
      id uuid primary key,
      org_id uuid not null references organisations,
      -- As the sender chose it.
      event_id text not null,
      api_key_id uuid not null references api_keys,
      type text not null,
      payload jsonb not null,
      received_at timestamptz not null,
      told_at timestamptz,
      unique (org_id, event_id)
    );
    create index received_events_by_age on received_events (received_at);
  `)
}

export { down } from './0001_house.ts'
