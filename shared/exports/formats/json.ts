// The audit as one JSON array, a row on a line.

import type { NamedRow } from '../schema.ts'
import { COLUMNS } from './columns.ts'

export async function* writeJson(pages: AsyncIterable<readonly NamedRow[]>): AsyncGenerator<Uint8Array> {
  let before = '['
  for await (const rows of pages) {
    yield Buffer.from(before + rows.map(lineOf).join(','))
    before = ','
  }
  yield Buffer.from(before === '[' ? '[]\n' : '\n]\n')
}

function lineOf(row: NamedRow): string {
  return `\n${JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, row[name]])))}`
}
