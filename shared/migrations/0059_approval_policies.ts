// Policies of approvals by version, and approvals that several people decide, step after step. An approval of the default policy
// stands in its own columns alone, as before.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table approval_policies (
      org_id uuid not null references organisations(id),
      version integer not null,
      rules jsonb not null,
      created_at timestamptz not null,
      created_by_id uuid references users(id),
      primary key (org_id, version)
    );
    alter table approvals add column route jsonb;
    create table approval_deciders (
      approval_id uuid not null references approvals(id),
      user_id uuid not null references users(id),
      org_id uuid not null references organisations(id),
      is_waiting boolean not null,
      created_at timestamptz not null,
      primary key (approval_id, user_id)
    );
    create index approval_deciders_waiting on approval_deciders (user_id, approval_id) where is_waiting;
    create index approval_deciders_by_person on approval_deciders (user_id, created_at desc, approval_id)`)
}

export { down } from './0001_house.ts'
