// Folders that commands are told of.

import { existsSync } from 'node:fs'
import { lchown, lstat, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { rawEnvironment } from '../../shared/kit/process/config.ts'

/** Where a command was called: npm runs us in the project's folder, and says so. */
export function folderOfCaller(): string {
  return rawEnvironment()['INIT_CWD'] ?? process.cwd()
}

/** The folder itself or, where nobody made it yet, the one in which it would be. */
export function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(path.dirname(folder))
}

/**
 * What root writes into the folder of somebody else is to be theirs, whose processes read it and write beside it.
 * @param place which is about to be written, with what is missing above it
 * @returns gives it to them
 */
export async function ownerOf(place: string): Promise<() => Promise<void>> {
  const nearest = nearestFolder(place)
  const { uid, gid } = await stat(nearest)
  const [first = ''] = path.relative(nearest, place).split(path.sep)
  return async () => {
    if (process.getuid?.() === 0 && uid !== 0) await giveTo(uid, gid, path.join(nearest, first))
  }
}

async function giveTo(uid: number, gid: number, place: string): Promise<void> {
  const inside = (await lstat(place)).isDirectory() ? await readdir(place, { recursive: true }) : []
  for (const each of [place, ...inside.map((name) => path.join(place, name))]) await lchown(each, uid, gid)
}
