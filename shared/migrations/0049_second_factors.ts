// A second factor of a sign-in: a secret that an authenticator app shares with us, sealed, and codes for whoever lost the app, hashed.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table second_factors (
      user_id uuid primary key references users (id),
      secret text not null,
      -- The step of time whose code was taken last: none up to it counts again.
      last_step bigint,
      -- Null: a code was not shown yet, so that nothing is asked of it.
      confirmed_at timestamptz,
      created_at timestamptz not null
    );
    create table recovery_codes (
      user_id uuid not null references second_factors (user_id) on delete cascade,
      hash text not null,
      primary key (user_id, hash)
    )`)
}

export { down } from './0001_house.ts'
