// What a fleet did in a time, and how long its decisions took: for the staff, as JSON and as a table for spreadsheets.

import { ApprovalFigures, getApprovalFigures } from '../approvals/figures.ts'
import { writeCsvLine } from '../exports/formats/csv.ts'
import { choice, id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { rememberValue } from '../kit/process/remember-value.ts'
import type { Reading } from '../kit/store/change.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { MINUTE } from '../kit/time/time.ts'
import { RESOURCE_KINDS } from '../resources/schema.ts'
import { mustBePeriod } from './availability.ts'
import { CANCELLATION_REASONS } from './schema.ts'

/** Of vehicles and of drivers; the busiest are shown. */
const MOST = 500

const count = (description: string) => Type.Integer({ description })
const trips = count('Trips that are assigned, under way or over.')
const minutes = Type.Number({ description: 'How long these take of the time.' })
const utilisation = Type.Number({ description: 'The same as a part of the whole time, 0 to 1.' })

export const Figures = shape({
  from: instant('From when on.'),
  to: instant('Until when.'),
  approvals: ApprovalFigures,
  bookings: shape({
    total: count('How many fall in that time.'),
    completed: count('Of them.'),
    cancelled: count('Of them.'),
    cancellations: Type.Array(
      shape({ reason: nullable(choice(CANCELLATION_REASONS, 'Why.')), count: count('How many.') }),
      { description: 'The most frequent first.' },
    ),
  }),
  resources: Type.Array(
    shape({
      id: id('Resource.'),
      name: line('Name or plate.'),
      kind: choice(RESOURCE_KINDS, 'What it is.'),
      trips,
      minutes,
      utilisation,
    }),
    { description: `The busiest first, ${MOST} at most.` },
  ),
  drivers: Type.Array(shape({ id: id('Driver.'), fullName: line('Name.'), trips, minutes, utilisation }), {
    description: `The busiest first, ${MOST} at most.`,
  }),
})
export type Figures = Static<typeof Figures>
type Period = { from: string; to: string }

const STATEMENT = `
  with period as (
    select tstzrange(:from, :to) as whole, extract(epoch from :to::timestamptz - :from::timestamptz) / 60 as minutes
  ), within as materialized (
    select b.status, b.cancellation_reason, b.assigned_resource_id, b.assigned_driver_id,
      (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) / 60
        from unnest(coalesce(b.span, tstzmultirange(tstzrange(b.starts_at, b.ends_at))) * tstzmultirange(p.whole)) r) as minutes
    from period p, bookings b where b.org_id = :orgId and b.starts_at is not null and tstzrange(b.starts_at, b.ends_at) && p.whole
  ), trips as (
    select * from within where status in ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
  )
  select (select jsonb_build_object('total', count(*), 'completed', count(*) filter (where status = 'COMPLETED'),
      'cancelled', count(*) filter (where status = 'CANCELLED')) from within) as bookings,
    (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'count', count) order by count desc, reason), '[]')
      from (select cancellation_reason as reason, count(*) from within where status = 'CANCELLED' group by 1) c) as cancellations,
    ${busiest('resources', "o.status <> 'INACTIVE'", "'name', o.name, 'kind', o.kind", 'assigned_resource_id', 'o.name')} as resources,
    ${busiest('users', "o.role = 'DRIVER' and o.is_active", "'fullName', o.full_name", 'assigned_driver_id', 'o.full_name')} as drivers`

/** Also those that did nothing: they are what one looks for. */
function busiest(table: string, isThere: string, shown: string, column: string, name: string): string {
  const own = `select ${column} as id, count(*) as trips, sum(minutes) as minutes from trips where ${column} is not null group by 1`
  return `(select coalesce(jsonb_agg(shown order by minutes desc, name), '[]') from (
    select coalesce(t.minutes, 0) as minutes, ${name} as name, jsonb_build_object('id', o.id, ${shown}, 'trips', coalesce(t.trips, 0),
      'minutes', round(coalesce(t.minutes, 0), 1), 'utilisation', round(coalesce(t.minutes, 0) / p.minutes, 4)) as shown
    from period p, ${table} o left join (${own}) t on t.id = o.id where o.org_id = :orgId and (t.id is not null or ${isThere})
    order by 1 desc, 2 limit ${MOST}) b)`
}

type Counted = Omit<Figures['bookings'], 'cancellations'>

async function readFigures(db: Db, orgId: string, { from, to }: Period): Promise<Figures> {
  const [approvals, rows] = await Promise.all([
    getApprovalFigures(db, orgId, { from, to }),
    rowsOf<
      Pick<Figures, 'resources' | 'drivers'> & {
        bookings: Counted
        cancellations: Figures['bookings']['cancellations']
      }
    >(db, STATEMENT, { orgId, from, to }),
  ])
  const [read] = rows
  if (!read) throw new Error('An aggregate has one row.')
  const { bookings, cancellations, resources, drivers } = read
  const period = { from: new Date(from), to: new Date(to) }
  return { ...period, approvals, bookings: { ...bookings, cancellations }, resources, drivers }
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
  period: Period,
): Promise<Figures> {
  mustBePeriod(period)
  const known = kept.get(db) ?? new Map()
  kept.set(db, known)
  const name = [orgId, Date.parse(period.from), Date.parse(period.to)].join('|')
  const before = known.get(name)
  if (before && now.getTime() - before.at < KEPT_FOR) return before.figures
  const figures = readFigures(db, orgId, period)
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
export function writeFigures({ approvals, bookings, resources, drivers }: Figures): Buffer {
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
