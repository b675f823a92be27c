// What people uploaded, and exports that are done: out of the storage into the backup, and back.

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { systemClock } from '../../shared/kit/process/clock.ts'
import type { Config } from '../../shared/kit/process/config.ts'
import { folderOfFiles, openStorage } from '../../shared/files/storage/open.ts'
import { ownerOf } from '../commands/folder.ts'
import { fileFile, sha256OfFile, type Manifest } from './manifest.ts'

type Files = Manifest['files']
type Tell = (part: number) => void

const FILES = `select storage_key as key, size, sha256 from files where removed_at is null
  union all select storage_key, size, sha256 from exports where status = 'DONE' and sha256 is not null`

/** Whose rows are there, in this snapshot. */
export async function listFilesKept(client: pg.Client): Promise<Files> {
  const { rows } = await client.query(`${FILES} order by key`)
  return rows.map(({ key, size, sha256 }) => ({ key, size: Number(size), sha256 }))
}

/** What was removed since the snapshot is nobody's loss. */
async function isStillThere(client: pg.Client, key: string): Promise<boolean> {
  return (await client.query(`select from (${FILES}) f where key = $1`, [key])).rows.length > 0
}

/** @returns those that the backup holds, and of the others a sentence each */
export async function fetchFiles(
  config: Config,
  client: pg.Client,
  dir: string,
  files: Files,
  tell: Tell,
): Promise<{ kept: Files; problems: string[] }> {
  const storage = openStorage(config)
  const [kept, problems]: [Files, string[]] = [[], []]
  for (const [at, file] of files.entries()) {
    const target = path.join(dir, fileFile(file.key))
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
    try {
      await pipeline(await storage.get(file.key), createWriteStream(target, { mode: 0o600 }))
      kept.push({ ...file, sha256: await sha256OfFile(target) })
      if (kept.at(-1)?.sha256 !== file.sha256)
        problems.push(`The file ${file.key} is not what was uploaded: its SHA-256 is another.`)
    } catch (error) {
      if (await isStillThere(client, file.key))
        problems.push(
          `The file ${file.key} cannot be read: ${error instanceof Error ? error.message : error}.`,
        )
    }
    tell((at + 1) / files.length)
  }
  return { kept, problems }
}

/** Twice is once. */
export async function putFiles(config: Config, dir: string, files: Files, tell: Tell): Promise<void> {
  const handOver = await ownerOf(folderOfFiles(config))
  const storage = openStorage(config)
  for (const [at, { key }] of files.entries()) {
    await storage.put(key, createReadStream(path.join(dir, fileFile(key))), systemClock.now())
    tell((at + 1) / files.length)
  }
  if (files.length > 0) await handOver()
}

/** As the storage gives them back. @returns what is wrong, a sentence each */
export async function checkFiles(config: Config, files: Files): Promise<string[]> {
  const storage = openStorage(config)
  const problems: string[] = []
  for (const { key, sha256 } of files) {
    const hash = createHash('sha256')
    await pipeline(await storage.get(key), hash)
    if (hash.digest('hex') !== sha256) problems.push(`The file ${key} is not what was put there.`)
  }
  return problems
}
