// Which sessions ended lately, in a table of its own: every process looks it up once a second, and must learn it also while somebody
// keeps the sessions or the people locked. A trigger writes it, so that what a process of an older release ends stands in it, too.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table ended_sessions (
      session_id uuid primary key references sessions (id) on delete cascade,
      ended_at timestamptz not null
    );
    create index ended_sessions_by_end on ended_sessions (ended_at);
    create function note_ended_session() returns trigger language plpgsql as $$ begin
      insert into ended_sessions (session_id, ended_at) values (new.id, new.ended_at) on conflict do nothing;
      return null;
    end $$;
    create trigger note_ended_session after update on sessions for each row
      when (old.ended_at is null and new.ended_at is not null) execute function note_ended_session();
    -- Nobody looks further back than a token lives.
    insert into ended_sessions select id, ended_at from sessions where ended_at > now() - interval '1 day'`)
}

export { down } from './0001_house.ts'
