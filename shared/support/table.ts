// Every write and row lock of tickets. Private to the domain.

import { rowsOf, type Db } from '../kit/store/db.ts'
import type { SlaClock } from './deadlines.ts'
import type { Ticket, TimelineEntry } from './schema.ts'

/** A ticket's own columns; who and what its ids name is read beside them. */
export type SupportTicketRow = Omit<Ticket, 'user' | 'station'> & SlaClock & { orgId: string }

export const TICKET_COLUMNS = [
  'id',
  'supportId',
  'userId',
  'stationId',
  'roomId',
  'type',
  'priority',
  'description',
  'status',
  'response',
  'assigneeId',
  'rating',
  'answeredAt',
  'answerDueAt',
  'solutionDueAt',
  'answerMissedAt',
  'solutionMissedAt',
  'createdAt',
  'updatedAt',
  'resolvedAt',
  'deletedAt',
] as const satisfies readonly (keyof SupportTicketRow)[]

const ROW_COLUMNS = [
  ...TICKET_COLUMNS,
  'orgId',
  'runningSince',
  'spentMs',
  'answerWarnAt',
  'solutionWarnAt',
] as const

/** The organisation's counter; its row lock is what keeps two tickets of one moment apart. */
export async function nextSupportId(db: Db, orgId: string): Promise<number> {
  const [counter] = await rowsOf<{ last: number }>(
    db,
    `insert into ticket_counters (org_id, last) values (:orgId, 1) on conflict (org_id) do update
      set last = ticket_counters.last + 1 returning last`,
    { orgId },
  )
  if (!counter) throw new Error('The counter of tickets is gone.')
  return counter.last
}

export async function insertSupportTicket(db: Db, ticket: SupportTicketRow): Promise<void> {
  await db('tickets').insert(ticket)
}

/** What a ticket is called by, in a path: its id or its number. */
export function whereNamed(which: string): { id: string } | { supportId: number } {
  return /^\d+$/.test(which) ? { supportId: Number(which) } : { id: which }
}

/** Changes of one ticket come one after the other. */
export async function lockTicket(
  db: Db,
  orgId: string,
  which: string,
): Promise<SupportTicketRow | undefined> {
  return db('tickets')
    .where({ orgId, ...whereNamed(which) })
    .whereNull('deletedAt')
    .forUpdate()
    .first(...ROW_COLUMNS)
}

export async function lockTicketById(db: Db, id: string): Promise<SupportTicketRow | undefined> {
  return db('tickets')
    .where({ id })
    .forUpdate()
    .first(...ROW_COLUMNS)
}

/** What somebody takes care of and is not closed. */
export async function lockTicketsOf(db: Db, orgId: string, assigneeId: string): Promise<SupportTicketRow[]> {
  return db('tickets')
    .where({ orgId, assigneeId })
    .whereNot({ status: 'closed' })
    .whereNull('deletedAt')
    .orderBy('id')
    .forUpdate()
    .select(...ROW_COLUMNS)
}

export async function updateTicket(
  db: Db,
  id: string,
  patch: Partial<SupportTicketRow>,
  now: Date,
): Promise<void> {
  await db('tickets')
    .where({ id })
    .update({ ...patch, updatedAt: now })
}

/** What time does to a ticket is no change that somebody made. */
export async function setClock(db: Db, id: string, clock: SlaClock): Promise<void> {
  const {
    runningSince,
    spentMs,
    answeredAt,
    answerDueAt,
    solutionDueAt,
    answerWarnAt,
    solutionWarnAt,
    answerMissedAt,
    solutionMissedAt,
  } = clock
  await db('tickets').where({ id }).update({
    runningSince,
    spentMs,
    answeredAt,
    answerDueAt,
    solutionDueAt,
    answerWarnAt,
    solutionWarnAt,
    answerMissedAt,
    solutionMissedAt,
  })
}

export async function insertEntry(
  db: Db,
  ticketId: string,
  { changes, ...entry }: Omit<TimelineEntry, 'actor'> & { actorId: string | null },
): Promise<void> {
  await db('ticketTimeline').insert({ ...entry, ticketId, changes: JSON.stringify(changes) })
}

/** The words of somebody's tickets, also where the timeline repeats them. @returns which */
export async function eraseTicketsOf(db: Db, orgId: string, userId: string): Promise<string[]> {
  const ids: string[] = await db('tickets').where({ orgId, userId }).pluck('id')
  await db('ticket_timeline').whereIn('ticketId', ids).update({ changes: '[]' })
  await db('tickets').whereIn('id', ids).update({ description: '…', response: null })
  return ids
}
