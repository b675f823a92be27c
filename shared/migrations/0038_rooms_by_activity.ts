// Rooms are listed by their newest message, and who may see tens of thousands must not have all of them sorted. By the hour,
// so that an index has it and yet most messages change none; PostgreSQL fills it by itself, for every release.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table rooms add column active_hour timestamptz generated always as
      (date_trunc('hour', coalesce(last_message_at, created_at) at time zone 'UTC') at time zone 'UTC') stored;
    create index rooms_by_activity on rooms (org_id, active_hour desc);
    drop index rooms_open_to_staff;
    create index rooms_open_to_staff on rooms (org_id, active_hour desc) where is_open_to_staff;
    create index rooms_open_to_staff_by_status on rooms (org_id, status, active_hour desc) where is_open_to_staff;
    drop index inbox_conversations_waiting;
    create index inbox_conversations_waiting on inbox_conversations (org_id, waiting_since, room_id) where waiting_since is not null`)
}

export { down } from './0001_house.ts'
