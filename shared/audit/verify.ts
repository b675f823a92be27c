// Whether the audit still says what was sealed. Looks at rows one by one, as they come from the database or from a file.

import type { Db } from '../kit/store/db.ts'
import { BEGINNING, flawOf } from './chain.ts'
import { countUnsealed, findHiddenErasure, streamSeals } from './queries.ts'
import type { AuditVerdict, Seal, SealableRow } from './schema.ts'

export interface ChainFlaw {
  /** Its place in the chain. */
  n: number | null
  /** Row of the audit, where it is known. */
  id: number | null
  what: string
}

export interface ChainVerdict {
  /** The first place where the chain breaks. */
  flaw: ChainFlaw | undefined
  rows: number
  /** The end of the chain: who keeps it elsewhere sees later whether the end was cut off. */
  head: Pick<Seal, 'n' | 'hash'> | undefined
  /** Rows that are not sealed yet. */
  waiting: number
}

interface Check {
  see(row: SealableRow, seal: Seal): ChainFlaw | undefined
  /** When all were seen. @returns a flaw, and whether rows between them were not shown */
  end(): { flaw: ChainFlaw | undefined; isExcerpt: boolean }
}

export function openChainCheck(): Check {
  /** Hash of a place, as one of the two says it that know it, until the other does. */
  const links = new Map<number, string>([[0, BEGINNING]])
  const [erased, claimed] = [new Map<number, number>(), new Map<number, { n: number; rows: number }>()]

  function isLinked(n: number, hash: string): boolean {
    const said = links.get(n)
    if (said === undefined) links.set(n, hash)
    else links.delete(n)
    return said === undefined || said === hash
  }

  return {
    see(row, seal) {
      const at = { n: seal.n, id: row.id }
      if (row.erasedBy !== null) erased.set(row.erasedBy, (erased.get(row.erasedBy) ?? 0) + 1)
      if (row.action === 'person_erased')
        claimed.set(row.id, { n: seal.n, rows: Number(row.metadata['rows']) })
      if (!isLinked(seal.n - 1, seal.previousHash) || !isLinked(seal.n, seal.hash))
        return { ...at, what: 'it does not follow on the one before it' }
      const what = flawOf(row, seal)
      return what === undefined ? undefined : { ...at, what }
    },
    end() {
      const hidden = [...erased].find(([by, rows]) => rows > (claimed.get(by)?.rows ?? Infinity))
      const flaw = hidden && {
        n: claimed.get(hidden[0])?.n ?? null,
        id: hidden[0],
        what: `it erased ${claimed.get(hidden[0])?.rows} rows, but ${hidden[1]} are`,
      }
      return { flaw, isExcerpt: links.size > 1 || [...erased.keys()].some((by) => !claimed.has(by)) }
    },
  }
}

function flawAt(
  check: Check,
  n: number,
  auditId: number,
  row: SealableRow | null,
  seal: Seal,
): ChainFlaw | undefined {
  if (seal.n !== n) return { n, id: null, what: 'its seal is missing' }
  return row ? check.see(row, seal) : { n, id: auditId, what: 'its row is missing' }
}

/** Rows that one part looks at: about a second, on a machine that has much else to do. */
const PART = 5000

/** The same for whoever waits for an answer, a part at a time. @param after the place up to which it is verified */
export async function verifyChainAfter(db: Db, orgId: string, after: number): Promise<AuditVerdict> {
  const check = openChainCheck()
  let head: AuditVerdict['head'] = null
  let rows = after
  const verdict = (found: Partial<AuditVerdict>): AuditVerdict => ({
    rows,
    next: null,
    flaw: null,
    head,
    waiting: null,
    ...found,
  })
  for await (const seals of streamSeals(db, orgId, after)) {
    for (const { auditId, row, ...seal } of seals) {
      const flaw = flawAt(check, rows + 1, auditId, row, seal)
      if (flaw) return verdict({ flaw })
      rows = seal.n
      head = { n: seal.n, hash: seal.hash }
    }
    if (rows - after >= PART) return verdict({ next: rows })
  }
  return verdict(await judgeWhole(db, orgId))
}

/** What no single row shows. */
async function judgeWhole(db: Db, orgId: string): Promise<Pick<AuditVerdict, 'flaw' | 'waiting'>> {
  const [{ stray, waiting }, hidden] = await Promise.all([
    countUnsealed(db, orgId),
    findHiddenErasure(db, orgId),
  ])
  if (hidden) return { waiting, flaw: { n: null, id: hidden.id, what: 'it erased more rows than it says' } }
  return {
    waiting,
    flaw: stray === null ? null : { n: null, id: stray, what: 'it came in past the sealer' },
  }
}

/** @param known a head that was kept elsewhere and must still be there */
export async function verifyChain(
  db: Db,
  orgId: string,
  known?: Pick<Seal, 'n' | 'hash'>,
): Promise<ChainVerdict> {
  const { stray, waiting } = await countUnsealed(db, orgId)
  const check = openChainCheck()
  let head: ChainVerdict['head']
  const verdict = (flaw: ChainFlaw | undefined): ChainVerdict => ({ flaw, rows: head?.n ?? 0, head, waiting })
  for await (const seals of streamSeals(db, orgId)) {
    for (const { auditId, row, ...seal } of seals) {
      const n = (head?.n ?? 0) + 1
      const flaw = flawAt(check, n, auditId, row, seal)
      if (flaw || !row) return verdict(flaw)
      if (seal.n === known?.n && seal.hash !== known.hash)
        return verdict({ n, id: row.id, what: 'it has another hash than the one that was kept' })
      head = seal
    }
  }
  if (known && (head?.n ?? 0) < known.n)
    return verdict({ n: known.n, id: null, what: 'it was there, and is no more' })
  const { flaw, isExcerpt } = check.end()
  if (isExcerpt && !flaw) return verdict({ n: null, id: null, what: 'rows are erased, and no row says so' })
  return verdict(
    flaw ?? (stray === null ? undefined : { n: null, id: stray, what: 'it came in past the sealer' }),
  )
}
