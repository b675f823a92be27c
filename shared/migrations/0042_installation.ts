// What this database is called: whoever founds its first organisation shows a code that is made of it. One row, which founders lock,
// so that of two only one is the first.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table installation (
      id uuid primary key default gen_random_uuid(),
      only_one boolean not null default true unique check (only_one)
    );
    insert into installation default values`)
}

export { down } from './0001_house.ts'
