import type { Knex } from 'knex'

/** The business inbox. Columns are explained where their shapes are declared (shared/inbox/schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table rooms
      -- Name of the job that is told of every message a person wrote here.
      add column continuation text,
      -- Everybody of the staff may look into it, and comes in by what they do there.
      add column is_open_to_staff boolean not null default false;
    create index rooms_open_to_staff on rooms (org_id) where is_open_to_staff;

    -- The house answers a message once, however often it tries.
    create unique index messages_of_house_once on messages (room_id, client_msg_id) where sender_id is null and client_msg_id is not null;

    create table inbox_conversations (
      room_id uuid primary key references rooms,
      org_id uuid not null references organisations,
      customer_id uuid not null references users,
      assignee_id uuid references users,
      -- Where the staff keeps notes about the customer, who is not in it.
      notes_room_id uuid references rooms,
      priority text not null default 'medium',
      tags text[] not null default '{}',
      -- When the oldest message came that no person has answered.
      waiting_since timestamptz,
      last_staff_at timestamptz,
      welcomed_at timestamptz,
      offline_told_at timestamptz,
      acknowledged_at timestamptz,
      attention_at timestamptz,
      -- What the newest automatic message offers to choose from.
      offer jsonb,
      created_at timestamptz not null,
      updated_at timestamptz not null
    ) with (fillfactor = 70);
    create index inbox_conversations_waiting on inbox_conversations (org_id, waiting_since, room_id);

    create table faqs (
      id uuid primary key,
      org_id uuid not null references organisations,
      question text not null,
      answer text not null,
      keywords text[] not null,
      alternative_questions text[] not null,
      category text,
      confidence_threshold integer not null,
      priority integer not null,
      is_active boolean not null,
      usage_count integer not null default 0,
      helpful_count integer not null default 0,
      unhelpful_count integer not null default 0,
      version integer not null default 1,
      deleted_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    ) with (fillfactor = 70);
    create index faqs_by_organisation on faqs (org_id, priority desc, created_at, id) where deleted_at is null;

    create table faq_answers (
      message_id uuid primary key,
      faq_id uuid not null references faqs,
      room_id uuid not null references rooms,
      is_helpful boolean,
      at timestamptz not null
    );

    -- What nobody's FAQ answered: one row for each who asked, so that one person's repeating counts once.
    create table unanswered_questions (
      org_id uuid not null references organisations,
      key text not null,
      room_id uuid not null references rooms,
      text text not null,
      at timestamptz not null,
      primary key (org_id, key, room_id)
    );

    create table auto_responses (
      id uuid primary key,
      org_id uuid not null references organisations,
      name text not null,
      response_type text not null,
      message text not null,
      trigger jsonb not null,
      quick_replies jsonb not null,
      is_active boolean not null,
      usage_count integer not null default 0,
      version integer not null default 1,
      deleted_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    ) with (fillfactor = 70);
    create index auto_responses_by_organisation on auto_responses (org_id, created_at, id) where deleted_at is null;
  `)
}

export { down } from './0001_house.ts'
