// What a fleet did in a time, and how long its decisions took: for the staff, as JSON and as a table for spreadsheets.

import { ApprovalFigures, getApprovalFigures } from '../approvals/figures.ts'
import { writeCsvLine } from '../exports/formats/csv.ts'
import { choice, id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { rememberValue } from '../kit/process/remember-value.ts'
import type { Reading } from '../kit/store/change.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { MINUTE } from '../kit/time/time.ts'
import { RESOURCE_KINDS } from '../resources/schema.ts'
import { mustBePeriod, Period } from './availability.ts'
import { CANCELLATION_REASONS } from './schema.ts'

/** Of vehicles and of drivers; the busiest are shown. */
const MOST = 500

const count = (description: string) => Type.Integer({ description })
/** Of one, and of all together. */
export const WorkFigures = shape({
  trips: count('Assigned, under way or over; each day of a schedule is one.'),
  minutes: Type.Number({ description: 'Of the time, as planned.' }),
  utilisation: Type.Number({ description: 'The same as a part of the time, 0 to 1.' }),
  drivenMinutes: Type.Number({
    description: 'How long one-day trips took of that time, from their start to their end.',
  }),
})
const inAll = (of: string) =>
  shape(
    { count: count('How many there are.'), ...WorkFigures.properties },
    { description: `Of all ${of}, however many are shown.` },
  )

export const Figures = shape({
  from: instant('From when on.'),
  to: instant('Until when.'),
  approvals: ApprovalFigures,
  bookings: shape({
    total: count('In that time.'),
    completed: count('Of them.'),
    cancelled: count('Of them.'),
    cancellations: Type.Array(
      shape({ reason: nullable(choice(CANCELLATION_REASONS, 'Why.')), count: count('How many.') }),
      { description: 'Most frequent first.' },
    ),
  }),
  totals: shape({ resources: inAll('resources'), drivers: inAll('drivers') }),
  resources: Type.Array(
    shape({
      id: id('Resource.'),
      name: line('Name or plate.'),
      kind: choice(RESOURCE_KINDS, 'What it is.'),
      ...WorkFigures.properties,
    }),
    { description: `Busiest first, at most ${MOST}: others by offset.` },
  ),
  drivers: Type.Array(shape({ id: id('Driver.'), fullName: line('Name.'), ...WorkFigures.properties }), {
    description: `Busiest first, at most ${MOST}: others by offset.`,
  }),
})
export type Figures = Static<typeof Figures>
export const FigureQuestion = shape({
  ...Period,
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100_000, description: 'Resources and drivers to skip.' }),
  ),
})
type FigureQuestion = Static<typeof FigureQuestion>

const minutesOf = (ranges: string): string =>
  `(select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) / 60 from unnest(${ranges}) r)`

/** A schedule over days is begun and completed once: what it was under way in between says nothing. */
const STATEMENT = `
  with period as (
    select tstzrange(:from, :to) as whole, extract(epoch from :to::timestamptz - :from::timestamptz) / 60 as minutes
  ), within as materialized (
    select b.status, b.cancellation_reason, b.assigned_resource_id, b.assigned_driver_id,
      (select count(*) from unnest(t.planned) r) as days, ${minutesOf('t.planned')} as minutes, ${minutesOf('t.driven')} as driven
    from period p, bookings b, lateral (
      select coalesce(b.span, tstzmultirange(tstzrange(b.starts_at, b.ends_at))) * tstzmultirange(p.whole) as planned,
        case when b.started_at is null or b.booking_type = 'BLOCK_SCHEDULE' then '{}'::tstzmultirange
          else tstzmultirange(tstzrange(b.started_at, coalesce(b.completed_at, case b.status when 'IN_PROGRESS'
            then greatest(b.started_at, :now) else b.started_at end))) * tstzmultirange(p.whole) end as driven
    ) t
    where b.org_id = :orgId and (b.starts_at is not null and tstzrange(b.starts_at, b.ends_at) && p.whole
      or b.started_at is not null and tstzrange(b.started_at, b.completed_at) && p.whole)
  ), planned as (
    select * from within where days > 0
  ), trips as (
    select * from within where status in ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
  ), serving as materialized (
    ${workOf('resources', 'assigned_resource_id', "o.status <> 'INACTIVE'", 'o.name, o.kind')}
  ), driving as materialized (
    ${workOf('users', 'assigned_driver_id', "o.role = 'DRIVER' and o.is_active", 'o.full_name as name')}
  )
  select (select jsonb_build_object('total', count(*), 'completed', count(*) filter (where status = 'COMPLETED'),
      'cancelled', count(*) filter (where status = 'CANCELLED')) from planned) as bookings,
    (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'count', count) order by count desc, reason), '[]')
      from (select cancellation_reason as reason, count(*) from planned where status = 'CANCELLED' group by 1) c) as cancellations,
    jsonb_build_object('resources', (${totalsOf('serving')}), 'drivers', (${totalsOf('driving')})) as totals,
    (${busiestOf('serving', "'name', name, 'kind', kind")}) as resources, (${busiestOf('driving', "'fullName', name")}) as drivers`

