import type { Knex } from 'knex'

/** Every channel, what people choose of them, and the addresses that are reached. Columns are explained where their shapes are declared. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A page of ours that a mail about it leads to, as {page, id}.
    alter table notifications add column link jsonb;
    create index notifications_by_age on notifications (created_at);

    alter table deliveries
      -- Null of a digest, which is about many.
      alter column notification_id drop not null,
      add column user_id uuid references users,
      -- Which of several: a webhook, a subscription.
      add column target_id uuid,
      add column job_id uuid,
      -- Why it waits, or was skipped.
      add column reason text,
      -- Attempts made before somebody had it tried again.
      add column revived_after integer not null default 0,
      -- The digest it goes with; and of a digest itself, its hour.
      add column digest_id uuid references deliveries,
      add column digest_at timestamptz,
      drop constraint deliveries_notification_id_channel_key;
    create unique index deliveries_once on deliveries (notification_id, channel, target_id) nulls not distinct where notification_id is not null;
    create unique index deliveries_one_digest on deliveries (user_id, digest_at) where digest_at is not null;
    create index deliveries_by_digest on deliveries (digest_id) where digest_id is not null;
    create index deliveries_by_target on deliveries (target_id, created_at) where target_id is not null;

    create table preferences (
      user_id uuid primary key references users,
      org_id uuid not null references organisations,
      choices jsonb not null default '[]',
      quiet_hours jsonb,
      snooze_until timestamptz,
      digest_at text,
      updated_at timestamptz not null
    );

    create table push_subscriptions (
      id uuid primary key,
      org_id uuid not null references organisations,
      user_id uuid not null references users,
      endpoint text not null unique,
      keys jsonb not null,
      created_at timestamptz not null
    );
    create index push_subscriptions_by_user on push_subscriptions (user_id);

    create table webhooks (
      id uuid primary key,
      org_id uuid not null references organisations,
      channel text not null,
      url text not null,
      categories jsonb,
      secret text not null,
      -- Signs as well until then, so that a receiver can change over.
      old_secret text,
      old_secret_until timestamptz,
      -- Since when nothing arrived there; null once something did.
      failing_since timestamptz,
      disabled_at timestamptz,
      disabled_reason text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz
    );
    create index webhooks_by_organisation on webhooks (org_id, created_at) where deleted_at is null;
    create unique index webhooks_one_gateway on webhooks (org_id, channel) where channel <> 'WEBHOOK' and deleted_at is null;
  `)
}

export { down } from './0001_house.ts'
