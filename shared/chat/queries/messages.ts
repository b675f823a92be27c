// Reads about messages and receipts, for doors and higher domains.

import { preparedRowsOf, rowsOf, type Db } from '../../kit/store/db.ts'
import { plusMs } from '../../kit/time/time.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { receiptOf } from '../rules.ts'
import type { Mark, Message } from '../schema.ts'
import type { Actor } from '../../organisations/roles.ts'
import { MAY_SEE, ME, viewerOf, type CountedPage } from './visibility.ts'

/** When somebody else than this person first said something in a room. */
export async function findFirstAnswerAt(db: Db, roomId: string, userId: string): Promise<Date | undefined> {
  return (
    await db('messages')
      .where({ roomId, senderType: 'user' })
      .whereNot({ senderId: userId })
      .orderBy('seq')
      .first('createdAt')
  )?.createdAt
}

/**
 * Ids of the messages that a mark has come to cover since it stood at `after`, newest first: what others
 * said, and did not take back. By the primary key.
 */
export async function listMarked(
  db: Db,
  { roomId, userId, seq }: Pick<Mark, 'roomId' | 'userId' | 'seq'>,
  { after, limit }: { after: number; limit: number },
): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    `select id from messages where room_id = :roomId and seq > :after and seq <= :seq
      and sender_id is distinct from :userId and deleted_at is null order by seq desc limit :limit`,
    { roomId, userId, seq, after, limit },
  )
  return rows.map(({ id }) => id)
}

export type MessageRow = Omit<Message, 'status' | 'readBy'>

export const MESSAGE = `
  m.id, m.room_id, m.seq, m.sender_id, m.sender_type, m.message_type, m.content, m.metadata, m.attachments,
  m.reply_to, m.is_edited, m.edited_at, m.deleted_at, m.client_msg_id, m.created_at,
  (select jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role) from users u where u.id = m.sender_id) as sender`

/** Newest first, or ascending after a number; before and after cost the same however deep, by the primary key. */
export async function listMessages(
  db: Db,
  roomId: string,
  { before, after, limit, offset }: Partial<CountedPage> & { before?: number; after?: number; limit: number },
): Promise<Message[]> {
  const rows = await rowsOf<MessageRow>(
    db,
    `select ${MESSAGE} from messages m where m.room_id = :roomId and m.seq > :after and m.seq < :before
     order by m.seq ${after === undefined ? 'desc' : 'asc'} limit :limit offset :offset`,
    { roomId, after: after ?? 0, before: before ?? 2 ** 31 - 1, limit, offset: offset ?? 0 },
  )
  return withReceipts(db, roomId, rows)
}

/** @throws AppError 404, also for whoever is not in its room */
export async function getOwnMessage(db: Db, actor: Actor, id: string): Promise<Message> {
  const [row] = await rowsOf<MessageRow>(
    db,
    `select ${MESSAGE} from messages m join ${ME} on r.id = m.room_id where m.id = :id and ${MAY_SEE}`,
    { ...viewerOf(actor), id },
  )
  if (!row) throw notFound('Message')
  const [message] = await withReceipts(db, row.roomId, [row])
  if (!message) throw notFound('Message')
  return message
}

export async function findMessage(db: Db, id: string): Promise<Message | undefined> {
  const [row] = await rowsOf<MessageRow>(db, `select ${MESSAGE} from messages m where m.id = :id`, { id })
  return row && (await withReceipts(db, row.roomId, [row]))[0]
}

/** Whether its sender had said something in the room so shortly before it. @param within milliseconds */
export async function hasSpokenJustBefore(
  db: Db,
  { roomId, seq, senderId, createdAt }: Message,
  within: number,
): Promise<boolean> {
  const before = await db('messages')
    .where({ roomId, senderId })
    .where('seq', '<', seq)
    .where('createdAt', '>', plusMs(createdAt, -within))
    .first('id')
  return before !== undefined
}

