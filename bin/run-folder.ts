// Where a run of the tests keeps its servers and files: in memory if there is plenty, for a database a world takes a second
// on a slow disk and a twentieth of that here.

import { lstatSync, mkdirSync, realpathSync, statfsSync, symlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { sweep } from './sweep.ts'

const IN_MEMORY = '/dev/shm'
/** Bytes that must be free, in it and of the memory: a whole run was seen to take a fifth of it. */
const PLENTY = 4 * 1024 ** 3
/** What tsx translated, which it keeps in the folder for what is temporary: the next run begins with it. */
const TRANSLATED = path.resolve(import.meta.dirname, '../node_modules/.cache/tsx')

/**
 * Makes the folder, and removes what killed runs left.
 * @param data DATA_DIR, for machines without such a file system
 * @returns its path as `realpath` spells it
 */
export async function openRunFolder(data: string): Promise<string> {
  const homes = [path.join(IN_MEMORY, `bellhop-tests-${process.getuid?.()}`), path.join(data, 'tests')]
  const [home = ''] = isPlenty() && mayUse(homes[0] ?? '') ? homes : homes.slice(1)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const folder = path.join(realpathSync(home), String(process.pid))
  await sweep(path.dirname(folder))
  const temporary = path.join(folder, 'tmp')
  for (const made of [temporary, TRANSLATED]) mkdirSync(made, { recursive: true, mode: 0o700 })
  symlinkSync(TRANSLATED, path.join(temporary, `tsx-${userInfo().uid}`))
  return folder
}

function isPlenty(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return Math.min(bavail * bsize, process.availableMemory()) >= PLENTY
  } catch {
    return false
  }
}

/** Anybody may write beside it: what bears its name must be ours. */
function mayUse(home: string): boolean {
  try {
    mkdirSync(home, { mode: 0o700 })
  } catch {
    const found = lstatSync(home, { throwIfNoEntry: false })
    return found !== undefined && found.isDirectory() && found.uid === process.getuid?.()
  }
  return true
}
