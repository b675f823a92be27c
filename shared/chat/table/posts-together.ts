// Messages of several people in one statement, where nothing stands in their way. The same as for one (messages.ts), which asks PostgreSQL
// for less while it is one; for eight this asks for less than half.

import type { JobRow } from '../../kit/declare/job.ts'
import type { Origin } from '../../kit/store/change.ts'
import { preparedRowsOf, violatedUnique, type Db } from '../../kit/store/db.ts'
import { messageCreatedEvent } from '../events.ts'
import { termsOf } from '../terms.ts'
import type { MessageColumns, Posted } from './messages.ts'

/** A message with the job that tells it, and who asked for it. */
export interface Post {
  message: MessageColumns
  job: JobRow
  origin: Origin
}

/**
 * Of one organisation. It waits for nobody: what is said in a room whose row somebody holds is not accepted, nor what is said by a
 * person whose row is held; nor what would be refused alone. Of what is said in one room at once the first is written first.
 * @returns of each that was accepted what became of it; none, when a clientMsgId was being posted at this moment
 */
export async function insertMessagesTogether(
  db: Db,
  posts: readonly Post[],
  now: Date,
): Promise<ReadonlyMap<Post, Posted & { seq: number }>> {
  try {
    const rows = await preparedRowsOf<Posted & { seq: number; nth: number }>(
      db,
      'post_messages',
      POST_TOGETHER,
      {
        posts: JSON.stringify(posts.map((post, nth) => toRow(post, nth, now))),
        now,
        event: messageCreatedEvent.name,
      },
    )
    const posted = new Map(rows.map(({ nth, ...row }) => [nth, row]))
    return new Map(
      posts.flatMap((post, nth) => {
        const row = posted.get(nth)
        return row ? [[post, row] as const] : []
      }),
    )
  } catch (error) {
    if (violatedUnique(error) === 'messages_once') return new Map()
    throw error
  }
}

function toRow({ message, job, origin }: Post, nth: number, now: Date): Record<string, unknown> {
  return {
    nth,
    id: message.id,
    room_id: message.roomId,
    sender_id: message.senderId,
    message_type: message.messageType,
    content: message.content,
    metadata: message.metadata,
    attachments: message.attachments,
    reply_to: message.replyTo,
    client_msg_id: message.clientMsgId,
    terms: termsOf(message.roomId, message.content, job.orgId ? { orgId: job.orgId, at: now } : undefined),
    job_id: job.id,
    job_name: job.name,
    payload: job.payload,
    request_id: origin.requestId,
    ip: origin.ip,
    program: { keyId: origin.keyId },
  }
}

const POST_TOGETHER = `
  with me as materialized (
    select a.*, r.org_id, u.full_name, u.role from json_to_recordset(:posts::json) as a(nth int, id uuid, room_id uuid, sender_id uuid,
      message_type text, content text, metadata jsonb, attachments jsonb, reply_to uuid, client_msg_id text, terms text[],
      job_id uuid, job_name text, payload jsonb, request_id text, ip text, program jsonb)
    join room_members m on m.room_id = a.room_id and m.user_id = a.sender_id
    join rooms r on r.id = a.room_id join users u on u.id = a.sender_id
  ), open as materialized (
    select id from rooms where id in (select room_id from me) and status = 'ACTIVE' order by id for no key update skip locked
  ), fit as materialized (
    select me.*, (row_number() over (partition by room_id order by me.nth))::int as place from me
    where room_id in (select id from open)
      and sender_id in (select id from users where id in (select sender_id from me) order by id for key share skip locked)
      and (reply_to is null or exists (select from messages o where o.id = me.reply_to and o.room_id = me.room_id))
      and (client_msg_id is null or not exists (select from messages o where o.room_id = me.room_id
      and o.sender_id = me.sender_id and o.client_msg_id = me.client_msg_id))
  ), room as (
    update rooms r set last_seq = r.last_seq + f.count, last_event = r.last_event + f.count, last_message_at = :now, updated_at = :now,
      untold_since = case when r.untold_since > :now::timestamptz - interval '10 seconds' then r.untold_since else :now end
    from (select room_id, count(*)::int as count from fit group by room_id) f where r.id = f.room_id
    returning r.id, r.last_seq - f.count as seq, r.last_event - f.count as event, r.untold_since = :now as is_first
  ), said as materialized (
    select fit.*, room.seq + place as seq, room.event + place as n, room.is_first and place = 1 as is_first
    from fit join room on room.id = fit.room_id
  ), message as (
    insert into messages (room_id, seq, id, sender_id, message_type, content, metadata, attachments,
    reply_to, client_msg_id, terms, created_at)
    select room_id, seq, id, sender_id, message_type, content, metadata, attachments,
    reply_to, client_msg_id, array_to_tsvector(terms), :now from said
  ), event as (
    insert into room_events (room_id, n, name, subject_id, at) select room_id, n, :event, id, :now from said
  ), audit as (
    insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id, ip)
    select :now, org_id, sender_id, 'message_sent', 'message', id, '',
    jsonb_build_object('roomId', room_id::text, 'seq', seq) || program, request_id, ip from said order by nth
  ), job as (
    insert into jobs (id, name, payload, request_id, org_id) select job_id, job_name, payload, request_id, org_id from said where is_first
  )
  select nth, seq, is_first, full_name, role from said`
