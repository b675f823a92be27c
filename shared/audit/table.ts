// Every write of the audit. Private to the domain. Nothing here changes or removes a row: the database would refuse it.

import type { LateTable } from '../kit/store/causes.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { SEALABLE_COLUMNS } from './queries.ts'
import type { Seal, SealableRow } from './schema.ts'

type NewAuditRow = Omit<SealableRow, 'id' | 'onBehalfOf' | 'salt' | 'erasedBy'> & {
  onBehalfOfId: string | null
}

export const AUDIT_ROWS: LateTable<NewAuditRow> = {
  name: 'audit_log',
  columns: {
    orgId: 'uuid',
    actorId: 'uuid',
    onBehalfOfId: 'uuid',
    action: 'text',
    entity: 'text',
    entityId: 'uuid',
    description: 'text',
    metadata: 'jsonb',
    at: 'timestamptz',
    requestId: 'text',
    ip: 'text',
  },
}

interface Sealing {
  /** Every row up to here is sealed. */
  sealedUpTo: number
  /** The newest row there is. */
  newest: number
  /** Whether `nextUpTo` was reached: no transaction is open that could still bring a row below it. */
  isReached: boolean
}

/**
 * One sealer at a time: another finds the row locked. The newest row is looked up first: this transaction gets its number
 * afterwards, so that whoever still holds back a smaller row has a smaller number than it.
 * @returns undefined when there is nothing to do, or another does it
 */
export async function lockSealing(db: Db): Promise<Sealing | undefined> {
  const [seen] = await rowsOf<{ newest: number; sealedUpTo: number }>(
    db,
    'select coalesce((select max(id) from audit_log), 0) as newest, sealed_up_to from audit_sealing',
  )
  if (!seen || seen.newest === seen.sealedUpTo) return undefined
  const [state] = await rowsOf<Omit<Sealing, 'newest'>>(
    db,
    `select sealed_up_to, next_transaction is not null and pg_snapshot_xmin(pg_current_snapshot()) >= next_transaction as is_reached
     from audit_sealing for update skip locked`,
  )
  return state && { ...state, newest: seen.newest }
}

/** Of any organisation, oldest first. Looks no further back than where all is sealed. */
export async function listUnsealed(db: Db, after: number, limit: number): Promise<SealableRow[]> {
  return rowsOf(
    db,
    `select ${SEALABLE_COLUMNS} from audit_log a
     where a.id > :after and not exists (select from audit_seals s where s.audit_id = a.id) order by a.id limit :limit`,
    { after, limit },
  )
}

/** The last seal of each of these organisations, by the primary key. */
export async function listLastSeals(
  db: Db,
  orgIds: readonly string[],
): Promise<{ orgId: string; n: number; hash: string }[]> {
  return rowsOf(
    db,
    `select o.org_id, s.n, s.hash from unnest(:orgIds::uuid[]) as o(org_id)
     cross join lateral (select n, encode(hash, 'hex') as hash from audit_seals where org_id = o.org_id order by n desc limit 1) s`,
    { orgIds },
  )
}

export async function insertSeals(db: Db, seals: readonly (Seal & { row: SealableRow })[]): Promise<void> {
  await db.raw(
    `insert into audit_seals (org_id, n, audit_id, commitment, hash)
     select o, n, id, decode(c, 'hex'), decode(h, 'hex') from unnest(:orgIds::uuid[], :ns::bigint[],
     :ids::bigint[], :commitments::text[], :hashes::text[]) as s(o, n, id, c, h)`,
    {
      orgIds: seals.map(({ row }) => row.orgId),
      ns: seals.map(({ n }) => n),
      ids: seals.map(({ row }) => row.id),
      commitments: seals.map(({ commitment }) => commitment),
      hashes: seals.map(({ hash }) => hash),
    },
  )
}

/**
 * All that was to be seen is sealed. What was the newest row when the last mark was made moves the border; the newest now makes the next
 * mark. A mark of a transaction that is still to come is from before a backup was restored, and is made anew.
 */
export async function moveSealing(db: Db, { newest, isReached }: Sealing): Promise<void> {
  await db.raw(
    `update audit_sealing set sealed_up_to = case when :isReached then next_up_to else sealed_up_to end,
      next_up_to = :newest, next_transaction = pg_current_xact_id()
     where next_transaction is null or :isReached or next_transaction > pg_current_xact_id()`,
    { newest, isReached },
  )
}

/** @returns how many rows were theirs or about them */
export async function eraseFromRows(
  db: Db,
  erasure: { orgId: string; personId: string; actorId: string | null; at: Date; requestId: string },
): Promise<number> {
  const [row] = await rowsOf<{ count: number }>(
    db,
    'select erase_person_from_audit(:orgId, :personId, :actorId, :at, :requestId) as count',
    { ...erasure },
  )
  return row?.count ?? 0
}
