// One `npm start`, or one command that starts its servers, at a time on one DATA_DIR. A lock whose process is gone is taken over.

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { commandOf } from './embedded/processes.ts'

const RUNNERS = ['bin/start.ts', 'bin/bellhop.ts']

/** @returns gives the lock back · @throws when another one runs */
export async function takeLock(dir: string): Promise<() => void> {
  const [lock, draft] = [path.join(dir, 'lock'), path.join(dir, `lock.${process.pid}`)]
  writeFileSync(draft, String(process.pid), { mode: 0o600 })
  try {
    // A link appears whole or not at all, and never replaces one that is there.
    while (!claim(draft, lock)) {
      const holder = Number(readFileSync(lock, 'utf8'))
      if (await isRunning(holder)) {
        throw new Error(
          `Bellhop already runs on ${dir} (process ${holder}): stop it first, or set another DATA_DIR.`,
        )
      }
      rmSync(lock, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => rmSync(lock, { force: true })
}

function claim(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Whether somebody runs the servers of this folder. */
export async function isLocked(dir: string): Promise<boolean> {
  const holder = Number(await readFile(path.join(dir, 'lock'), 'utf8').catch(() => ''))
  return holder > 0 && isRunning(holder)
}

/** Process numbers come again, in a container after every restart: only another runner counts. */
async function isRunning(pid: number): Promise<boolean> {
  if (pid === process.pid) return false
  const command = await commandOf(pid)
  return RUNNERS.some((each) => command.includes(each))
}
