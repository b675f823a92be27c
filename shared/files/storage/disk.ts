// Files in a folder. One is written under another name, flushed, and renamed: under its key it is whole or not there.

import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../../kit/declare/errors.ts'
import { hasCode, storageErrorOf } from './failure.ts'
import { discardSpooled, spoolToDisk } from './spool.ts'
import type { Storage } from './storage.ts'

export function openDisk(folder: string): Storage {
  const incoming = path.join(folder, 'incoming')

  return {
    async put(key, source, now) {
      const { file, ...kept } = await spoolToDisk(incoming, source, now)
      try {
        await settle(file, pathOf(folder, key))
      } catch (error) {
        await rm(file, { force: true })
        throw storageErrorOf(error)
      }
      return kept
    },
    async get(key, range) {
      try {
        const handle = await open(pathOf(folder, key), 'r')
        return handle.createReadStream(range)
      } catch (error) {
        if (hasCode(error, 'ENOENT')) throw notFound('File')
        throw storageErrorOf(error)
      }
    },
    remove: (key) => rm(pathOf(folder, key), { force: true }),
    forgetUnfinished: (before) => discardSpooled(incoming, before),
  }
}

/** A rename outlives a power failure once its folder was flushed. */
async function settle(from: string, to: string): Promise<void> {
  const parent = path.dirname(to)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await rename(from, to)
  const handle = await open(parent, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Keys are ours (rules.ts); one that leaves the folder is a fault, and is stopped here whatever made it. */
function pathOf(folder: string, key: string): string {
  if (!/^[0-9a-f-]+(\/[0-9a-f-]+)*$/.test(key)) throw new Error(`No storage key: ${key}`)
  return path.join(folder, 'kept', key)
}
