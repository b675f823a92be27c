// An upload on its way: a file under a name of its own, until it is whole. Its name begins with the instant at which it
// was begun, so that what a killed process left can be told from what is under way.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hasCode, storageErrorOf } from './failure.ts'
import type { StoredObject } from './storage.ts'

export interface Spooled extends StoredObject {
  file: string
}

/** Writes all of `source` through to the disk. @throws whatever `source` threw; nothing stays then */
export async function spoolToDisk(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  now: Date,
): Promise<Spooled> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(rethrow)
  const file = path.join(folder, `${now.getTime()}-${randomUUID()}`)
  const kept = { size: 0, hash: createHash('sha256') }
  const handle = await open(file, 'wx', 0o600).catch(rethrow)
  try {
    await writeFile(handle, measured(source, kept))
    await handle.sync()
    await handle.close()
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(file, { force: true })
    throw storageErrorOf(error)
  }
  return { file, size: kept.size, sha256: kept.hash.digest('hex') }
}

async function* measured(
  source: AsyncIterable<Uint8Array>,
  kept: { size: number; hash: ReturnType<typeof createHash> },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    kept.size += chunk.length
    kept.hash.update(chunk)
    yield chunk
  }
}

function rethrow(error: unknown): never {
  throw storageErrorOf(error)
}

export async function discardSpooled(folder: string, before: Date): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  const old = names.filter((name) => Number(name.split('-')[0]) < before.getTime())
  for (const name of old) await rm(path.join(folder, name), { force: true })
}
