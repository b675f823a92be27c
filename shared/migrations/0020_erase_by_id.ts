import type { Knex } from 'knex'

/** Rows of the audit are found by a person's id alone: a guest called "e" was found in nearly every sentence. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(ERASE)
  await knex.raw(AS_BEFORE)
  await knex.raw(`
    revoke execute on function erase_person_from_audit from public;
    grant execute on function erase_person_from_audit to bellhop_application`)
}

export { down } from './0001_house.ts'

const ERASE = `
  create function erase_person_from_audit(organisation uuid, person uuid, by_whom uuid, moment timestamptz, request text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare touched bigint[]; erasure bigint;
  begin
    select coalesce(array_agg(id), '{}') into touched from audit_log
    where org_id = organisation and erased_by is null and action <> 'person_erased'
      and (person in (actor_id, on_behalf_of_id, entity_id) or position(person::text in metadata::text) > 0);
    insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id)
    values (moment, organisation, by_whom, 'person_erased', 'user', person, '', jsonb_build_object('rows', cardinality(touched)), request)
    returning id into erasure;
    update audit_log set description = '', metadata = '{}', request_id = '', ip = null, salt = null, erased_by = erasure where id = any(touched);
    return cardinality(touched);
  end $$`

// Processes of the previous release call it by this name; what people are called no longer counts there either.
const AS_BEFORE = `
  create or replace function erase_from_audit(organisation uuid, person uuid, names text[], by_whom uuid, moment timestamptz, request text) returns bigint
  language sql security definer set search_path = pg_catalog, public as $$
    select erase_person_from_audit(organisation, person, by_whom, moment, request) $$`
