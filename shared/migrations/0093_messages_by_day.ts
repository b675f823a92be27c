// The index on the words of messages has their days as well, so that it lists the newest that say something without listing all.
// PostgreSQL adds them where they lack, so that the processes of the release before do it, too. What was said before stays as it is:
// to write millions of messages anew would take hours, and the installation knows since when every message has its day.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- What begins with # is of the organisation, with @ of its day in UTC, the rest of the room (shared/chat/terms.ts); six digits of the id follow.
    create or replace function list_for_organisation() returns trigger language plpgsql as $$
    declare org text;
    begin
      select left(org_id::text, 6) into org from rooms where id = new.room_id;
      if not new.terms @@ '''#'':*'::tsquery then
        new.terms := new.terms || array_to_tsvector(array(
          select distinct '#' || org || substr(term, 7) from unnest(tsvector_to_array(new.terms)) term));
      end if;
      new.terms := new.terms || array_to_tsvector(array['@' || org || to_char(new.created_at at time zone 'UTC', 'YYYY-MM-DD')]);
      return new;
    end $$;
    create or replace trigger messages_for_organisation before insert or update of terms on messages
      for each row when (new.terms <> ''::tsvector and not new.terms @@ '''@'':*'::tsquery) execute function list_for_organisation();
    alter table installation add column messages_have_days_since timestamptz not null default '-infinity';
    update installation set messages_have_days_since = date_trunc('day', now(), 'UTC') + interval '1 day' where exists (select from messages)`)
}

export { down } from './0001_house.ts'