/** Also of those that did nothing: they are what one looks for. */
function workOf(table: string, column: string, isThere: string, shown: string): string {
  const own = `select ${column} as id, sum(days)::int as trips, sum(minutes) as minutes, sum(driven) as driven
    from trips where ${column} is not null group by 1`
  return `select o.id, ${shown}, coalesce(t.trips, 0) as trips, coalesce(t.minutes, 0) as minutes, coalesce(t.driven, 0) as driven
    from ${table} o left join (${own}) t on t.id = o.id where o.org_id = :orgId and (t.id is not null or ${isThere})`
}

function written(time: string): string {
  return `'minutes', round(minutes, 1), 'utilisation', coalesce(round(minutes / nullif(${time}, 0), 4), 0),
  'drivenMinutes', round(driven, 1)`
}

function totalsOf(of: string): string {
  return `select jsonb_build_object('count', count, 'trips', trips, ${written('count * p.minutes_in_all')}) from (
    select count(*) as count, coalesce(sum(trips), 0) as trips, coalesce(sum(minutes), 0) as minutes, coalesce(sum(driven), 0) as driven
    from ${of}) s, (select minutes as minutes_in_all from period) p`
}

function busiestOf(of: string, shown: string): string {
  return `select coalesce(jsonb_agg(shown order by minutes desc, name, id), '[]') from (
    select minutes, name, id, jsonb_build_object('id', id, ${shown}, 'trips', trips, ${written('p.minutes_in_all')}) as shown
    from ${of}, (select minutes as minutes_in_all from period) p order by minutes desc, name, id limit ${MOST} offset :offset) b`
}

type Counted = Omit<Figures['bookings'], 'cancellations'>

async function readFigures(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  orgId: string,
  { from, to, offset = 0 }: FigureQuestion,
): Promise<Figures> {
  const [approvals, rows] = await Promise.all([
    getApprovalFigures(db, orgId, { from, to }),
    rowsOf<
      Pick<Figures, 'totals' | 'resources' | 'drivers'> & {
        bookings: Counted
        cancellations: Figures['bookings']['cancellations']
      }
    >(db, STATEMENT, { orgId, from, to, now, offset }),
  ])
  const [read] = rows
  if (!read) throw new Error('An aggregate has one row.')
  const { bookings, cancellations, ...fleet } = read
  const period = { from: new Date(from), to: new Date(to) }
  return { ...period, approvals, bookings: { ...bookings, cancellations }, ...fleet }
}

/** However often a board asks for them, they are read once in that time. */
const KEPT_FOR = MINUTE
const MOST_KEPT = 100
/** By the pool that they were read from. */
const kept = new WeakMap<Db, Map<string, { at: number; figures: Promise<Figures> }>>()

/** As they were within the last minute. @throws AppError 422 */
export async function getFigures(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  orgId: string,
  question: FigureQuestion,
): Promise<Figures> {
  mustBePeriod(question)
  const known = kept.get(db) ?? new Map()
  kept.set(db, known)
  const name = [orgId, Date.parse(question.from), Date.parse(question.to), question.offset ?? 0].join('|')
  const before = known.get(name)
  if (before && now.getTime() - before.at < KEPT_FOR) return before.figures
  const figures = readFigures({ db, now }, orgId, question)
  rememberValue(known, name, { at: now.getTime(), figures }, MOST_KEPT)
  figures.catch(() => known.delete(name))
  return figures
}

type Row = [
  section: string,
  id: string | null,
  name: string | null,
  figure: string,
  value: string | number | null,
]

/** One figure a line, so that a spreadsheet can turn it as it likes. */
export function writeFigures({ approvals, bookings, totals, resources, drivers }: Figures): Buffer {
  const { groups, ...allApprovals } = approvals
  const { cancellations, ...allBookings } = bookings
  const rows: Row[] = [
    ...linesOf('approvals', null, null, allApprovals),
    ...groups.flatMap(({ rule, step, approvers, ...figures }) =>
      linesOf('approvals by step', null, `${rule ?? ''} / ${step} / ${approvers}`, figures),
    ),
    ...linesOf('bookings', null, null, allBookings),
    ...cancellations.flatMap(({ reason, count: number }) =>
      linesOf('cancellations', null, reason, { count: number }),
    ),
    ...linesOf('all resources', null, null, totals.resources),
    ...linesOf('all drivers', null, null, totals.drivers),
    ...resources.flatMap(({ id: which, name, kind, ...figures }) => linesOf(kind, which, name, figures)),
    ...drivers.flatMap(({ id: which, fullName, ...figures }) => linesOf('DRIVER', which, fullName, figures)),
  ]
  const heading = ['section', 'id', 'name', 'figure', 'value']
  return Buffer.from(`\uFEFF${[heading, ...rows].map(writeCsvLine).join('')}`)
}

const linesOf = (
  section: string,
  which: string | null,
  name: string | null,
  figures: Record<string, number | null>,
): Row[] => Object.entries(figures).map(([figure, value]) => [section, which, name, figure, value])
