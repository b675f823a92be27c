// What a backup is: a folder with a table each in tables/, the files of people in files/, manifest.json, which says what is there, and
// SHA256SUMS with the digest of each, which sha256sum -c understands as well. It is written last: without it a backup is not whole.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { compileSchema, instantGiven, shape, Type, type Static } from '../../shared/kit/declare/schema.ts'

const MANIFEST = 'manifest.json'
const SUMS = 'SHA256SUMS'
/** Kept where `npm start` made it: what second factors are sealed with. */
export const SECRET = 'secret'

const text = (description: string) => Type.String({ description })
const count = Type.Integer({ minimum: 0, description: 'How many.' })

const Manifest = shape({
  format: Type.Literal(1),
  version: text('Of the Bellhop that wrote it.'),
  createdAt: instantGiven('The instant of all that is in it.'),
  migrations: Type.Array(text('Applied, in order.')),
  tables: Type.Array(shape({ name: text('Table.'), columns: Type.Array(text('Column.')), rows: count })),
  sequences: Type.Array(
    shape({
      name: text('Sequence.'),
      last: count,
      isCalled: Type.Boolean({ description: 'Whether last was given out.' }),
    }),
  ),
  heads: Type.Array(
    shape({
      orgId: text('Organisation.'),
      slug: text('Its short name.'),
      n: count,
      hash: text('Where its audit ends.'),
    }),
  ),
  files: Type.Array(shape({ key: text('In the storage.'), size: count, sha256: text('Of its bytes.') })),
})
export type Manifest = Static<typeof Manifest>
const checkManifest = compileSchema(Manifest)

export const tableFile = (table: string): string => `tables/${table}.copy.gz`
export const fileFile = (key: string): string => `files/${key}`

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The last step of a backup. What cannot be read again is not written. */
export async function sealBackup(dir: string, manifest: Manifest): Promise<void> {
  await writeFile(
    path.join(dir, MANIFEST),
    `${JSON.stringify(checkManifest(manifest, MANIFEST), null, 2)}\n`,
    { mode: 0o600 },
  )
  const sums: string[] = []
  for (const name of await listFiles(dir)) sums.push(`${await sha256OfFile(path.join(dir, name))}  ${name}`)
  await writeFile(path.join(dir, SUMS), `${sums.join('\n')}\n`, { mode: 0o600 })
}

/** @param tell how much was looked at, from 0 to 1. @returns what is wrong with it, a sentence each */
export async function checkSums(dir: string, tell: (part: number) => void): Promise<string[]> {
  const sums = await readFile(path.join(dir, SUMS), 'utf8').catch(() => undefined)
  if (sums === undefined) return [`${dir} is no whole backup: it has no ${SUMS}, which is written last.`]
  const lines = sums.split('\n').filter(Boolean)
  const named = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
  const there = new Set(await listFiles(dir))
  const problems = [
    ...[...named.keys()].filter((name) => !there.has(name)).map((name) => `${name} is missing.`),
    ...[...there].filter((name) => !named.has(name)).map((name) => `${name} is not of this backup.`),
  ]
  let done = 0
  for (const [name, sum] of named) {
    if (there.has(name) && (await sha256OfFile(path.join(dir, name))) !== sum)
      problems.push(`${name} is not what was written: its SHA-256 is another.`)
    tell(++done / named.size)
  }
  return problems
}

/** Once its sum was checked. @throws AppError 400 for one of another form */
export async function readManifest(dir: string): Promise<Manifest> {
  return checkManifest(JSON.parse(await readFile(path.join(dir, MANIFEST), 'utf8')), MANIFEST)
}

/** All but the sums, by their paths in the folder. */
async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((name) => name !== SUMS)
    .toSorted()
}
