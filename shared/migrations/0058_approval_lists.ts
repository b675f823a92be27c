// Lists of approvals by whoever is asked, whoever asked, and for a whole organisation, newest first and by their status.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index approvals_of_approver on approvals (approver_id, status, created_at desc, id);
    create index approvals_of_requester on approvals (requester_id, status, created_at desc, id);
    create index approvals_of_organisation on approvals (org_id, status, created_at desc, id);
    create index approvals_decided_for_another on approvals (decided_by_id, status, created_at desc, id)
      where on_behalf_of_id is not null`)
}

export { down } from './0001_house.ts'
