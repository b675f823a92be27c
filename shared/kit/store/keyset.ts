// Pages of lists that move while they are read. A page begins behind the last entry of the one before, whatever has come,
// gone or moved up meanwhile: nothing that stays in its place is shown twice or left out. A cursor is that entry's place.

import { malformed } from '../declare/errors.ts'
import { rowsOf, type Columns, type Db, type Query } from './db.ts'

type Place = Date | number | string | null

/** What a list is sorted by. The last key tells all entries apart. */
export interface Key<R> {
  column: string
  kind: keyof typeof KINDS
  descends?: boolean
  of: (row: R) => Place
}

export interface PagePart {
  limit: number
  offset: number
  /** From where the page before ended. */
  cursor?: string
}

/** One page. `next` is where the page after it begins; null: there is none. */
export interface Listed<T> {
  items: T[]
  next: string | null
}

/** Null is written and compared as an instant that never comes. */
const KINDS = {
  instant: {
    form: /^\d{1,15}$/,
    read: (text: string) => new Date(Number(text)),
    sql: (column: string) => column,
    type: 'timestamptz',
  },
  instantOrNever: {
    form: /^(?:\d{1,15}|infinity)$/,
    read: (text: string) => (text === 'infinity' ? text : new Date(Number(text))),
    sql: (column: string) => `coalesce(${column}, 'infinity')`,
    type: 'timestamptz',
  },
  number: { form: /^\d{1,15}$/, read: Number, sql: (column: string) => column, type: 'bigint' },
  /** A name: written so that no dot ends it. */
  text: {
    form: /^[\w-]*$/,
    read: (text: string) => Buffer.from(text, 'base64url').toString(),
    sql: (column: string) => column,
    type: 'text',
  },
  id: {
    form: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
    read: String,
    sql: (column: string) => column,
    type: 'uuid',
  },
} as const

type Newest = { createdAt: Date; id: string }
export const OLDEST_FIRST: readonly Key<Newest>[] = [
  { column: 'created_at', kind: 'instant', of: ({ createdAt }) => createdAt },
  { column: 'id', kind: 'id', of: ({ id }) => id },
]
export const NEWEST_FIRST: readonly Key<Newest>[] = OLDEST_FIRST.map((key) => ({
  ...key,
  descends: key.kind === 'instant',
}))

export function orderBy<R>(keys: readonly Key<R>[]): string {
  return keys.map(({ column, descends }) => `${column}${descends ? ' desc' : ''}`).join(', ')
}

/** What holds for all that stands behind a place: a condition and its bindings. @throws AppError 400 for what is no cursor of this list */
export function isBehind<R>(
  keys: readonly Key<R>[],
  cursor: string | undefined,
): [sql: string, bindings: Record<string, Date | number | string>] {
  if (cursor === undefined) return ['true', {}]
  const parts = Buffer.from(cursor, 'base64url').toString().split('.')
  const isOfThisList =
    parts.length === keys.length && keys.every(({ kind }, at) => KINDS[kind].form.test(parts[at] ?? ''))
  if (!isOfThisList)
    throw malformed([{ path: '/query/cursor', message: 'must be one that a page of this list named' }])
  const [first] = keys
  // The first comparison says nothing new, but an index can begin there.
  const from = first && `${sides(first, 0).join(first.descends ? ' <= ' : ' >= ')} and `
  return [
    `${from}${behind(keys, 0)}`,
    Object.fromEntries(keys.map(({ kind }, at) => [`place${at}`, KINDS[kind].read(parts[at] ?? '')])),
  ]
}

function behind<R>([key, ...others]: readonly Key<R>[], at: number): string {
  if (!key) return 'false'
  const further = sides(key, at).join(key.descends ? ' < ' : ' > ')
  return others.length === 0
    ? further
    : `(${further} or (${sides(key, at).join(' = ')} and ${behind(others, at + 1)}))`
}

function sides<R>({ kind, column }: Key<R>, at: number): [string, string] {
  return [KINDS[kind].sql(column), `:place${at}::${KINDS[kind].type}`]
}

