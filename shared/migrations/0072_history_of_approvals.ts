// What happened to each approval, in order, with what people wrote; and a question to the requester, for which the clock may stand.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table approval_history (
      n bigint generated always as identity primary key,
      org_id uuid not null references organisations(id),
      approval_id uuid not null references approvals(id),
      action text not null,
      actor_id uuid references users(id),
      on_behalf_of_id uuid references users(id),
      people uuid[] not null,
      notes text,
      at timestamptz not null
    );
    create index approval_history_by_approval on approval_history (approval_id, n);
    create index approval_history_by_actor on approval_history (actor_id) where notes is not null;
    alter table approvals add column open_question jsonb, add column time_left_ms bigint`)
}

export { down } from './0001_house.ts'
