import type { Knex } from 'knex'

/** Where guests say that they are reached: beside the address that was made up for them, which nobody can sign in with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table users add contact_email text, add contact_phone text')
}

export { down } from './0001_house.ts'
