// Whether the audit still says what was sealed (docs/AUDIT.md): in the database, or in a file that was taken out of it.

import { createReadStream, statSync } from 'node:fs'
import path from 'node:path'
import { verifyChain, type ChainFlaw, type ChainVerdict } from '../../shared/audit/verify.ts'
import { verifyFile } from '../../shared/exports/verify.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import { UsageError, type Command, type Outcome } from './command.ts'
import { folderOfCaller } from './folder.ts'

export const auditVerify: Command = {
  most: 2,
  options: {},
  async run({ operands: [word, known] }, tools) {
    const file = word === undefined ? undefined : path.resolve(folderOfCaller(), word)
    // An organisation may be called like a folder that lies here.
    return file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()
      ? verifyExport(file)
      : verifyDatabase(await tools.database(), word, known === undefined ? undefined : headOf(known))
  },
}

async function verifyDatabase(db: Db, slug?: string, known?: { n: number; hash: string }): Promise<Outcome> {
  const organisations: { id: string; slug: string }[] = await db('organisations')
    .where(slug === undefined ? {} : { slug })
    .orderBy('slug')
    .select('id', 'slug')
  if (slug !== undefined && organisations.length === 0)
    throw new UsageError(`There is no organisation ${slug}, nor a file of that name.`)
  const chains = []
  for (const organisation of organisations)
    chains.push({ slug: organisation.slug, ...(await verifyChain(db, organisation.id, known)) })
  return {
    lines: chains.map((each) => `${each.slug}: ${sentenceOf(each)}`),
    data: { chains },
    isBad: chains.some(({ flaw }) => flaw),
  }
}

async function verifyExport(file: string): Promise<Outcome> {
  const verdict = await verifyFile(() => createReadStream(file, 'utf8'))
  const { flaw, rows, waiting, isExcerpt } = verdict
  const sound =
    `${file}: ${rows - waiting} rows are as they were sealed` +
    `${waiting > 0 ? `; ${waiting} had no seal yet` : ''}.` +
    `${isExcerpt ? ' It is an excerpt: rows that lie between them are not in it.' : ''}`
  return {
    lines: [
      flaw ? `${file}: broken at ${placeOf(flaw)}: ${flaw.what}. ${rows} rows before it are sound.` : sound,
    ],
    data: { file, ...verdict },
    isBad: flaw !== undefined,
  }
}

function headOf(text: string): { n: number; hash: string } {
  const [, n, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (!n || !hash) throw new UsageError('A head is written as 4711:3f2a…, its number and its 64 digits.')
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
