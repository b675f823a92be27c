// How a page of the audit looks: A4 across, a head, one line under each row. Points throughout.

import { CELLS, type PdfWording } from './pdf-words.ts'

const SHEET = { width: 841.89, height: 595.28, margin: 36 } as const
const GREY = { text: '#59616b', line: '#d5d9de', band: '#eef1f4' } as const
const TEXT = { color: '#15191e', size: 7.5, line: 10, padding: 4 } as const
/** Together as wide as the page between its margins. */
const WIDTHS: Readonly<Record<(typeof CELLS)[number], number>> = {
  at: 92,
  actor: 122,
  action: 118,
  what: 122,
  description: 241,
  ip: 74,
}
const widths = CELLS.map((cell) => WIDTHS[cell])
const lefts = widths.map((_, at) => SHEET.margin + widths.slice(0, at).reduce((sum, width) => sum + width, 0))
const right = SHEET.width - SHEET.margin

/** Starts of text within its cell, and where a row ends. */
export const PDF_PAGE = {
  bottom: SHEET.height - 48,
  heightOf: (cells: readonly (readonly string[])[]): number =>
    Math.max(...cells.map(({ length }) => length)) * TEXT.line + TEXT.padding,
  linesOf: (widthOf: WidthOf, texts: readonly string[]): string[][] =>
    texts.map((text, at) => wrap(widthOf, text, (widths[at] ?? 0) - 2 * TEXT.padding)),
}

/** @returns where the first row begins */
export function drawHead(
  doc: PDFKit.PDFDocument,
  { title, subtitle, heads, page }: PdfWording,
  number: number,
): number {
  const say = (text: string, x: number, y: number): unknown => doc.text(text, x, y, { lineBreak: false })
  doc.fillColor(TEXT.color).font('bold').fontSize(13)
  say(title, SHEET.margin, 30)
  doc.fillColor(GREY.text).font('regular').fontSize(TEXT.size)
  say(subtitle, SHEET.margin, 49)
  say(page(number), right - doc.widthOfString(page(number)), SHEET.height - 32)
  doc.rect(SHEET.margin, 66, right - SHEET.margin, 18).fill(GREY.band)
  doc.fillColor(TEXT.color).font('bold').fontSize(TEXT.size)
  for (const [at, head] of heads.entries()) say(head, (lefts[at] ?? 0) + TEXT.padding, 70.5)
  doc.font('regular').strokeColor(GREY.line).lineWidth(0.5)
  return 88
}

/** @param cells the lines of each @returns where the next row begins */
export function drawRow(doc: PDFKit.PDFDocument, cells: readonly (readonly string[])[], y: number): number {
  for (const [at, lines] of cells.entries()) {
    for (const [row, line] of lines.entries())
      doc.text(line, (lefts[at] ?? 0) + TEXT.padding, y + row * TEXT.line, { lineBreak: false })
  }
  const end = y + PDF_PAGE.heightOf(cells)
  doc
    .moveTo(SHEET.margin, end - TEXT.padding / 2 - 0.5)
    .lineTo(right, end - TEXT.padding / 2 - 0.5)
    .stroke()
  return end
}

/** Lines that fit; a word that is longer than a line is cut. */
function wrap(widthOf: WidthOf, text: string, width: number): string[] {
  const lines: string[] = []
  let [line, taken] = ['', 0]
  for (const word of text.split(/\s+/).flatMap((each) => cut(widthOf, each, width))) {
    const wide = widthOf(word)
    if (line !== '' && taken + widthOf(' ') + wide > width) {
      lines.push(line)
      ;[line, taken] = [word, wide]
    } else [line, taken] = line === '' ? [word, wide] : [`${line} ${word}`, taken + widthOf(' ') + wide]
  }
  return [...lines, line]
}

function cut(widthOf: WidthOf, word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word]
  const pieces = ['']
  for (const letter of word) {
    const longer = pieces.at(-1) + letter
    if (widthOf(longer) > width) pieces.push(letter)
    else pieces.splice(-1, 1, longer)
  }
  return pieces
}

type WidthOf = (text: string) => number

/** The sum of its letters': pdfkit would lay out, and keep, each piece that is only measured. */
export function widthMeasure(doc: PDFKit.PDFDocument): WidthOf {
  const known = new Map<string, number>()
  const widthOf = (letter: string): number => {
    const width = known.get(letter) ?? doc.font('regular').fontSize(TEXT.size).widthOfString(letter)
    known.set(letter, width)
    return width
  }
  return (text) => [...text].reduce((sum, letter) => sum + widthOf(letter), 0)
}
