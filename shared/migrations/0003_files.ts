// Files that people uploaded. Bytes lie in the storage under storage_key; a row without a message is an orphan to be.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.schema.raw(`
    create table files (
      id uuid primary key,
      org_id uuid not null references organisations,
      uploader_id uuid not null references users,
      name text not null,
      content_type text not null,
      kind text not null,
      size bigint not null check (size >= 0),
      sha256 text not null,
      storage_key text not null unique,
      -- Of the chat, which stands above this domain: no foreign keys.
      room_id uuid,
      message_id uuid,
      -- Its place among the attachments of its message.
      position integer,
      created_at timestamptz not null,
      removed_at timestamptz,
      check ((message_id is null) = (room_id is null) and (message_id is null) = (position is null))
    );
    create index files_by_message on files (message_id, position) where message_id is not null;
    -- The sweep: what no message took, and what waits for its bytes to go.
    create index files_without_message on files (created_at) where message_id is null and removed_at is null;
    create index files_removed on files (removed_at) where removed_at is not null;
  `)
}

/** Migrations only move forward. */
export async function down(): Promise<void> {
  throw new Error('Migrations only move forward: restore a backup instead.')
}