/** @param rows one more than the page holds, where there are more */
export function cutPage<R>(keys: readonly Key<R>[], rows: readonly R[], limit: number): Listed<R> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    next:
      rows.length > limit && last
        ? Buffer.from(keys.map(({ kind, of }) => written(kind, of(last))).join('.')).toString('base64url')
        : null,
  }
}

function written(kind: Key<never>['kind'], place: Place): string {
  if (kind === 'text') return Buffer.from(String(place ?? '')).toString('base64url')
  return place instanceof Date ? String(place.getTime()) : String(place ?? 'infinity')
}

/** A page of what a query finds. */
export async function readPage<R>(
  found: Query,
  columns: Columns,
  keys: readonly Key<NoInfer<R>>[],
  { limit, offset, cursor }: PagePart,
): Promise<Listed<R>> {
  const rows = (await found
    .whereRaw(...isBehind(keys, cursor))
    .orderByRaw(orderBy(keys))
    .limit(limit + 1)
    .offset(offset)
    .select(columns)) as R[]
  return cutPage(keys, rows, limit)
}

/**
 * A page of what several queries find, each by its own index: an "or" has none.
 * @param branches none of them finds what another does
 */
export async function readPageOfAll<R>(
  db: Db,
  branches: readonly Query[],
  columns: Columns,
  keys: readonly Key<NoInfer<R>>[],
  part: PagePart,
): Promise<Listed<R>> {
  const [only, ...others] = branches
  if (!only) return { items: [], next: null }
  if (others.length === 0) return readPage(only, columns, keys, part)
  const { limit, offset, cursor } = part
  const parts = branches.map((found) =>
    found
      .whereRaw(...isBehind(keys, cursor))
      .orderByRaw(orderBy(keys))
      .limit(offset + limit + 1)
      .select(columns),
  )
  const rows = (await db
    .unionAll(parts, true)
    .orderByRaw(orderBy(keys))
    .limit(limit + 1)
    .offset(offset)) as R[]
  return cutPage(keys, rows, limit)
}

/** No list is counted further: nobody reads such a number, and it would cost the more the more there is. */
export const MOST_COUNTED = 1000

/** How many rows a query finds. One more than MOST_COUNTED: there are more than that. */
export async function countFound(db: Db, found: Query): Promise<number> {
  const [row] = await db
    .from(
      found
        .select(db.raw('1'))
        .limit(MOST_COUNTED + 1)
        .as('found'),
    )
    .count<{ count: number }[]>()
  return row?.count ?? 0
}

/** The same for what several find. */
export async function countAllFound(db: Db, branches: readonly Query[]): Promise<number> {
  if (branches.length === 0) return 0
  const parts = branches.map((found) => found.select(db.raw('1')).limit(MOST_COUNTED + 1))
  const [row] = await db.from(db.unionAll(parts, true).as('found')).count<{ count: number }[]>()
  return Math.min(row?.count ?? 0, MOST_COUNTED + 1)
}

/** The same for what is written in SQL. @param branches of each all that follows the columns; none finds what another does */
export async function countFrom(
  db: Db,
  branches: readonly string[],
  bindings: Record<string, unknown>,
): Promise<number> {
  const found = branches.map((from) => `(select from ${from} limit ${MOST_COUNTED + 1})`).join(' union all ')
  const [row] = await rowsOf<{ count: number }>(
    db,
    `select least(count(*), ${MOST_COUNTED + 1})::int as count from (${found}) found`,
    bindings,
  )
  return row?.count ?? 0
}

/** A page with how many there are over all. Where it shows the end by itself, nothing is counted. */
export async function withTotal<T>(
  page: Listed<T>,
  { offset, cursor }: Pick<PagePart, 'offset' | 'cursor'>,
  count: () => Promise<number>,
): Promise<Listed<T> & { total: number }> {
  const isLast = page.next === null && cursor === undefined && (offset === 0 || page.items.length > 0)
  return { ...page, total: isLast ? offset + page.items.length : await count() }
}
