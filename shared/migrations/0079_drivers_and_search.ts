// Resources that nobody drives; and bookings by a part of their code or purpose.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table resources add column needs_driver boolean not null default true;
    create extension if not exists pg_trgm;
    create index bookings_by_text on bookings
      using gin (fold_text(booking_code || ' ' || coalesce(purpose, '')) gin_trgm_ops)`)
}

export { down } from './0001_house.ts'
