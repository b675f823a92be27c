// Reads of tickets: the staff sees the organisation's, everybody else their own.

import { rowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { countFound, readPage, type Key, type Listed, type PagePart } from '../kit/store/keyset.ts'
import { isStaff, type Actor } from '../organisations/roles.ts'
import { MOST_HELD, type Holding } from '../users/schema.ts'
import type { Priority } from '../notifications/schema.ts'
import { maySeeTicket } from './rules.ts'
import {
  TICKET_STATUSES,
  type Ticket,
  type TicketStatistics,
  type TicketStatus,
  type TimelineEntry,
  type WholeTicket,
} from './schema.ts'
import { whereNamed, TICKET_COLUMNS } from './table.ts'

export interface TicketFilter {
  status?: TicketStatus
  priority?: Priority
  type?: string
  assigneeId?: string
  userId?: string
  stationId?: string
}

const NEWEST_FIRST: readonly Key<Ticket>[] = [
  { column: 't.created_at', kind: 'instant', descends: true, of: ({ createdAt }) => createdAt },
  { column: 't.support_id', kind: 'number', descends: true, of: ({ supportId }) => supportId },
]

const PERSON = (column: string): string =>
  `(select jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role) from users u where u.id = ${column})`
const NAMES = `${PERSON('t.user_id')} as "user", (select jsonb_build_object('id', s.id, 'kind',
s.kind, 'name', s.name) from resources s where s.id = t.station_id) as station`

const columns = (db: Db) => [...TICKET_COLUMNS.map((column) => `t.${column}`), db.raw(NAMES)]

/** Newest first. */
export async function listTickets(
  db: Db,
  actor: Actor,
  filter: TicketFilter,
  part: PagePart,
): Promise<Listed<Ticket>> {
  return readPage(matching(db, actor, filter), columns(db), NEWEST_FIRST, part)
}

export function countTickets(db: Db, actor: Actor, filter: TicketFilter): Promise<number> {
  return countFound(db, matching(db, actor, filter))
}

function matching(db: Db, actor: Actor, filter: TicketFilter) {
  const query = db('tickets as t').where({ 't.orgId': actor.orgId }).whereNull('t.deletedAt')
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) void query.where(`t.${field}`, value)
  if (!isStaff(actor.role)) void query.where({ 't.userId': actor.id })
  return query
}

/** What somebody takes care of and is not closed, the first due first. @returns one more than an answer names, where there are more */
export async function listTicketsHeldBy(db: Db, orgId: string, userId: string): Promise<Holding[]> {
  return rowsOf(
    db,
    `select t.id, '#' || t.support_id as label, u.full_name as person_name, t.solution_due_at as due_at
     from tickets t join users u on u.id = t.user_id
     where t.org_id = :orgId and t.assignee_id = :userId and t.status <> 'closed' and t.deleted_at is null
     order by t.solution_due_at, t.support_id limit :limit`,
    { orgId, userId, limit: MOST_HELD + 1 },
  )
}

/** As it is, deleted or not. Whoever asks has to look who may see it. */
export async function readTicket(db: Db, id: string): Promise<Ticket> {
  return db('tickets as t').where({ 't.id': id }).first(columns(db))
}

/** Undefined once it was deleted. */
export async function findTicketOfRoom(db: Db, roomId: string): Promise<Ticket | undefined> {
  return db('tickets as t').where({ 't.roomId': roomId }).whereNull('t.deletedAt').first(columns(db))
}

/** @param which id or number. @throws AppError 404, also for whoever it does not concern */
export async function getTicket(db: Db, actor: Actor, which: string): Promise<WholeTicket> {
  const ticket: Ticket | undefined = await db('tickets as t')
    .where({ orgId: actor.orgId, ...whereNamed(which) })
    .whereNull('t.deletedAt')
    .first(columns(db))
  if (!ticket || !maySeeTicket(actor, ticket)) throw notFound('Ticket')
  return { ...ticket, timeline: await listTimeline(db, ticket.id) }
}

/** Oldest first. */
export async function listTimeline(db: Db, ticketId: string): Promise<TimelineEntry[]> {
  return rowsOf(
    db,
    `select e.at, ${PERSON('e.actor_id')} as actor, e.what, e.changes from ticket_timeline e where e.ticket_id = :ticketId order by e.id`,
    { ticketId },
  )
}

/** What is closed PostgreSQL has summed up (migration 0040); the rest is counted. */
export async function getTicketStatistics(db: Db, orgId: string, now: Date): Promise<TicketStatistics> {
  const [statistics] = await rowsOf<TicketStatistics>(
    db,
    `with running as (
       select * from tickets where org_id = :orgId and deleted_at is null and status = any(:running)
     ), over as (
       select * from ticket_totals where org_id = :orgId and count > 0
     ), mine as (
       select status, priority, type, count(*) as count from running group by status, priority, type
       union all select 'closed', priority, type, count from over
     )
     select (select coalesce(sum(count), 0) from mine)::int as total,
       ${countsBy('status')}, ${countsBy('priority')}, ${countsBy('type')},
       (select count(*) from running where assignee_id is null)::int as unassigned,
       (select count(*) from running where least(answer_due_at, solution_due_at) <= :now)::int as overdue,
       (select sum(sum)::float / nullif(sum(rated), 0) from (select sum(rating) as sum, count(rating) as rated from running
         union all select sum(rating_sum), sum(rated) from over) r) as average_rating,
       (select (sum(solution_seconds) / nullif(sum(solved), 0) / 60)::float from over) as average_solution_minutes`,
    { orgId, now, running: TICKET_STATUSES.filter((status) => status !== 'closed') },
  )
  if (!statistics) throw new Error('An aggregate has one row.')
  return statistics
}

function countsBy(column: string): string {
  return `(select coalesce(jsonb_object_agg(name, number), '{}') from (select ${column} as name,
  sum(count) as number from mine group by 1) c) as by_${column}`
}

/** Who of these ever opened a ticket. */
export async function listTicketOwners(db: Db, userIds: readonly string[]): Promise<string[]> {
  return db('tickets')
    .whereIn('userId', [...userIds])
    .distinct()
    .pluck('user_id')
}
