// Whoever is in thousands of rooms looks for a word in the organisation, not in each of them: every message is listed under
// its organisation as well. PostgreSQL does it by itself, so that the processes of the release before do it, too.

import type { Knex } from 'knex'

export const config = { transaction: false }

const BATCH = 2000

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- What begins with # is of the organisation, the rest of the room (shared/chat/terms.ts); six digits of the id stand before the word.
    create or replace function list_for_organisation() returns trigger language plpgsql as $$
    begin
      select new.terms || array_to_tsvector(array(
        select distinct '#' || left(r.org_id::text, 6) || substr(term, 7)
        from unnest(tsvector_to_array(new.terms)) term))
      into new.terms from rooms r where r.id = new.room_id;
      return new;
    end $$;
    create or replace trigger messages_for_organisation before insert or update of terms on messages
      for each row when (new.terms <> ''::tsvector and not new.terms @@ '''#'':*'::tsquery) execute function list_for_organisation()`)
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    // Again is harmless: what is listed already is left alone.
    const { rows }: { rows: { last: string | null }[] } = await db.raw(
      `with batch as (select id from messages where id > ?::uuid order by id limit ${BATCH}),
       listed as (update messages m set terms = m.terms from batch where m.id = batch.id
         and m.terms <> ''::tsvector and not m.terms @@ '''#'':*'::tsquery)
       select (select id from batch order by id desc limit 1)::text as last`,
      [after],
    )
    const last = rows[0]?.last
    if (!last) return
    after = last
  }
}

export { down } from './0001_house.ts'
