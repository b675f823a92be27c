// What happened, for an organisation's own systems: a delivery for each fact and webhook, in order for each thing that facts are
// about. `n` grows in the order of the commits of one thing, for whoever changes it holds its row.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Patterns of the facts that it hears; null: it hears notifications.
    alter table webhooks add column events text[], add column form text not null default 'thin';
    create table fact_deliveries (
      id uuid primary key,
      n bigint not null generated always as identity,
      org_id uuid not null references organisations,
      webhook_id uuid not null references webhooks,
      fact_id uuid not null,
      event text not null,
      subject_id uuid not null,
      -- Null where only the id of the subject is sent.
      data jsonb,
      at timestamptz not null,
      status text not null,
      attempts integer not null default 0,
      revived_after integer not null default 0,
      reason text,
      last_error text,
      next_attempt_at timestamptz,
      provider_response jsonb,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (webhook_id, fact_id)
    );
    create index fact_deliveries_open on fact_deliveries (webhook_id, subject_id, n) where status = 'PENDING';
    create index fact_deliveries_by_webhook on fact_deliveries (webhook_id, created_at desc, id);
    create index fact_deliveries_by_age on fact_deliveries (created_at)`)
}

export { down } from './0001_house.ts'
