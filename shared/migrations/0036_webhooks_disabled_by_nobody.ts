import type { Knex } from 'knex'

/** Why a webhook was disabled names nobody: who did it stands in the audit, and can be erased there. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`update webhooks set disabled_reason = 'by an ADMIN' where disabled_reason like 'by %'`)
}

export { down } from './0001_house.ts'
