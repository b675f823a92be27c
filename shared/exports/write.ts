// The audit in the form that was asked for: page by page from the database, chunk by chunk to whoever takes it.

import { streamAudit } from '../audit/queries.ts'
import type { AuditScope } from '../audit/schema.ts'
import type { Db } from '../kit/store/db.ts'
import { describeRows } from '../users/audit-descriptions.ts'
import { writeCsv } from './formats/csv.ts'
import { writeJson } from './formats/json.ts'
import { writePdf } from './formats/pdf.ts'
import type { ExportHeading, ExportFormat, NamedRow } from './schema.ts'

type Write = (pages: AsyncIterable<readonly NamedRow[]>, about: ExportHeading) => AsyncGenerator<Uint8Array>

const WRITE: Readonly<Record<ExportFormat, Write>> = { pdf: writePdf, csv: writeCsv, json: writeJson }
export const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/**
 * The first page is there before anything is written: what fails then has not begun. @param seen told how
 * many rows came past, after each page
 */
export async function* writeExport(
  db: Db,
  orgId: string,
  format: ExportFormat,
  about: ExportHeading,
  seen: (rows: number) => Promise<void> = async () => undefined,
): AsyncGenerator<Uint8Array> {
  const pages = namedPages(db, orgId, about, seen)
  const first = await pages.next()
  yield* WRITE[format](beginningWith(first, pages), about)
}

async function* beginningWith(
  first: IteratorResult<NamedRow[]>,
  rest: AsyncGenerator<NamedRow[]>,
): AsyncGenerator<NamedRow[]> {
  if (first.done) return
  yield first.value
  yield* rest
}

async function* namedPages(
  db: Db,
  orgId: string,
  { scope, filter, locale }: ExportHeading,
  seen: (rows: number) => Promise<void>,
): AsyncGenerator<NamedRow[]> {
  let count = 0
  for await (const rows of streamAudit(db, orgId, scope, filter)) {
    const { rows: described, names } = await describeRows(db, orgId, locale, rows)
    yield described.map((row, at) => ({
      ...row,
      sealedDescription: rows[at]?.description ?? '',
      actor: names.get(row.actorId ?? '') ?? null,
    }))
    count += rows.length
    await seen(count)
  }
}

/** e.g. audit-demo-2031-03-03.csv */
export function fileNameOf(slug: string, scope: AuditScope, format: ExportFormat, at: Date): string {
  return `${scope === 'chat' ? 'chat-audit' : 'audit'}-${slug}-${at.toISOString().slice(0, 10)}.${format}`
}
