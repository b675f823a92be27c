// What was decided in a time, for the figures of an organisation: without reading what was decided before and after it.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`create index approvals_by_decision on approvals (org_id, responded_at)
    where responded_at is not null and approval_type = 'MANAGER_APPROVAL'`)
}

export { down } from './0001_house.ts'
