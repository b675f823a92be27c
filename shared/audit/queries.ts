// Reads of the audit. Always within one organisation, but for whoever verifies the whole.

import { rowsOf, type Db } from '../kit/store/db.ts'
import { readPage, type Key, type Listed } from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { BEGINNING } from './chain.ts'
import {
  AuditRow,
  type AuditFilter,
  type StoredRow,
  type AuditScope,
  type KeptRow,
  type Seal,
  type SealableRow,
} from './schema.ts'

/** A row as its seal takes it; of `audit_log a`. */
export const SEALABLE_COLUMNS =
  'a.id, a.at, a.org_id, a.actor_id, a.on_behalf_of_id as on_behalf_of, a.action, a.entity, a.entity_id, ' +
  'a.description, a.metadata, a.request_id, a.ip, a.salt, a.erased_by'
/** Of `audit_seals s`, and of the one before it as `p`. */
const SEAL_COLUMNS =
  `s.n, encode(s.commitment, 'hex') as commitment, case when s.n = 1 then '${BEGINNING}' ` +
  `else encode(p.hash, 'hex') end as previous_hash, encode(s.hash, 'hex') as hash`

type Place = Pick<AuditRow, 'at' | 'id'>
const NEWEST_FIRST: readonly Key<Place>[] = [
  { column: 'at', kind: 'instant', descends: true, of: ({ at }) => at },
  { column: 'id', kind: 'number', descends: true, of: ({ id }) => id },
]

const PUBLIC_COLUMNS = columnsOf(AuditRow).map((name) =>
  name === 'onBehalfOf' ? 'onBehalfOfId as onBehalfOf' : name,
)

/** From a cursor on, or behind so many rows. */
export interface AuditPage {
  limit: number
  cursor?: string
  offset?: number
}

/**
 * Newest first, with their sentences still to be made. @returns `next` is where the page after this one
 * begins; null: there is none. @throws AppError 400
 */
export async function listAudit(
  db: Db,
  orgId: string,
  scope: AuditScope,
  { limit, cursor, offset = 0, ...filter }: AuditFilter & AuditPage,
): Promise<Listed<StoredRow>> {
  const found = matching(db, orgId, scope, filter)
  return readPage(found, [...PUBLIC_COLUMNS, 'erasedBy'], NEWEST_FIRST, { limit, cursor, offset })
}

export async function countAudit(
  db: Db,
  orgId: string,
  scope: AuditScope,
  filter: AuditFilter,
): Promise<number> {
  const [row] = await matching(db, orgId, scope, filter).count<{ count: number }[]>()
  return row?.count ?? 0
}

/** Rows that are in memory at a time. */
const PAGE = 500

/** Oldest first, all there are, in pages. Whoever stops listening ends it. */
export async function* streamAudit(
  db: Db,
  orgId: string,
  scope: AuditScope,
  filter: AuditFilter,
): AsyncGenerator<KeptRow[]> {
  for (let last: Place | undefined; ;) {
    const page = matching(db, orgId, scope, filter).orderBy(['at', 'id']).limit(PAGE)
    if (last) void page.whereRaw('(at, id) > (:at, :id)', { at: last.at, id: last.id })
    const rows: KeptRow[] = await db
      .with('a', page)
      .from('a')
      .leftJoin('audit_seals as s', 's.auditId', 'a.id')
      .leftJoin('audit_seals as p', (on) => on.on('p.orgId', 's.orgId').andOn('p.n', db.raw('s.n - 1')))
      .orderBy(['a.at', 'a.id'])
      .select(db.raw(`${SEALABLE_COLUMNS}, ${SEAL_COLUMNS}`))
    if (rows.length > 0) yield rows
    last = rows.at(-1)
    if (rows.length < PAGE) return
  }
}

export async function findAuditRow(db: Db, id: number): Promise<(StoredRow & { orgId: string }) | undefined> {
  return db('audit_log')
    .where({ id })
    .first([...PUBLIC_COLUMNS, 'erasedBy', 'orgId'])
}

/** In their order, by pages. A seal whose row is gone has none of a row's fields. */
export async function* streamSeals(
  db: Db,
  orgId: string,
  begin = 0,
): AsyncGenerator<(Seal & { auditId: number; row: SealableRow | null })[]> {
  for (let after = begin; ;) {
    const seals = await rowsOf<Seal & SealableRow & { auditId: number; id: number | null }>(
      db,
      `select s.audit_id, ${SEALABLE_COLUMNS}, ${SEAL_COLUMNS} from audit_seals s
       left join audit_seals p on p.org_id = s.org_id and p.n = s.n - 1 left join audit_log a on a.id = s.audit_id and a.org_id = s.org_id
       where s.org_id = :orgId and s.n > :after order by s.n limit :limit`,
      { orgId, after, limit: PAGE },
    )
    yield seals.map(({ n, commitment, previousHash, hash, auditId, ...row }) => ({
      n,
      commitment,
      previousHash,
      hash,
      auditId,
      row: row.id === null ? null : row,
    }))
    after = seals.at(-1)?.n ?? after
    if (seals.length < PAGE) return
  }
}

/** A row that erased more rows than it says, or is not there. */
export async function findHiddenErasure(db: Db, orgId: string): Promise<{ id: number } | undefined> {
  const [found] = await rowsOf<{ id: number }>(
    db,
    `select e.erased_by as id from (
       select erased_by, count(*) as rows from audit_log where org_id = :orgId and erased_by is not null group by 1) e
     left join audit_log a on a.id = e.erased_by and a.org_id = :orgId and a.action = 'person_erased'
     where e.rows > coalesce((a.metadata->>'rows')::int, 0) order by 1 limit 1`,
    { orgId },
  )
  return found
}

/** Rows that came in past the sealer, and rows that still wait for it. */
export async function countUnsealed(
  db: Db,
  orgId: string,
): Promise<{ stray: number | null; waiting: number }> {
  const [found] = await rowsOf<{ stray: number | null; waiting: number }>(
    db,
    `select min(a.id) filter (where a.id <= w.sealed_up_to) as stray, count(*) filter (where a.id > w.sealed_up_to) as waiting
     from audit_sealing w, audit_log a where a.org_id = :orgId and not exists (select from audit_seals s where s.audit_id = a.id)`,
    { orgId },
  )
  return found ?? { stray: null, waiting: 0 }
}

function matching(
  db: Db,
  orgId: string,
  scope: AuditScope,
  { action, entity, actorId, roomId, from, to }: AuditFilter,
) {
  const query = db('audit_log').where({
    orgId,
    ...(action && { action }),
    ...(entity && { entity }),
    ...(actorId && { actorId }),
  })
  if (scope === 'chat') void query.whereIn('entity', CHAT_ENTITIES)
  if (roomId) void query.whereRaw(`metadata->>'roomId' = ?`, [roomId])
  if (from) void query.where('at', '>=', new Date(from))
  if (to) void query.where('at', '<', new Date(to))
  return query
}

/** What happens in chat rooms happens to these. */
const CHAT_ENTITIES = ['message', 'room', 'file']
