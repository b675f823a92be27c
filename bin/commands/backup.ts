// All that Bellhop keeps, into a folder.

import { copyFile, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { readEnvironment, type Config } from '../../shared/kit/process/config.ts'
import { VERSION } from '../../shared/kit/process/version.ts'
import { fetchFiles } from '../backup/files.ts'
import { SECRET, sealBackup, type Manifest } from '../backup/manifest.ts'
import { copyOut, withOwner } from '../backup/tables.ts'
import { SECRET_FILE } from '../embedded/secret.ts'
import { UsageError, type Command, type Outcome } from './command.ts'
import { folderOfCaller } from './folder.ts'

export const backup: Command = {
  most: 1,
  options: {},
  async run({ operands: [word] }, tools) {
    if (!word) throw new UsageError('Say into which folder: one that is new, or empty.')
    const dir = path.resolve(folderOfCaller(), word)
    await mkdir(dir, { recursive: true, mode: 0o700 })
    if ((await readdir(dir)).length > 0) throw new UsageError(`${dir} is not empty: each backup has its own.`)
    const config = await tools.config('database')
    return withOwner(config, async (client) => {
      const { files, ...database } = await copyOut(client, dir, tools.progress)
      const { kept, problems } = await fetchFiles(config, client, dir, files, tools.progress)
      const manifest: Manifest = { format: 1, version: VERSION, ...database, files: kept }
      const hasSecret = await keepSecretOf(config, dir)
      await sealBackup(dir, manifest)
      return outcomeOf(dir, manifest, hasSecret, problems)
    })
  },
}

/** The one that `npm start` made lies beside its database, and goes with it. @returns whether there is one */
async function keepSecretOf({ DATA_DIR }: Config, dir: string): Promise<boolean> {
  if (readEnvironment()['JWT_SECRET']?.trim()) return false
  return copyFile(path.join(DATA_DIR, SECRET_FILE), path.join(dir, SECRET)).then(
    () => true,
    () => false,
  )
}

function outcomeOf(
  dir: string,
  { createdAt, tables, files, heads }: Manifest,
  hasSecret: boolean,
  problems: readonly string[],
): Outcome {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return {
    lines: [
      ...problems,
      `${rows} rows of ${tables.length} tables and ${files.length} files are in ${dir}, as of ${createdAt}.`,
      ...heads.map(({ slug, n, hash }) => `The audit of ${slug} ends at ${n}:${hash}.`),
      hasSecret
        ? 'The secret of DATA_DIR is in it: keep the folder as you keep a secret.'
        : 'JWT_SECRET is not in it: keep it elsewhere, for second factors are sealed with it.',
    ],
    data: { dir, createdAt, rows, files: files.length, heads, problems },
    isBad: problems.length > 0,
  }
}
