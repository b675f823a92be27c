// Addresses at which a calendar program reads what somebody, or a resource, is to do. The secret in one is our signature of its id.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table calendar_feeds (
      id uuid primary key,
      org_id uuid not null references organisations (id),
      owner_id uuid not null references users (id),
      resource_id uuid references resources (id),
      created_at timestamptz not null
    );
    create unique index calendar_feeds_of_owner on calendar_feeds (owner_id, resource_id) nulls not distinct`)
}

export { down } from './0001_house.ts'
