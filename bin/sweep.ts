// Removes what test runs that were killed left: servers that still run, and their folders.

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { endPostgresIn } from './embedded/postgres.ts'
import { commandOf } from './embedded/processes.ts'
import { endRedisIn } from './embedded/redis.ts'

/** @param tests as `realpath` spells it; each folder in it bears the process number of its run */
export async function sweep(tests: string): Promise<void> {
  for (const name of await readdir(tests)) {
    const pid = Number(name)
    const lives = pid !== process.pid && (await commandOf(pid)).includes('bin/test.ts')
    if (!lives) await removeRun(path.join(tests, name))
  }
}

async function removeRun(folder: string): Promise<void> {
  const silently = () => {}
  await endPostgresIn(path.join(folder, 'postgres'), silently)
  const nodes = await readdir(path.join(folder, 'cluster')).catch(() => [])
  for (const dir of ['redis', ...nodes.map((node) => path.join('cluster', node))])
    await endRedisIn(path.join(folder, dir), silently)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
