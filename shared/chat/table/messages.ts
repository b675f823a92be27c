// Every write of messages and receipts, also how they expire. Private to the domain.

import { preparedRowsOf, rowsOf, violatedUnique, type Db } from '../../kit/store/db.ts'
import type { Origin } from '../../kit/store/change.ts'
import type { JobRow } from '../../kit/declare/job.ts'
import { messageCreatedEvent } from '../events.ts'
import type { Message } from '../schema.ts'
import { termsOf } from '../terms.ts'

export interface MessageColumns {
  id: string
  roomId: string
  senderId: string
  messageType: Message['messageType']
  content: string
  metadata: Record<string, unknown> | null
  attachments: Message['attachments']
  replyTo: string | null
  clientMsgId: string | null
}

export interface Posted {
  /** Null: it was not accepted. */
  seq: number | null
  /** Whether its job was written: there was none under way that tells it. */
  isFirst: boolean
  fullName: string
  role: NonNullable<Message['sender']>['role']
}

/**
 * A message in one statement: is the sender in the room, is the room open, is it new; then its number, its row, its place
 * in what is told, its audit row and its job, unless one is under way (or should have been for ten seconds). The update of the
 * room's row puts posts to one room in a line.
 * @returns undefined for whoever is not in the room; 'again' when the same clientMsgId was being posted at this moment
 */
export async function insertMessage(
  db: Db,
  message: MessageColumns,
  job: JobRow,
  origin: Origin,
  now: Date,
): Promise<Posted | 'again' | undefined> {
  try {
    const [posted] = await preparedRowsOf<Posted>(db, 'post_message', POST, {
      ...message,
      metadata: message.metadata && JSON.stringify(message.metadata),
      attachments: JSON.stringify(message.attachments),
      terms: termsOf(message.roomId, message.content, job.orgId ? { orgId: job.orgId, at: now } : undefined),
      now,
      event: messageCreatedEvent.name,
      jobId: job.id,
      jobName: job.name,
      payload: JSON.stringify(job.payload),
      requestId: origin.requestId,
      ip: origin.ip ?? null,
      program: JSON.stringify({ keyId: origin.keyId }),
    })
    return posted
  } catch (error) {
    if (violatedUnique(error) === 'messages_once') return 'again'
    throw error
  }
}

const POST = `
  with me as (
    select r.id, r.org_id, u.full_name, u.role from room_members m join rooms r on r.id = m.room_id join users u on u.id = m.user_id
    where m.room_id = :roomId and m.user_id = :senderId
  ), room as (
    update rooms r set last_seq = r.last_seq + 1, last_event = r.last_event + 1, last_message_at = :now, updated_at = :now,
      untold_since = case when r.untold_since > :now::timestamptz - interval '10 seconds' then r.untold_since else :now end
    from me where r.id = me.id and r.status = 'ACTIVE'
      and (:replyTo::uuid is null or exists (select from messages where id = :replyTo and room_id = :roomId))
      and (:clientMsgId::text is null or not exists (select from messages where room_id = :roomId
      and sender_id = :senderId and client_msg_id = :clientMsgId))
    returning r.last_seq, r.last_event, r.org_id, r.untold_since = :now as is_first
  ), message as (
    insert into messages (room_id, seq, id, sender_id, message_type, content, metadata, attachments,
    reply_to, client_msg_id, terms, created_at)
    select :roomId, last_seq, :id, :senderId, :messageType, :content, :metadata::jsonb, :attachments::jsonb,
    :replyTo, :clientMsgId, array_to_tsvector(:terms::text[]), :now from room
  ), event as (
    insert into room_events (room_id, n, name, subject_id, at) select :roomId, last_event, :event, :id, :now from room
  ), audit as (
    insert into audit_log (at, org_id, actor_id, action, entity, entity_id, description, metadata, request_id, ip)
    select :now, room.org_id, :senderId, 'message_sent', 'message', :id, '',
    jsonb_build_object('roomId', :roomId::text, 'seq', last_seq) || :program::jsonb, :requestId, :ip from room, me
  ), job as (
    insert into jobs (id, name, payload, request_id, org_id) select :jobId, :jobName, :payload::jsonb,
    :requestId, org_id from room where is_first
  )
  select (select last_seq from room) as seq, coalesce((select is_first from room), false) as is_first, me.full_name, me.role from me`

type SystemMessageColumns = Pick<
  Message,
  'senderType' | 'messageType' | 'content' | 'metadata' | 'clientMsgId'
> & { id: string; roomId: string }

/**
 * What nobody says; under one clientMsgId once. @returns its number and organisation; undefined when it was
 * said before, or the room takes no messages
 */
