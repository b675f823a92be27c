// The release that the newest migration finds running: the commit before it, checked out beside this clone.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

export interface Release {
  root: string
  remove(): Promise<void>
}

/** PREVIOUS_RELEASE names another commit. @returns undefined in a clone without that history */
export async function previousRelease(): Promise<Release | undefined> {
  const revision = process.env['PREVIOUS_RELEASE'] ?? (await beforeNewestMigration().catch(() => undefined))
  if (!revision) return undefined
  const root = path.join(await mkdtemp(path.join(tmpdir(), 'bellhop-test-')), 'release')
  await git('worktree', 'add', '--detach', root, revision)
  await symlink(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'))
  return {
    root,
    async remove() {
      await git('worktree', 'remove', '--force', root)
      await rm(path.dirname(root), { recursive: true, force: true })
    },
  }
}

async function beforeNewestMigration(): Promise<string> {
  const added = await git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'shared/migrations/*.ts')
  return git('rev-parse', '--verify', `${added}^`)
}

async function git(...words: string[]): Promise<string> {
  return (await run('git', words, { cwd: ROOT })).stdout.trim()
}
