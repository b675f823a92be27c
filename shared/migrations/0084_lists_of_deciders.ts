// Whoever was asked with others finds it by its status, however many they decided before. PostgreSQL keeps it beside them, so that
// the processes of the release before do, too. The index approval_deciders_by_person serves these alone, and can go after them.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    lock table approvals, approval_deciders in share row exclusive mode;
    alter table approval_deciders add column status text;
    update approval_deciders d set (status, created_at) = (select status, created_at from approvals a where a.id = d.approval_id);
    alter table approval_deciders alter column status set not null;
    create index approval_deciders_of_person on approval_deciders (user_id, status, created_at desc, approval_id);
    create function read_status_of_approval() returns trigger language plpgsql as $$
    begin
      select status, created_at into new.status, new.created_at from approvals where id = new.approval_id;
      return new;
    end $$;
    create trigger approval_deciders_begin before insert on approval_deciders for each row execute function read_status_of_approval();
    -- What is over waits for nobody.
    create function tell_status_to_deciders() returns trigger language plpgsql as $$
    begin
      update approval_deciders set status = new.status, is_waiting = is_waiting and new.status = 'PENDING' where approval_id = new.id;
      return null;
    end $$;
    create trigger approvals_tell_deciders after update of status on approvals for each row
      when (old.status is distinct from new.status) execute function tell_status_to_deciders()`)
}

export { down } from './0001_house.ts'
