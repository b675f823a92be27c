// Whether an exported file still says what was sealed. Needs the file and nothing else.

import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { compileSchema, shape, Type } from '../kit/declare/schema.ts'
import type { KeptRow } from '../audit/schema.ts'
import { openChainCheck, type ChainFlaw } from '../audit/verify.ts'
import type { COLUMNS } from './formats/columns.ts'
import { readCsv } from './formats/csv.ts'

export interface FileVerdict {
  flaw: ChainFlaw | undefined
  /** Rows that were looked at. */
  rows: number
  /** Rows that had no seal yet: nothing can be said of them. */
  waiting: number
  /** Rows between those of the file are not in it, as when it was filtered: only those that follow each other prove each other. */
  isExcerpt: boolean
}

/** @param open the file from its beginning, as text; json or csv, by how it begins */
export async function verifyFile(open: () => AsyncIterable<string>): Promise<FileVerdict> {
  const check = openChainCheck()
  let [rows, waiting] = [0, 0]
  for await (const row of rowsIn(open, await beginsLikeJson(open()))) {
    const { n, commitment, previousHash, hash } = row
    const isSealed = n !== null && commitment !== null && previousHash !== null && hash !== null
    if (!isSealed) waiting++
    const flaw = isSealed ? check.see(row, { n, commitment, previousHash, hash }) : undefined
    if (flaw) return { flaw, rows, waiting, isExcerpt: false }
    rows++
  }
  return { rows, waiting, ...check.end() }
}

async function beginsLikeJson(chunks: AsyncIterable<string>): Promise<boolean> {
  for await (const chunk of chunks) return chunk.startsWith('[')
  return false
}

function rowsIn(open: () => AsyncIterable<string>, isJson: boolean): AsyncGenerator<KeptRow> {
  return isJson ? rowsOfJson(open()) : rowsOfCsv(open())
}

async function* rowsOfJson(chunks: AsyncIterable<string>): AsyncGenerator<KeptRow> {
  for await (const line of createInterface({ input: Readable.from(chunks) })) {
    const text = line.replace(/,$/, '')
    if (text.startsWith('{')) yield readRow(JSON.parse(text))
  }
}

const NUMBERS: readonly string[] = ['n', 'id', 'erasedBy']
/** These are words where nothing stands; all others are null. */
const WORDS: readonly string[] = ['description', 'sealedDescription', 'requestId']

async function* rowsOfCsv(chunks: AsyncIterable<string>): AsyncGenerator<KeptRow> {
  let names: string[] | undefined
  for await (const cells of readCsv(chunks)) {
    if (names)
      yield readRow(Object.fromEntries(names.map((name, at) => [name, valueOf(name, cells[at] ?? '')])))
    else names = cells
  }
}

function valueOf(name: string, text: string): unknown {
  if (text === '' && !WORDS.includes(name)) return null
  if (NUMBERS.includes(name)) return Number(text)
  return name === 'metadata' ? JSON.parse(text) : text
}

const text = Type.Union([Type.String(), Type.Null()])
const number = Type.Union([Type.Integer(), Type.Null()])
const FileRow = shape({
  n: number,
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  actor: text,
  actorId: text,
  onBehalfOf: text,
  action: Type.String(),
  entity: Type.String(),
  entityId: text,
  description: Type.String(),
  sealedDescription: Type.Optional(Type.String()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  requestId: Type.String(),
  ip: text,
  orgId: Type.String(),
  salt: text,
  erasedBy: number,
  commitment: text,
  previousHash: text,
  hash: text,
} satisfies Record<(typeof COLUMNS)[number], unknown>)
const check = compileSchema(FileRow)

/** @throws AppError 400 naming what a row of an export does not have */
function readRow(value: unknown): KeptRow {
  const { actor: _, at, description, sealedDescription, ...row } = check(value, 'row')
  // A file of an earlier release shows what was sealed.
  return { ...row, at: new Date(at), description: sealedDescription ?? description }
}
