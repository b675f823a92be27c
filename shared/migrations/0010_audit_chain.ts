import type { Knex } from 'knex'

/** The audit stands as it was written: rights, triggers, and a chain of seals. How it holds together is told in docs/AUDIT.md. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(ROLE)
  await knex.raw(ROWS)
  await knex.raw(SEALS)
  await knex.raw(RIGHTS)
}

export { down } from './0001_house.ts'

// Roles belong to the server, not to the database: another deployment on it may have made this one.
const ROLE = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'bellhop_application') then
      create role bellhop_application nologin;
    end if;
    if not pg_has_role(current_user, 'bellhop_application', 'member') then
      execute format('grant bellhop_application to %I', current_user);
    end if;
  exception when insufficient_privilege then
    raise exception 'This account may not make the role that the processes take on. Let an administrator of the server run: create role bellhop_application nologin; grant bellhop_application to %;', quote_ident(current_user);
  end $$`

const ROWS = `
  -- Of what names a person only a salted digest is sealed; without its salt the digest says nothing.
  alter table audit_log add salt uuid default gen_random_uuid(), add erased_by bigint;

  -- A transaction has its number before it takes one here. So whatever takes a smaller number later than some transaction began is of an older transaction.
  alter table audit_log alter id drop identity;
  create sequence audit_log_ids owned by audit_log.id;
  select setval('audit_log_ids', coalesce((select max(id) from audit_log), 1), exists (select from audit_log));
  alter table audit_log alter id set default case when pg_current_xact_id() is not null then nextval('audit_log_ids') end;

  create index audit_log_by_time on audit_log (org_id, at, id);
  create index audit_log_by_actor on audit_log (actor_id, at, id);
  create index audit_log_by_room on audit_log ((metadata->>'roomId'), at, id) where metadata->>'roomId' is not null;
  -- Messages are nearly all of it, and are found by the first.
  create index audit_log_by_action on audit_log (org_id, action, at, id) where action <> 'message_sent';
  create index audit_log_by_entity on audit_log (org_id, entity, at, id) where entity <> 'message';
  drop index audit_log_by_organisation;`

const SEALS = `
  create table audit_seals (
    org_id uuid not null references organisations,
    n bigint not null,
    audit_id bigint not null unique,
    commitment bytea not null,
    hash bytea not null,
    primary key (org_id, n)
  );

  -- Up to where every row is sealed; and up to where every row will be, once no transaction older than that one is open.
  create table audit_sealing (
    is_only boolean primary key default true check (is_only),
    sealed_up_to bigint not null default 0,
    next_up_to bigint,
    next_transaction xid8
  );
  insert into audit_sealing default values;

  -- Holds for the owner of the tables, too. The one change there is takes away what names a person.
  create function audit_stands() returns trigger language plpgsql as $$ begin
    if tg_op = 'UPDATE' and tg_table_name = 'audit_log' then
      if old.erased_by is null and new.erased_by is not null
        and (new.description, new.metadata, new.request_id, new.ip, new.salt) is not distinct from ('', '{}'::jsonb, '', null::text, null::uuid)
        and (new.id, new.at, new.org_id, new.actor_id, new.on_behalf_of_id, new.action, new.entity, new.entity_id)
          is not distinct from (old.id, old.at, old.org_id, old.actor_id, old.on_behalf_of_id, old.action, old.entity, old.entity_id)
      then return new; end if;
    end if;
    raise insufficient_privilege using message = 'The audit stands as it was written';
  end $$;
  create trigger audit_stands before update or delete on audit_log for each row execute function audit_stands();
  create trigger audit_stays before truncate on audit_log for each statement execute function audit_stands();
  create trigger audit_stands before update or delete on audit_seals for each row execute function audit_stands();
  create trigger audit_stays before truncate on audit_seals for each statement execute function audit_stands();

  -- The application's only way to that change. It leaves a row that says how many it touched.
  create function erase_from_audit(organisation uuid, person uuid, names text[], by_whom uuid, moment timestamptz, request text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare touched bigint[]; erasure bigint;
  begin
    select coalesce(array_agg(id), '{}') into touched from audit_log
    where org_id = organisation and erased_by is null and action <> 'person_erased' and (
      person in (actor_id, on_behalf_of_id, entity_id) or position(person::text in metadata::text) > 0
      or exists (select from unnest(names) as name where position(name in description || metadata::text) > 0));
    insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id)
    values (moment, organisation, by_whom, 'person_erased', 'user', person, 'What named a person was erased', jsonb_build_object('rows', cardinality(touched)), request)
    returning id into erasure;
    update audit_log set description = '', metadata = '{}', request_id = '', ip = null, salt = null, erased_by = erasure where id = any(touched);
    return cardinality(touched);
  end $$;`

const RIGHTS = `
  grant usage on schema public to bellhop_application;
  grant select, insert, update, delete on all tables in schema public to bellhop_application;
  grant usage on all sequences in schema public to bellhop_application;
  alter default privileges in schema public grant select, insert, update, delete on tables to bellhop_application;
  alter default privileges in schema public grant usage on sequences to bellhop_application;
  revoke update, delete on audit_log, audit_seals from bellhop_application;
  revoke execute on function erase_from_audit from public;
  grant execute on function erase_from_audit to bellhop_application;`
