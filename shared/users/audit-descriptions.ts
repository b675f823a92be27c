// The sentences of the audit, made when it is read: in the reader's language, with people as they are called now.

import type { Change } from '../kit/store/change.ts'
import type { Db } from '../kit/store/db.ts'
import { listAudit, type AuditPage } from '../audit/queries.ts'
import type { AuditFilter, AuditRow, AuditScope, SealableRow, StoredRow } from '../audit/schema.ts'
import { peopleIn, sentenceOf } from '../audit/describe.ts'
import { getAddressee, listNames } from './queries.ts'
import type { Locale } from '../organisations/schema.ts'
import type { Actor } from '../organisations/roles.ts'
import { getOrganisation } from '../organisations/queries.ts'

/** Of one organisation. @returns the rows with their descriptions, and what people are called in them */
export async function describeRows<R extends StoredRow>(
  db: Db,
  orgId: string,
  locale: Locale,
  rows: readonly R[],
): Promise<{ rows: R[]; names: ReadonlyMap<string, string> }> {
  const names = await listNames(db, orgId, rows.flatMap(peopleIn))
  return {
    rows: rows.map((row) => ({
      ...row,
      description:
        row.description === '' && row.erasedBy === null ? sentenceOf(row, locale, names) : row.description,
    })),
    names,
  }
}

/** In the language of whoever reads. */
async function describeFor(
  db: Db,
  { id, orgId, locale: known }: Actor,
  rows: readonly StoredRow[],
): Promise<AuditRow[]> {
  const { locale } = known ? { locale: known } : await getAddressee(db, orgId, id)
  return (await describeRows(db, orgId, locale, rows)).rows.map(({ erasedBy: _, ...row }) => row)
}

/** In the language of the organisation, for everybody who listens. */
export async function describeForAll(
  { db }: Change,
  orgId: string,
  rows: readonly SealableRow[],
): Promise<AuditRow[]> {
  const { locale } = await getOrganisation(db, orgId)
  return (await describeRows(db, orgId, locale, rows)).rows.map(
    ({ orgId: _, salt: __, erasedBy: ___, ...row }) => row,
  )
}

/** A page of what happened, in the actor's language. @throws AppError 400 */
export async function readAudit(
  db: Db,
  actor: Actor,
  scope: AuditScope,
  ask: AuditFilter & AuditPage,
): Promise<{ items: AuditRow[]; next: string | null }> {
  const { items, next } = await listAudit(db, actor.orgId, scope, ask)
  return { items: await describeFor(db, actor, items), next }
}