/** In no order. Whoever asks has to look who may see them. */
export async function listMessagesById(db: Db, ids: readonly string[]): Promise<Message[]> {
  return (await listMessagesWithMarks(db, ids)).messages
}

/** The same, and how far each member of their rooms has come. */
export async function listMessagesWithMarks(
  db: Db,
  ids: readonly string[],
): Promise<{ messages: Message[]; marks: MarksRow[] }> {
  if (ids.length === 0) return { messages: [], marks: [] }
  const [rows, marks] = await Promise.all([
    preparedRowsOf<MessageRow>(
      db,
      'list_messages_by_id',
      `select ${MESSAGE} from messages m where m.id = any(:ids)`,
      { ids },
    ),
    preparedRowsOf<MarksRow>(
      db,
      'list_marks',
      `select room_id, user_id, delivered_seq, read_seq, joined_seq from room_members
       where room_id in (select room_id from messages where id = any(:ids)) order by user_id`,
      { ids },
    ),
  ])
  const byRoom = new Map<string, MarksRow[]>(rows.map(({ roomId }) => [roomId, []]))
  for (const mark of marks) byRoom.get(mark.roomId)?.push(mark)
  return { messages: rows.map((row) => ({ ...row, ...receiptOf(row, byRoom.get(row.roomId) ?? []) })), marks }
}

export type MarksRow = Parameters<typeof receiptOf>[1][number] & { roomId: string }

/** Who took it back; null as long as nobody has. */
export async function findDeleter(db: Db, messageId: string): Promise<string | null> {
  return (await db('messages').where({ id: messageId }).first('deletedBy'))?.deletedBy ?? null
}

export async function findBySender(
  db: Db,
  roomId: string,
  senderId: string,
  clientMsgId: string,
): Promise<Message | undefined> {
  const [row] = await rowsOf<MessageRow>(
    db,
    `select ${MESSAGE} from messages m where m.room_id = :roomId and m.sender_id = :senderId and m.client_msg_id = :clientMsgId`,
    { roomId, senderId, clientMsgId },
  )
  return row && (await withReceipts(db, roomId, [row]))[0]
}

async function withReceipts(db: Db, roomId: string, rows: readonly MessageRow[]): Promise<Message[]> {
  if (rows.length === 0) return []
  const marks = await db('room_members')
    .where({ roomId })
    .orderBy('userId')
    .select('userId', 'deliveredSeq', 'readSeq', 'joinedSeq')
  return rows.map((row) => ({ ...row, ...receiptOf(row, marks) }))
}

/** What decides whom a message alerts, and what they are told. */
interface AlertFacts {
  roomId: string
  orgId: string
  bookingId: string | null
  seq: number
  senderId: string | null
  senderName: string | null
  messageType: Message['messageType']
  content: string
  deletedAt: Date | null
  /** Members who have not read it, but for the sender. */
  behind: string[]
}

/** In one statement; nobody deletes or changes the message before the commit. */
export async function holdAlertFacts(db: Db, messageId: string): Promise<AlertFacts | undefined> {
  const [facts] = await preparedRowsOf<AlertFacts>(
    db,
    'alert_facts',
    `select m.room_id, r.org_id, r.booking_id, m.seq, m.sender_id, m.message_type, m.content, m.deleted_at,
       (select full_name from users where id = m.sender_id) as sender_name,
       array(select user_id from room_members where room_id = m.room_id and read_seq < m.seq
         and user_id is distinct from m.sender_id order by user_id) as behind
     from messages m join rooms r on r.id = m.room_id where m.id = :messageId for share of m`,
    { messageId },
  )
  return facts
}

/** As findMessage, but nobody deletes or changes it before the commit: for what is made of its words. */
export async function holdMessage(db: Db, id: string): Promise<Message | undefined> {
  const [row] = await rowsOf<MessageRow>(
    db,
    `select ${MESSAGE} from messages m where m.id = :id for share of m`,
    { id },
  )
  return row && (await withReceipts(db, row.roomId, [row]))[0]
}
