// What a notification asks for, so that it is read once that is done by anybody.

import type { Knex } from 'knex'

/** The index by approval stays for processes of the release before; nothing else reads it. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table notifications
      -- Deeds by kind and id, e.g. care:<ticket>; null: it only tells.
      add column awaits text[];
    update notifications set awaits = case
        when type in ('APPROVAL_REQUIRED', 'APPROVAL_REMINDER') then array['decision:' || (data->>'approvalId')]
        when type in ('INBOX_ATTENTION', 'INBOX_ASSIGNED') then array['reply:' || (data->>'roomId')]
        when type in ('SUPPORT_TICKET_CREATED', 'SUPPORT_TICKET_MESSAGE') then array['care:' || (data->>'ticketId')]
        else array['webhook:' || (data->>'webhookId')] end
      where read_at is null and deleted_at is null and type in (
        'APPROVAL_REQUIRED', 'APPROVAL_REMINDER', 'INBOX_ATTENTION', 'INBOX_ASSIGNED', 'SUPPORT_TICKET_CREATED', 'SUPPORT_TICKET_MESSAGE', 'WEBHOOK_DISABLED');
    create index notifications_awaiting on notifications using gin (awaits) where awaits is not null and read_at is null and deleted_at is null;
  `)
}

export { down } from './0001_house.ts'
