// Approvals about things of other programs: what they are called there, and where they can be looked at. One of them waits for one
// decision at a time.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table approvals add column external_id text, add column subject_url text;
    create unique index approvals_one_open_external on approvals (org_id, subject_type, external_id)
      where status = 'PENDING' and external_id is not null`)
}

export { down } from './0001_house.ts'
