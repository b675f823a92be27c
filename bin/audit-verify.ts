// `npm run audit:verify`: whether the audit in the database still says what was sealed. Ends with 1 when it does not.
// `npm run audit:verify -- demo 4711:3f2a…` looks at one organisation, and whether its chain still passes through that hash.
// `npm run audit:verify -- audit.csv` looks at an exported file, csv or json, and needs nothing else.

import { createReadStream, existsSync } from 'node:fs'
import { verifyChain, type ChainFlaw, type ChainVerdict } from '../shared/audit/verify.ts'
import { readConfig } from '../shared/kit/process/config.ts'
import { openDatabase } from '../shared/kit/store/db.ts'
import { verifyFile } from '../shared/exports/verify.ts'

const [word, known] = process.argv.slice(2)

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function verifyDatabase(): Promise<boolean> {
  const db = openDatabase(readConfig())
  try {
    const organisations: { id: string; slug: string }[] = await db('organisations')
      .where(word === undefined ? {} : { slug: word })
      .orderBy('slug')
      .select('id', 'slug')
    if (organisations.length === 0) throw new Error(`There is no organisation ${word}.`)
    let isSound = true
    for (const { id, slug } of organisations) {
      const verdict = await verifyChain(db, id, known === undefined ? undefined : headOf(known))
      say(`${slug}: ${sentenceOf(verdict)}`)
      if (verdict.flaw) isSound = false
    }
    return isSound
  } finally {
    await db.destroy()
  }
}

async function isSoundFile(file: string): Promise<boolean> {
  const { flaw, rows, waiting, isExcerpt } = await verifyFile(() => createReadStream(file, 'utf8'))
  if (flaw) say(`${file}: broken at ${placeOf(flaw)}: ${flaw.what}. ${rows} rows before it are sound.`)
  else
    say(
      `${file}: ${rows - waiting} rows are as they were sealed${
        waiting > 0 ? `; ${waiting} had no seal yet` : ''
      }.${isExcerpt ? ' It is an excerpt: rows that lie between them are not in it.' : ''}`,
    )
  return !flaw
}

function headOf(text: string): { n: number; hash: string } {
  const [, n, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (!n || !hash) throw new Error('A head is written as 4711:3f2a…, its number and its 64 digits.')
  return { n: Number(n), hash }
}

function sentenceOf({ flaw, rows, head, waiting }: ChainVerdict): string {
  if (flaw) return `the chain is broken at ${placeOf(flaw)}: ${flaw.what}. ${rows} rows before it are sound.`
  const place = head ? `; the head is ${head.n}:${head.hash}` : ''
  const rest = waiting > 0 ? `; ${waiting} wait for their seal` : ''
  return `${rows} rows are as they were sealed${place}${rest}.`
}

function placeOf({ n, id }: ChainFlaw): string {
  return [n !== null && `n ${n}`, id !== null && `row ${id}`].filter(Boolean).join(', ') || 'an unknown place'
}

try {
  process.exitCode = (await (word !== undefined && existsSync(word) ? isSoundFile(word) : verifyDatabase()))
    ? 0
    : 1
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
