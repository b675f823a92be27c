// What failed of an organisation, newest first, without a look at all that did not.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index jobs_failed on jobs (org_id, failed_at) where failed_at is not null;
    create index deliveries_failed on deliveries (org_id, updated_at desc, id) where status = 'FAILED';
    create index fact_deliveries_failed on fact_deliveries (org_id, updated_at desc, id) where status = 'FAILED';
    create index audit_log_erased on audit_log (org_id, erased_by) where erased_by is not null`)
}

export { down } from './0001_house.ts'
