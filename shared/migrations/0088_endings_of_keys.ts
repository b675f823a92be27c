// Which keys were taken back or renewed lately, as it stands of sessions (0060): every process looks it up once a second, and must
// learn it also while somebody keeps the keys locked.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table ended_keys (
      key_id uuid primary key references api_keys (id) on delete cascade,
      ended_at timestamptz not null
    );
    create index ended_keys_by_end on ended_keys (ended_at);
    create function note_ended_key() returns trigger language plpgsql as $$ begin
      insert into ended_keys (key_id, ended_at) values (new.id, greatest(new.revoked_at, new.rotated_at))
        on conflict (key_id) do update set ended_at = excluded.ended_at;
      return null;
    end $$;
    create trigger note_ended_key after update on api_keys for each row
      when (old.revoked_at is distinct from new.revoked_at or old.rotated_at is distinct from new.rotated_at)
      execute function note_ended_key();
    -- Nobody looks further back than some minutes.
    insert into ended_keys select id, greatest(revoked_at, rotated_at) from api_keys
      where greatest(revoked_at, rotated_at) > now() - interval '1 day'`)
}

export { down } from './0001_house.ts'
