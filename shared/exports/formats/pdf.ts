// The audit as pages to be printed. The only importer of pdfkit. The fonts that every reader has know no "ể" and no "đ"; ours comes along.
// Promise: memory does not grow with the rows, but for a few hundred bytes a page, which the table at the end of the file needs.

import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExportHeading, NamedRow } from '../schema.ts'
import { drawHead, drawRow, PDF_PAGE, widthMeasure } from './pdf-page.ts'
import { pdfWordingOf } from './pdf-words.ts'

declare global {
  namespace PDFKit {
    // pdfkit keeps every word that it ever set; of a million rows that is what would fill the memory.
    interface PDFDocument {
      _font: { layoutCache: Record<string, unknown>; font: { hasGlyphForCodePoint(code: number): boolean } }
    }
  }
}

const { resolve } = createRequire(import.meta.url)
const FONTS = { regular: 'DejaVuSansCondensed.ttf', bold: 'DejaVuSansCondensed-Bold.ttf' } as const

/** Rows that are drawn in one go; then others get their turn. */
const GO = 50

export async function* writePdf(
  pages: AsyncIterable<readonly NamedRow[]>,
  about: ExportHeading,
): AsyncGenerator<Uint8Array> {
  const doc = await openDocument(about)
  const [wording, widthOf] = [pdfWordingOf(about), widthMeasure(doc)]
  const isDrawn = glyphFinder(doc)
  let [number, y, isEmpty, isWhole] = [0, Infinity, true, true]

  function place(lines: string[][]): void {
    const bottom = y + PDF_PAGE.heightOf(lines)
    if (bottom > PDF_PAGE.bottom) y = drawHead(nextPage(doc), wording, ++number)
    y = drawRow(doc, lines, y)
    isEmpty = false
    isWhole &&= isDrawn(lines)
  }

  for await (const rows of pages) {
    for (let at = 0; at < rows.length; at += GO) {
      for (const row of rows.slice(at, at + GO)) place(PDF_PAGE.linesOf(widthOf, wording.cellsOf(row)))
      yield* taken(doc)
      doc._font.layoutCache = {}
      await turn()
    }
  }
  if (isEmpty) place([[wording.nothing]])
  if (!isWhole) place(PDF_PAGE.linesOf(widthOf, ['', '', '', '', wording.withoutFont]))
  doc.end()
  yield* taken(doc)
}

/** The library is loaded by the first document: it is a fifth of what a process would load to start. */
async function openDocument({ at, locale }: ExportHeading): Promise<PDFKit.PDFDocument> {
  const { default: PDFDocument } = await import('pdfkit')
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    autoFirstPage: false,
    lang: locale,
    info: { CreationDate: at },
  })
  for (const [name, file] of Object.entries(FONTS))
    doc.registerFont(name, resolve(`dejavu-fonts-ttf/ttf/${file}`))
  return doc
}

/** Whether the font has every letter of these lines; where it has none, the page shows a box. */
function glyphFinder(doc: PDFKit.PDFDocument): (cells: readonly (readonly string[])[]) => boolean {
  const known = new Map<string, boolean>()
  const { font } = doc.font('regular')._font
  const isKnown = (letter: string): boolean => {
    const has = known.get(letter) ?? font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)
    known.set(letter, has)
    return has
  }
  return (cells) => cells.every((lines) => lines.every((line) => [...line].every(isKnown)))
}

/** The former one is in the file by then; pdfkit would keep what it was made of until the end. */
function nextPage(doc: PDFKit.PDFDocument): PDFKit.PDFDocument {
  const former: PDFKit.PDFPage | undefined = doc.page
  doc.addPage()
  if (former) former.dictionary.data = { Pattern: null, Annots: null }
  return doc
}

/** What is finished so far: all of it at once before Node 26, a piece at a time since. */
function* taken(doc: PDFKit.PDFDocument): Generator<Uint8Array> {
  for (let ready: unknown = doc.read(); ready instanceof Uint8Array; ready = doc.read()) yield ready
}
