// A PostgreSQL of our own in a folder: 127.0.0.1 only, no Unix socket, passwords that lie in the folder.
// Promise: what a killed run left running on the same folder is stopped first, and after stop() nothing runs.

import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, openSync, closeSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { DATABASE, mustLetIn, OWNER, prepareDatabase, SUPERUSER } from './postgres-accounts.ts'
import { findAccount, findPrograms, type Account, type Programs } from './postgres-program.ts'
import {
  endChild,
  endStranger,
  endWithUs,
  exitOf,
  hasExited,
  pause,
  plainEnvironment,
  runToEnd,
  type Say,
  type Steps,
} from './processes.ts'
import { keepSecret } from './secret.ts'

export interface EmbeddedServer {
  /** As the account of the application. */
  url: string
  /** The same server, as somebody who may do everything there. */
  administrator: string
  pid: number
  /** Settles when the server has ended, asked or not. */
  ended: Promise<void>
  stop(): Promise<void>
}

interface PostgresOptions {
  /** Created when missing; belongs to the account that PostgreSQL runs under. */
  dir: string
  port: number
  log: Say
  /** false: for tests, which lose everything anyway. */
  durable?: boolean
}

const START_DEADLINE = 120_000 // Recovery after a crash may replay gigabytes of log.
const LOG_LIMIT = 10_000_000
/** Fast shutdown, then without a checkpoint (recovers at the next start), then the end. */
const STEPS: Steps = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5000],
  ['SIGKILL', 5000],
]

const DURABLE = ['max_connections=200']
const FLEETING = [
  'max_connections=300',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=256MB',
]

/** The builtin provider sorts and folds alike everywhere; the libc locale is for the few functions that still ask it. */
const LOCALE = [
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--lc-collate=C',
  '--lc-messages=C',
]

/** @throws when PostgreSQL cannot run here or does not come up; the end of its log is in the message. */
export async function startPostgres({
  dir,
  port,
  log,
  durable = true,
}: PostgresOptions): Promise<EmbeddedServer> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const home = await realpath(dir)
  const data = path.join(home, 'data')
  const programs = await findPrograms()
  const account = await findAccount(programs, path.dirname(home))
  await endPostgresIn(home, log)
  await giveTo(account, home)
  if (!existsSync(data)) await createCluster(programs, account, home, durable)

  const password = (await readFile(path.join(home, 'password'), 'utf8')).trim()
  const address = new URL(`postgres://${SUPERUSER}:${password}@127.0.0.1:${port}`)
  const ownPassword = await keepSecret(path.join(home, 'owner'))
  const logFile = path.join(home, 'postgres.log')
  const child = await launch(programs, account, data, port, durable ? DURABLE : FLEETING, logFile)
  try {
    await untilReady(child, address, logFile)
    await prepareDatabase(address, ownPassword)
  } catch (error) {
    await endChild(child, STEPS)
    throw error
  }
  return {
    url: `postgres://${OWNER}:${ownPassword}@127.0.0.1:${port}/${DATABASE}`,
    administrator: `${address.href}/${DATABASE}`,
    pid: child.pid ?? 0,
    ended: exitOf(child),
    stop: () => endChild(child, STEPS),
  }
}

/**
 * Ends what a killed run left running. A postmaster.pid whose process is gone, or is another program by now, would keep
 * PostgreSQL from starting. @param home as `realpath` spells it
 */
export async function endPostgresIn(home: string, log: Say): Promise<void> {
  const data = path.join(home, 'data')
  const file = path.join(data, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  await endStranger(pid, `postgres -D ${data} `, STEPS)
  if (existsSync(file)) log('The last PostgreSQL on this folder did not end in order; it will recover.')
  await rm(file, { force: true })
}

async function giveTo({ owner }: Account, folder: string): Promise<void> {
  await chmod(folder, 0o700)
  if (owner && (await stat(folder)).uid !== owner.uid) await chown(folder, owner.uid, owner.gid)
}

/** Under another name until it is whole, so that a run that was cut short leaves no half database. */
async function createCluster(
  programs: Programs,
  account: Account,
  home: string,
  durable: boolean,
): Promise<void> {
  const [draft, secret] = [path.join(home, 'data.new'), path.join(home, 'password')]
  await rm(secret, { force: true })
  await writeFile(secret, randomBytes(24).toString('hex'), { mode: 0o600 })
  if (account.owner) await chown(secret, account.owner.uid, account.owner.gid)
  let last = ''
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    await rm(draft, { recursive: true, force: true })
    const args = [
      '-D',
      draft,
      '-U',
      SUPERUSER,
      '--auth=scram-sha-256',
      `--pwfile=${secret}`,
      ...LOCALE,
      `--lc-ctype=${ctype}`,
      ...(durable ? [] : ['--no-sync', '--set=scram_iterations=1']),
    ]
    const [command = '', ...rest] = [...account.before, programs.initdb, ...args]
    const made = await runToEnd(command, rest, { ...account.options, cwd: home })
    if (made.code === 0) return rename(draft, path.join(home, 'data'))
    last = made.stderr || made.stdout
  }
  throw new Error(
    `PostgreSQL could not create its database in ${home}; set DATABASE_URL to use another:\n${last}`,
  )
}

async function launch(
  programs: Programs,
  account: Account,
  data: string,
  port: number,
  extra: readonly string[],
  logFile: string,
): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    ...extra,
  ]
  const args = ['-D', data, ...settings.flatMap((each) => ['-c', each])]
  const [command = '', ...rest] = [...account.before, programs.postgres, ...args]
  if (((await stat(logFile).catch(() => undefined))?.size ?? 0) > LOG_LIMIT) await truncate(logFile)
  const output = openSync(logFile, 'a', 0o600)
  // A session of its own: the terminal's Ctrl-C must not stop the database before those who use it.
  const child = spawn(command, rest, {
    ...account.options,
    cwd: data,
    env: plainEnvironment(),
    detached: true,
    stdio: ['ignore', output, output],
  })
  child.on('error', () => {})
  closeSync(output)
  if (child.pid) endWithUs(child, child.pid, 'INT')
  return child
}

async function untilReady(child: ChildProcess, address: URL, logFile: string): Promise<void> {
  let why: unknown
  for (
    const since = performance.now();
    performance.now() - since < START_DEADLINE && !hasExited(child);
    await pause(40)
  ) {
    try {
      return await mustLetIn(address)
    } catch (error) {
      why = error
    }
  }
  const tail = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n')
  throw new Error(`PostgreSQL did not start on port ${address.port}:\n${tail}`, { cause: why })
}
