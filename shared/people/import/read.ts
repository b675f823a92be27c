// The lines of a file as people: CSV with a header, or a JSON object a line. The only importer of csv-parse.
// Promise: what is wrong with a line is said with its number, and the others are read all the same.

import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { CsvError, parse, type Info } from 'csv-parse'
import { AppError, type Problem } from '../../kit/declare/errors.ts'
import { compileSchema } from '../../kit/declare/schema.ts'
import { mustBeKeepable } from '../../kit/text/text.ts'
import { ImportedPerson, IMPORT_FIELDS, type ImportFormat, type ImportProblem } from './schema.ts'

export interface ImportRow {
  line: number
  person: ImportedPerson
}

interface ReadFile {
  rows: ImportRow[]
  problems: ImportProblem[]
}

/** Characters; some hundred lines. */
const PIECE = 16_384
const LINES_AT_ONCE = 50
const checkPerson = compileSchema(ImportedPerson)

export async function readPeople(text: string, format: ImportFormat): Promise<ReadFile> {
  const read: ReadFile = { rows: [], problems: [] }
  const lines = format === 'text/csv' ? linesOfCsv(text, read.problems) : linesOfJson(text, read.problems)
  for await (const { line, value } of lines) {
    if (line % LINES_AT_ONCE === 0) await turn()
    try {
      mustBeKeepable(value, '')
      read.rows.push({ line, person: checkPerson(value, '') })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      read.problems.push(...firstOfEach(line, error.errors ?? []))
    }
  }
  return read
}

/** Of a field that may be null, each of its choices complains; the first says it. */
function firstOfEach(line: number, errors: readonly Problem[]): ImportProblem[] {
  const fields = errors.map(({ path }) => path.split('/')[1] || null)
  return errors
    .map(({ message }, at) => ({ line, field: fields[at] ?? null, message }))
    .filter(({ field }, at) => fields.indexOf(field) === at)
}

interface Line {
  line: number
  value: unknown
}

async function* linesOfJson(text: string, problems: ImportProblem[]): AsyncGenerator<Line> {
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      yield { line: at + 1, value: JSON.parse(line) }
    } catch {
      problems.push({ line: at + 1, field: null, message: 'is not valid JSON' })
    }
  }
}

const OPTIONS = {
  bom: true,
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
}

async function* linesOfCsv(text: string, problems: ImportProblem[]): AsyncGenerator<Line> {
  let names: (string | undefined)[] | undefined
  try {
    const records: AsyncIterable<{ record: string[]; info: Info }> = Readable.from(piecesOf(text)).pipe(
      parse({ ...OPTIONS, delimiter: delimiterOf(text) }),
    )
    for await (const { record, info } of records) {
      if (!names) {
        names = namesIn(record, problems)
        if (problems.length > 0) return
      } else if (record.length !== names.length)
        problems.push({
          line: info.lines,
          field: null,
          message: `has ${record.length} cells, the header ${names.length}`,
        })
      else yield { line: info.lines, value: valuesIn(names, record) }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1
    problems.push({ line, field: null, message: `cannot be read: ${error.message}` })
  }
  if (!names) problems.push({ line: 1, field: null, message: 'there is no header' })
}

/** Spreadsheets separate as is usual in their country: as the header does most. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split('\n', 1)
  const countOf = (sign: string): number => header.split(sign).length
  return [',', ';', '\t'].reduce((best, sign) => (countOf(sign) > countOf(best) ? sign : best))
}

/** So that everything else of the process has its turns in between. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE)
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '')

/** In any spelling: full_name, fullName, "Full name". */
function namesIn(header: readonly string[], problems: ImportProblem[]): string[] {
  const names = header.map((cell) => IMPORT_FIELDS.find((field) => plain(field) === plain(cell)))
  for (const [at, cell] of header.entries()) {
    if (names[at] === undefined)
      problems.push({
        line: 1,
        field: cell.slice(0, 100),
        message: `is no column; there are ${IMPORT_FIELDS.join(', ')}`,
      })
    else if (names.indexOf(names[at]) < at)
      problems.push({ line: 1, field: cell, message: 'stands there before' })
  }
  return names.map((name) => name ?? '')
}

const YES = ['true', 'yes', '1', 'có']
const NO = ['false', 'no', '0', 'không']

/** An empty cell leaves what is there. */
function valuesIn(names: readonly (string | undefined)[], cells: readonly string[]): Record<string, unknown> {
  const given = names
    .map((name = '', at) => [name, cells[at] ?? ''] as const)
    .filter(([, cell]) => cell !== '')
  return Object.fromEntries(
    given.map(([name, cell]) => {
      const word = cell.toLowerCase()
      if (name === 'isActive') return [name, YES.includes(word) || (NO.includes(word) ? false : cell)]
      if (name === 'role' || name === 'userSegment' || name === 'positionLevel')
        return [name, cell.toUpperCase()]
      return [name, name === 'locale' ? word : cell]
    }),
  )
}
