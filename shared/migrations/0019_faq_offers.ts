// What the desk offered where no FAQ was sure, and what was chosen: from it one learns how sure is sure enough.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table faq_offers (
      -- The customer's message, which keeps the words.
      message_id uuid primary key,
      org_id uuid not null references organisations,
      room_id uuid not null references rooms,
      -- [{faqId, score}], best first.
      offered jsonb not null,
      -- 'faq', 'something_else'; null: nothing was chosen.
      choice text,
      -- Which, where it is an FAQ.
      chosen_faq_id uuid references faqs,
      at timestamptz not null
    );
    create index faq_offers_newest on faq_offers (org_id, at desc, message_id);
  `)
}

export { down } from './0001_house.ts'
