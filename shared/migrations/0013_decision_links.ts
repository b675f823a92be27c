// Links in mails by which an approver decides without signing in. What opens the page is the id with our signature: it stands nowhere.

import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table decision_links (
      id uuid primary key,
      org_id uuid not null references organisations,
      approval_id uuid not null references approvals,
      user_id uuid not null references users,
      created_at timestamptz not null,
      used_at timestamptz,
      unique (approval_id, user_id)
    )`)
}

export { down } from './0001_house.ts'
