// Rooms in which something is unread are found by an index, however many somebody is in. PostgreSQL keeps it, so that the processes of
// the release before do, too: set by whoever has told what was said, taken back by whoever reads.

import type { Knex } from 'knex'

/** Rooms are looked through in parts, so that nobody waits for long. */
export const config = { transaction: false }

/** Of those in a part nobody reads or hears anything new meanwhile, and a room may have a thousand members. */
const BATCH = 100

/** Again is harmless: until it is looked into, a room counts as unread. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table room_members add column if not exists has_unread boolean not null default true;
    -- It waits for those who read in these rooms at this moment (below), and sees what they have read.
    create or replace function note_unread_rooms() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('unread ' || room_id, 0)) from (select distinct room_id from told order by 1) t;
      update room_members m set has_unread = true from (
        select n.room_id, n.sender_id, max(n.seq) as seq from told t join messages n on n.id = t.subject_id
        where t.name = 'message.created' and n.deleted_at is null group by n.room_id, n.sender_id) said
      where m.room_id = said.room_id and m.read_seq < said.seq and m.user_id is distinct from said.sender_id and not m.has_unread;
      return null;
    end $$;
    create or replace trigger note_unread_rooms after delete on room_events referencing old table as told
      for each statement execute function note_unread_rooms();
    -- Where something is being told at this moment, the room stays among those that are looked into until it is read again: whoever reads
    -- does not wait for that. Asked after the lock, and not with it, so that all that was told before is seen; what is told afterwards comes to
    -- the function above, which waits.
    create or replace function leave_unread_room() returns trigger language plpgsql as $$
    begin
      if pg_try_advisory_xact_lock_shared(hashtextextended('unread ' || new.room_id, 0)) then
        new.has_unread := exists (select from messages where room_id = new.room_id and seq > new.read_seq
          and sender_id is distinct from new.user_id and deleted_at is null);
      end if;
      return new;
    end $$;
    create or replace trigger leave_unread_room before update of read_seq on room_members for each row
      when (old.has_unread and new.read_seq > old.read_seq) execute function leave_unread_room()`)
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows }: { rows: { id: string }[] } = await db.raw(
      `select id from rooms where id > ? order by id limit ${BATCH}`,
      [after],
    )
    const last = rows.at(-1)?.id
    if (!last) break
    const these = `id > '${after}' and id <= '${last}'`
    await db.raw(`
      select pg_advisory_xact_lock_shared(hashtextextended('unread ' || id, 0)) from (select id from rooms where ${these} order by id) r;
      update room_members m set has_unread = false from (select id, last_seq from rooms where ${these}) r
        where m.room_id = r.id and m.has_unread and m.read_seq >= r.last_seq`)
    after = last
  }
  await db.raw('create index if not exists room_members_unread on room_members (user_id) where has_unread')
}

export { down } from './0001_house.ts'
