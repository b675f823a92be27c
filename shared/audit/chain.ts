// The chain of the audit: what a row's seal is, and whether a row still is what was sealed. Pure.
// docs/AUDIT.md says it for whoever verifies in another language; the two must say the same.

import { createHash } from 'node:crypto'
import type { Seal, SealableRow } from './schema.ts'

/** Before the first row of an organisation. */
export const BEGINNING = '0'.repeat(64)

/** Of a row that was erased before it was sealed: there is nothing left to commit to. */
const NOTHING_LEFT = '0'.repeat(64)

/** The next seal of an organisation's chain. */
export function sealOf(row: SealableRow, last: Pick<Seal, 'n' | 'hash'> | undefined): Seal {
  const [n, previousHash, commitment] = [
    (last?.n ?? 0) + 1,
    last?.hash ?? BEGINNING,
    commitmentOf(row) ?? NOTHING_LEFT,
  ]
  return { n, commitment, previousHash, hash: hashOf(row, { n, previousHash, commitment }) }
}

/** @returns what is wrong with the row or its seal, in words; undefined: nothing */
export function flawOf(row: SealableRow, seal: Seal): string | undefined {
  const commitment = commitmentOf(row)
  if (commitment === undefined && row.erasedBy === null) return 'its salt is gone, and no erasure took it'
  if (commitment !== undefined && commitment !== seal.commitment)
    return 'its description, metadata, request or address is not what was sealed'
  return hashOf(row, seal) === seal.hash ? undefined : 'it is not what was sealed'
}

/** What names a person enters the chain as this only: with the salt gone, it neither shows it nor lets it be guessed. */
function commitmentOf({ salt, description, metadata, requestId, ip }: SealableRow): string | undefined {
  return salt === null ? undefined : sha256([salt, description, metadata, requestId, ip])
}

function hashOf(row: SealableRow, { previousHash, n, commitment }: Omit<Seal, 'hash'>): string {
  const { orgId, id, at, actorId, onBehalfOf, action, entity, entityId } = row
  return sha256([
    previousHash,
    orgId,
    n,
    id,
    at.toISOString(),
    actorId,
    onBehalfOf,
    action,
    entity,
    entityId,
    commitment,
  ])
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** RFC 8785: one text for one value, in every language. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}
