// Guests who never wrote are looked for, and what they left is deleted: both by indexes.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table users
      -- Of a guest: somebody looked and found that they, or others for them, did something. Nobody looks again.
      add column is_kept boolean not null default false;
    create index users_silent_guests on users (created_at, id) where role = 'GUEST' and is_active and not is_kept;
    -- A room that is deleted is looked for in all that refers to rooms.
    create index faq_answers_by_room on faq_answers (room_id);
    create index faq_offers_by_room on faq_offers (room_id);
    create index tickets_by_room on tickets (room_id) where room_id is not null;
    create index inbox_conversations_by_notes on inbox_conversations (notes_room_id) where notes_room_id is not null;
    create index inbox_conversations_by_customer on inbox_conversations (customer_id);
  `)
}

export { down } from './0001_house.ts'
