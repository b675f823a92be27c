// The audit as a table for spreadsheets (RFC 4180): with a byte order mark, without which they take it for another alphabet.

import type { NamedRow } from '../schema.ts'
import { COLUMNS } from './columns.ts'

/**
 * Where a spreadsheet would calculate instead of showing: at the start of a cell, and behind what it may take for the end of one
 * (many countries separate by semicolons). The quote itself, so that taking it away gives back what was there.
 */
const GUARD = `'`
const SIGN = `['=+\\-@＝＋－＠]`
const placesOf = (guard: string): RegExp =>
  new RegExp(String.raw`^${guard}(?=\s*${SIGN}|[\t\r\n])|(?<=[;\t\r\n])${guard}(?=[^\S\t\r\n]*${SIGN})`, 'g')
const [UNGUARDED, GUARDED] = [placesOf(''), placesOf(GUARD)]

export async function* writeCsv(pages: AsyncIterable<readonly NamedRow[]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`\uFEFF${writeCsvLine(COLUMNS)}`)
  for await (const rows of pages)
    yield Buffer.from(rows.map((row) => writeCsvLine(COLUMNS.map((name) => row[name]))).join(''))
}

/** A line of a table, in which nothing is calculated. */
export function writeCsvLine(values: readonly Value[]): string {
  return `${values.map(writeCell).join(',')}\r\n`
}

type Value = NamedRow[keyof NamedRow] | number

function writeCell(value: Value): string {
  if (value === null) return ''
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  const harmless = text.replaceAll(UNGUARDED, GUARD)
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** The cells of each record, as they were before they were written. @param chunks text in pieces of any size */
export async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let [cells, text, isQuoted, wasQuote]: [string[], string, boolean, boolean] = [[], '', false, false]
  const endCell = (): void => {
    cells.push(text.replaceAll(GUARDED, ''))
    text = ''
  }
  for await (const chunk of chunks) {
    for (const letter of chunk) {
      // A quotation mark within quotes ends them, unless another follows.
      if (letter === '"' && !isQuoted) {
        if (wasQuote) text += '"'
        isQuoted = true
      } else if (letter === '"') isQuoted = false
      else if (isQuoted) text += letter
      else if (letter === ',') endCell()
      else if (letter === '\n') {
        endCell()
        yield cells
        cells = []
      } else if (letter !== '\r' && letter !== '\uFEFF') text += letter
      wasQuote = letter === '"' && !isQuoted
    }
  }
}
