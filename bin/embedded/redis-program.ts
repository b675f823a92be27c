// A Redis server program: the machine's own, or Debian's package unpacked into a folder, which needs no root.
// No npm package brings one that runs everywhere; where there is neither, the error says what to do.

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { plainEnvironment, runToEnd, type Say } from './processes.ts'

/** Enough to start a server: `spawn(command, args, { argv0, env })`. */
export interface RedisProgram {
  command: string
  /** Debian's file is both server and rdb checker, and goes by the name that it was called. */
  argv0: string
  env: Record<string, string>
}

/** What the server links to and Debian's redis-tools does not name. */
const LUA = ['liblua5.1-0', 'lua-cjson', 'lua-bitop']

/** @param cache where an unpacked package is kept for the next time */
export async function findRedis(cache: string, log: Say): Promise<RedisProgram> {
  for (const name of ['redis-server', 'valkey-server']) {
    const installed = { command: name, argv0: name, env: plainEnvironment() }
    if (await runs(installed)) return installed
  }
  const folder = path.resolve(cache, 'debian')
  const kept = await programIn(folder)
  if (kept) return kept
  const why = await unpack(folder, log).catch((error: unknown) => String(error))
  const fresh = await programIn(folder)
  if (fresh) return fresh
  throw new Error(
    'There is no Redis here that Bellhop could start. Install one (`apt install redis-server`, `brew install redis`; ' +
      `6.2 or newer, or Valkey), or set REDIS_URL to one that runs elsewhere.\n${why ?? ''}`.trim(),
  )
}

/** Redis before 6.2 lacks what the queues and the event log call. */
async function runs({ command, argv0, env }: RedisProgram): Promise<boolean> {
  const { code, stdout } = await runToEnd(command, ['--version'], { argv0, env })
  const [, major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number)
  return code === 0 && (major > 6 || (major === 6 && minor >= 2))
}

async function programIn(folder: string): Promise<RedisProgram | undefined> {
  const command = path.join(folder, 'usr/bin/redis-check-rdb')
  if (!existsSync(command)) return undefined
  const libraries: string[] = []
  for (const place of ['usr/lib', 'lib']) {
    const names = await readdir(path.join(folder, place)).catch(() => [])
    libraries.push(
      ...names.filter((name) => name.includes('linux-gnu')).map((name) => path.join(folder, place, name)),
    )
  }
  const program = {
    command,
    argv0: 'redis-server',
    env: { ...plainEnvironment(), LD_LIBRARY_PATH: libraries.join(':') },
  }
  return (await runs(program)) ? program : undefined
}

/** Prepared beside its place and then moved there: several runs may do this at once. Answers why it failed, if it did. */
async function unpack(folder: string, log: Say): Promise<string | undefined> {
  if (process.platform !== 'linux' || (await runToEnd('dpkg', ['--version'])).code !== 0) return undefined
  log("There is no redis-server here; fetching Debian's into the data folder.")
  await mkdir(path.dirname(folder), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    const problem = (await download(work, [])) && (await downloadWithOwnLists(work))
    if (problem) return problem
    for (const name of await readdir(work)) {
      if (name.endsWith('.deb'))
        await runToEnd('dpkg', ['-x', path.join(work, name), path.join(work, 'root')])
    }
    await rm(folder, { recursive: true, force: true })
    // Lost against another run: then its copy is there.
    await rename(path.join(work, 'root'), folder).catch(() => {})
    return undefined
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function download(work: string, options: readonly string[]): Promise<string | undefined> {
  const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (kind) => `--no-${kind}`,
  )
  const listed = await runToEnd('apt-cache', [...options, 'depends', ...kinds, 'redis-tools'])
  const named = [...listed.stdout.matchAll(/^ +(?:Pre)?Depends: ([a-z0-9][^\s<>]*)$/gm)].map(
    (found) => found[1] ?? '',
  )
  if (named.length === 0) return 'apt knows no package redis-tools.'
  const missing: string[] = []
  for (const name of new Set([...named, ...LUA])) {
    const installed = await runToEnd('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name])
    if (!installed.stdout.startsWith('ii')) missing.push(name)
  }
  // What a server needs at run time are libraries; adduser and its like are for installing one.
  const needed = missing.filter((name) => /^(lib|lua)/.test(name))
  const got = await runToEnd('apt-get', [...options, '-q', 'download', 'redis-tools', ...needed], {
    cwd: work,
  })
  return got.code === 0 ? undefined : got.stderr.trim()
}

/** For machines whose package lists are empty or old, as those of containers are. */
async function downloadWithOwnLists(work: string): Promise<string | undefined> {
  await mkdir(path.join(work, 'state/lists/partial'), { recursive: true })
  await mkdir(path.join(work, 'cache/archives/partial'), { recursive: true })
  const options = [
    `Dir::State=${work}/state`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${work}/cache`,
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
    'Acquire::Retries=1',
  ].flatMap((option) => ['-o', option])
  const updated = await runToEnd('apt-get', [...options, '-q', 'update'])
  return (await download(work, options)) && updated.stderr.trim().concat('\napt could not fetch redis-tools.')
}