export async function insertSystemMessage(
  db: Db,
  message: SystemMessageColumns,
  now: Date,
): Promise<{ seq: number; orgId: string } | undefined> {
  const [posted] = await rowsOf<{ seq: number; orgId: string }>(
    db,
    `with room as (
       update rooms set last_seq = last_seq + 1, last_message_at = :now, updated_at = :now where id = :roomId and status = 'ACTIVE'
         and not exists (select from messages where room_id = :roomId and sender_id is null and client_msg_id = :clientMsgId)
       returning last_seq, org_id
     ), message as (
       insert into messages (room_id, seq, id, sender_type, message_type, content, metadata, client_msg_id, terms, created_at)
       select :roomId, last_seq, :id, :senderType, :messageType, :content, :metadata::jsonb, :clientMsgId,
       array_to_tsvector(:terms::text[]), :now from room
     )
     select last_seq as seq, org_id from room`,
    {
      ...message,
      metadata: message.metadata && JSON.stringify(message.metadata),
      terms: termsOf(message.roomId, message.content),
      now,
    },
  )
  return posted
}

export async function updateMessage(
  db: Db,
  { id, roomId }: Pick<Message, 'id' | 'roomId'>,
  patch: { content: string; editedAt: Date } | { deletedAt: Date; deletedBy: string },
): Promise<void> {
  const terms = db.raw('array_to_tsvector(?::text[])', [
    'content' in patch ? termsOf(roomId, patch.content) : [],
  ])
  if ('content' in patch)
    await db('messages')
      .where({ id })
      .update({ ...patch, terms, isEdited: true })
  else
    await db('messages')
      .where({ id })
      .update({ ...patch, terms, content: '', metadata: null, attachments: '[]' })
}

/** What is read was shown: both marks move, never backwards. @returns where the mark stands now, undefined when it did not move */
export async function moveMark(
  db: Db,
  mark: 'read_seq' | 'delivered_seq',
  roomId: string,
  userId: string,
  upTo: number | undefined,
): Promise<number | undefined> {
  const [moved] = await rowsOf<{ seq: number }>(
    db,
    `update room_members m set delivered_seq = greatest(m.delivered_seq, goal.seq)${mark === 'read_seq' ? ', read_seq = goal.seq' : ''}
     from (select least(coalesce(:upTo::integer, last_seq), last_seq) as seq from rooms where id = :roomId) goal
     where m.room_id = :roomId and m.user_id = :userId and m.${mark} < goal.seq returning goal.seq`,
    { roomId, userId, upTo: upTo ?? null },
  )
  return moved?.seq
}

/** All that was said in a room. @returns ids of what was deleted */
export async function eraseMessagesIn(db: Db, roomId: string, now: Date): Promise<string[]> {
  const rows: { id: string }[] = await db('messages')
    .where({ roomId })
    .update({
      content: '',
      metadata: null,
      attachments: '[]',
      terms: '',
      deletedAt: db.raw('coalesce(deleted_at, ?)', [now]),
    })
    .returning('id')
  return rows.map(({ id }) => id)
}

/**
 * What the system itself wrote to a customer, who was called by name there; and how their room, and the
 * staff's notes beside it, are called. @returns ids of those messages
 */
export async function eraseCustomerMessages(
  db: Db,
  orgId: string,
  customerId: string,
  now: Date,
): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    `with theirs as (update rooms set name = '…' where org_id = :orgId and only_key = 'customer|' || :customerId returning id),
     notes as (update rooms set name = '…' from theirs where org_id = :orgId and only_key = 'notes|' || theirs.id)
     update messages m set content = '', metadata = null, attachments = '[]', terms = '', deleted_at = coalesce(m.deleted_at, :now)
     from theirs where m.room_id = theirs.id and m.sender_id is null returning m.id`,
    { orgId, customerId, now },
  )
  return rows.map(({ id }) => id)
}

/** All that somebody said; the index is by room, and this is done once. */
export async function eraseMessagesBy(db: Db, orgId: string, userId: string, now: Date): Promise<void> {
  await db.raw(
    `update messages m set content = '', metadata = null, attachments = '[]', terms = '', deleted_at = coalesce(m.deleted_at, :now)
     from rooms r where r.id = m.room_id and r.org_id = :orgId and m.sender_id = :userId`,
    { orgId, userId, now },
  )
}

/**
 * From where each room was left last time on, in the order of its numbers, which is that of time: no index by age is needed.
 * @param before what is older is forgotten
 */
export async function deleteExpiredMessages(
  db: Db,
  orgId: string,
  before: Date,
  limit: number,
  now: Date,
): Promise<{ id: string; hadFiles: boolean }[]> {
  return rowsOf(
    db,
    `with old as (
       select m.room_id, m.seq, m.attachments <> '[]' as had_files
       from rooms r join messages m on m.room_id = r.id and m.seq > r.forgotten_seq
       where r.org_id = :orgId and r.forgotten_seq < r.last_seq and m.created_at < :before order by m.room_id, m.seq limit :limit
     ), room as (
       update rooms r set forgotten_seq = o.seq from (select room_id, max(seq) as seq from old group by room_id) o where r.id = o.room_id
     )
     update messages m set content = '', metadata = null, attachments = '[]', terms = '', deleted_at = coalesce(m.deleted_at, :now)
     from old where m.room_id = old.room_id and m.seq = old.seq returning m.id, old.had_files`,
    { orgId, before, limit, now },
  )
}
