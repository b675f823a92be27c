// A backup, into an empty database and the storage of files. What is wrong with it is found before anything is written.

import { copyFile, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { verifyChain } from '../../shared/audit/verify.ts'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { readEnvironment, type Config } from '../../shared/kit/process/config.ts'
import { DATABASE_LIMITS, openAsOwner, openDatabase } from '../../shared/kit/store/db.ts'
import { DAY, HOUR, MINUTE } from '../../shared/kit/time/time.ts'
import { checkFiles, putFiles } from '../backup/files.ts'
import { checkSums, readManifest, SECRET, type Manifest } from '../backup/manifest.ts'
import { copyIn, countRows, isInUse, withOwner } from '../backup/tables.ts'
import { SECRET_FILE } from '../embedded/secret.ts'
import { migrateDatabase } from '../migrate.ts'
import { UsageError, type Command, type Outcome, type Tools } from './command.ts'
import { folderOfCaller, ownerOf } from './folder.ts'

export const restore: Command = {
  most: 1,
  options: {
    verify: { about: 'prove the audit as it is kept in the backup, and read each file again' },
    'dry-run': { about: 'only look whether the backup is whole, and how old it is' },
  },
  async run({ operands: [word], has }, tools) {
    if (!word) throw new UsageError('Say from which folder.')
    const dir = path.resolve(folderOfCaller(), word)
    const flaws = await checkSums(dir, tools.progress)
    if (flaws.length > 0)
      return { lines: [...flaws, 'Nothing was restored.'], data: { dir, problems: flaws }, isBad: true }
    const manifest = await readManifest(dir)
    if (has('dry-run')) return { lines: describe(manifest), data: { dir, ...countsOf(manifest) } }
    const config = await tools.config('empty')
    const problems = await bringIn(config, dir, manifest, tools)
    if (has('verify'))
      problems.push(...(await proveAudit(config, manifest)), ...(await checkFiles(config, manifest.files)))
    const { applied } = await migrateDatabase(config)
    return outcomeOf(dir, manifest, problems, applied, has('verify'))
  },
}

/** @returns what is wrong, a sentence each. @throws Error before anything is written where it may not be */
async function bringIn(config: Config, dir: string, manifest: Manifest, tools: Tools): Promise<string[]> {
  return withOwner(config, async (client) => {
    if (await isInUse(client))
      throw new Error('There are organisations in this database: a backup is restored into an empty one.')
    await migrateTo(config, manifest.migrations)
    await putFiles(config, dir, manifest.files, tools.progress)
    await copyIn(client, dir, manifest, tools.progress)
    await bringSecret(config, dir)
    return countRows(client, manifest)
  })
}

/** Up to where the backup was; the rest follows when its rows are there. @throws Error where this release cannot */
async function migrateTo(config: Config, names: readonly string[]): Promise<void> {
  const owner = openAsOwner(config.DATABASE_OWNER_URL ?? config.DATABASE_URL)
  try {
    const [done, pending]: [{ name: string }[], string[]] = await owner.migrate.list()
    const applied = done.map(({ name }) => name)
    const known = new Set([...applied, ...pending])
    const unknown = names.filter((name) => !known.has(name))
    if (unknown.length > 0)
      throw new Error(
        `The backup is of a newer Bellhop, which has ${unknown.join(', ')}: install that release, or a newer one, and restore with it.`,
      )
    const further = applied.filter((name) => !names.includes(name))
    if (further.length > 0)
      throw new Error(
        `This database is empty, but has ${further.join(', ')}, which the backup does not: make a new database for it.`,
      )
    for (const name of names.filter((each) => !applied.includes(each))) await owner.migrate.up({ name })
  } finally {
    await owner.destroy()
  }
}

/** Where nobody has chosen another. */
async function bringSecret({ DATA_DIR }: Config, dir: string): Promise<void> {
  const [from, to] = [path.join(dir, SECRET), path.join(DATA_DIR, SECRET_FILE)]
  const isThere = (file: string): Promise<boolean> =>
    stat(file).then(
      () => true,
      () => false,
    )
  if (readEnvironment()['JWT_SECRET']?.trim() || (await isThere(to)) || !(await isThere(from))) return
  const handOver = await ownerOf(to)
  await mkdir(DATA_DIR, { recursive: true, mode: 0o700 })
  await copyFile(from, to)
  await handOver()
}

/** @returns what is wrong, a sentence each */
async function proveAudit(config: Config, { heads }: Manifest): Promise<string[]> {
  const db = openDatabase(config, DATABASE_LIMITS.long)
  try {
    const problems: string[] = []
    for (const { orgId, slug, n, hash } of heads) {
      const { flaw } = await verifyChain(db, orgId, { n, hash })
      if (flaw) problems.push(`The audit of ${slug} is broken at n ${flaw.n ?? '?'}: ${flaw.what}.`)
    }
    return problems
  } finally {
    await db.destroy()
  }
}

function outcomeOf(
  dir: string,
  manifest: Manifest,
  problems: readonly string[],
  applied: number,
  isProven: boolean,
): Outcome {
  const proof = isProven
    ? `The audit of ${manifest.heads.map(({ slug }) => slug).join(', ') || 'nobody'} is as it was sealed, and each file is what it was.`
    : 'The audit was not proven: npx bellhop audit verify does, with the heads that you kept.'
  return {
    lines: [
      ...describe(manifest),
      ...problems,
      ...(problems.length > 0 ? [] : ['All rows are there.', proof]),
      ...(applied > 0 ? [`${applied} migrations brought it up to this release.`] : []),
      'Start with an empty Redis: jobs that wait are in the database, and ring.',
    ],
    data: { dir, ...countsOf(manifest), applied, problems },
    isBad: problems.length > 0,
  }
}

function describe(manifest: Manifest): string[] {
  const { createdAt, version } = manifest
  const { rows, files, age } = countsOf(manifest)
  return [`The backup is of ${createdAt}, ${age} old, of Bellhop ${version}: ${rows} rows, ${files} files.`]
}

function countsOf({ createdAt, tables, files }: Manifest) {
  return {
    createdAt,
    age: ageSince(new Date(createdAt), systemClock.now()),
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    files: files.length,
  }
}

function ageSince(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime()
  const [days, hours, minutes] = [
    Math.floor(ms / DAY),
    Math.floor((ms % DAY) / HOUR),
    Math.floor((ms % HOUR) / MINUTE),
  ]
  return [days > 0 && `${days} d`, hours > 0 && `${hours} h`, `${minutes} min`].filter(Boolean).join(' ')
}
