// What lists are filtered by, in the order in which they are shown: a filter that matches nothing, or little, reads no more
// rows than one that matches all.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index bookings_by_status on bookings (org_id, status, created_at desc, id);
    create index tickets_by_status on tickets (org_id, status, created_at desc, support_id desc) where deleted_at is null;
    create index tickets_by_priority on tickets (org_id, priority, created_at desc, support_id desc) where deleted_at is null;
    create index tickets_by_type on tickets (org_id, type, created_at desc, support_id desc) where deleted_at is null;
    create index tickets_by_assignee on tickets (assignee_id, created_at desc, support_id desc) where deleted_at is null;
    create index notifications_unread_newest on notifications (user_id, created_at desc, id) where read_at is null and deleted_at is null;
    drop index notifications_unread;
    create index notifications_by_category on notifications (user_id, category, created_at desc, id) where deleted_at is null;
    create index rooms_open_to_staff_by_type on rooms (org_id, type, active_hour desc) where is_open_to_staff;
    create index rooms_groups_vi on rooms (org_id, (coalesce(name, '')) collate "vi-x-icu", id) where kind = 'GROUP' and status <> 'CLOSED';
    create index rooms_groups_en on rooms (org_id, (coalesce(name, '')) collate "en-x-icu", id) where kind = 'GROUP' and status <> 'CLOSED';
    create index users_by_manager on users (manager_id) where manager_id is not null;
    create index users_inactive on users (org_id) where not is_active`)
}

export { down } from './0001_house.ts'
