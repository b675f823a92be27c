// What a program may do with its key, from where and until when. A key of before tells events, as it always did.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table api_keys add column scopes text[] not null default '{events:write}', add column addresses text[] not null default '{}',
      add column expires_at timestamptz;
    create index api_keys_by_end on api_keys (revoked_at) where revoked_at is not null;
    create index api_keys_by_rotation on api_keys (rotated_at) where rotated_at is not null;
    -- A program in its own name repeats requests as a person does, and is no person.
    alter table idempotency_keys drop constraint idempotency_keys_user_id_fkey`)
}

export { down } from './0001_house.ts'
