// The comparison: all rows into memory, then the file, as the packages' own examples do it. Kinder than it could be: no seals.

import { createRequire } from 'node:module'
import { writeFile } from 'node:fs/promises'
import PDFDocument from 'pdfkit'
import type { Db } from '../../shared/kit/store/db.ts'

interface Row {
  id: number
  at: Date
  fullName: string
  action: string
  entity: string
  entityId: string
  description: string
  ip: string
  metadata: object
  requestId: string
}

/** @returns how many rows */
export async function writeAtOnce(db: Db, orgId: string, format: string, file: string): Promise<number> {
  const rows: Row[] = await db('audit_log as a')
    .leftJoin('users as u', 'u.id', 'a.actorId')
    .where('a.orgId', orgId)
    .orderBy('a.id')
    .select('a.*', 'u.fullName')
  await writeFile(file, format === 'csv' ? csvOf(rows) : await pdfOf(rows))
  return rows.length
}

function csvOf(rows: readonly Row[]): string {
  const cells = rows.map((row) =>
    [
      row.id,
      row.at.toISOString(),
      row.fullName,
      row.action,
      row.entity,
      row.entityId,
      row.description,
      JSON.stringify(row.metadata),
      row.requestId,
      row.ip,
    ]
      .map((value) => `"${String(value).replaceAll('"', '""')}"`)
      .join(','),
  )
  return cells.join('\r\n')
}

const WIDTHS = [92, 122, 118, 122, 241, 74]

async function pdfOf(rows: readonly Row[]): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', layout: 'landscape', margin: 36, bufferPages: true })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  doc
    .font(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'))
    .fontSize(7.5)
  let y = 36
  for (const row of rows) {
    const cells = [
      row.at.toISOString(),
      row.fullName,
      row.action,
      `${row.entity} ${row.entityId.slice(0, 8)}`,
      row.description,
      row.ip,
    ]
    const height = Math.max(...cells.map((text, at) => doc.heightOfString(text, { width: WIDTHS[at] ?? 0 })))
    if (y + height > 550) {
      doc.addPage()
      y = 36
    }
    let x = 36
    for (const [at, text] of cells.entries()) {
      doc.text(text, x, y, { width: WIDTHS[at] ?? 0 })
      x += WIDTHS[at] ?? 0
    }
    y += height + 4
  }
  const ended = new Promise((resolve) => doc.on('end', resolve))
  doc.end()
  await ended
  return Buffer.concat(chunks)
}
