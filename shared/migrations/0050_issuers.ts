// Issuers of tokens that an organisation trusts, and whose sessions they are.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table issuers (
      id uuid primary key,
      org_id uuid not null references organisations (id),
      name text not null,
      issuer text not null,
      audience text not null,
      jwks_url text,
      public_key text,
      -- Sealed.
      shared_secret text,
      claims jsonb not null,
      role_map jsonb not null,
      default_role text,
      reaches text[] not null,
      provisioning text not null,
      email_domains text[] not null,
      subject_prefix text not null,
      is_enabled boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check (num_nonnulls(jwks_url, public_key, shared_secret) <= 1)
    );
    -- A token says both, and opens one organisation.
    create unique index issuers_issuer_audience on issuers (issuer, audience);
    create index issuers_by_org on issuers (org_id, created_at, id);
    alter table sessions add column issuer_id uuid;
    create index sessions_by_issuer on sessions (issuer_id, user_id) where issuer_id is not null`)
}

export { down } from './0001_house.ts'
