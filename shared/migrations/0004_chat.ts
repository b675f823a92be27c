import type { Knex } from 'knex'

/** Rooms, their people, and what they say. Columns are explained where their shapes are declared (shared/chat/schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table rooms (
      id uuid primary key,
      org_id uuid not null references organisations,
      kind text not null,
      type text,
      name text,
      description text,
      avatar text,
      booking_id uuid references bookings,
      resource_id uuid references resources,
      -- Of what there is to be one room only: a booking, a pair. Whoever comes second finds the first.
      only_key text,
      status text not null default 'ACTIVE',
      permissions jsonb,
      last_seq integer not null default 0,
      -- Counts what happens in the room; the order in which it is told (room_events).
      last_event integer not null default 0,
      -- Since when a job is ordered that tells what happened: whatever comes before it is done needs none of its own.
      untold_since timestamptz,
      -- Up to here the organisation's retention has taken the words away.
      forgotten_seq integer not null default 0,
      last_message_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    ) with (fillfactor = 70);
    create unique index rooms_only on rooms (org_id, only_key) where only_key is not null;

    create table room_members (
      room_id uuid not null references rooms,
      user_id uuid not null references users,
      role_in_room text not null,
      -- High-water marks: everything up to here was shown by a device, was read.
      delivered_seq integer not null default 0,
      read_seq integer not null default 0,
      -- What was said before they came is neither unread to them nor read by them.
      joined_seq integer not null default 0,
      joined_at timestamptz not null,
      primary key (room_id, user_id)
    ) with (fillfactor = 70);
    create index room_members_by_user on room_members (user_id);

    create table messages (
      room_id uuid not null references rooms,
      seq integer not null,
      id uuid not null,
      sender_id uuid references users,
      sender_type text not null default 'user',
      message_type text not null default 'text',
      content text not null,
      metadata jsonb,
      attachments jsonb not null default '[]',
      reply_to uuid,
      client_msg_id text,
      -- What it is found by (shared/chat/terms.ts); empty once deleted.
      terms tsvector not null default '',
      is_edited boolean not null default false,
      edited_at timestamptz,
      deleted_at timestamptz,
      deleted_by uuid references users,
      created_at timestamptz not null,
      primary key (room_id, seq)
    );
    create unique index messages_by_id on messages (id);
    -- A short pending list: every search reads all of it, and who fills it sorts it in.
    create index messages_terms on messages using gin (terms) with (gin_pending_list_limit = 256);
    create unique index messages_once on messages (room_id, sender_id, client_msg_id) where client_msg_id is not null;

    -- What is still to be told in a room, in its order. Near empty: telling deletes.
    create table room_events (
      room_id uuid not null references rooms,
      n integer not null,
      name text not null,
      -- The message or the person that it is about.
      subject_id uuid not null,
      at timestamptz not null,
      primary key (room_id, n)
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
  `)
}

export { down } from './0001_house.ts'
