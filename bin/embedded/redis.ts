// A Redis of our own in a folder: 127.0.0.1 only, with passwords that lie in the folder, never evicting. With
// `durable: false` it forgets everything.
// Promise: what a killed run left running on the same folder is stopped first, and after stop() nothing runs.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, readFile, realpath, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import type { EmbeddedServer } from './postgres.ts'
import {
  endChild,
  endStranger,
  endWithUs,
  exitOf,
  hasExited,
  pause,
  type Say,
  type Steps,
} from './processes.ts'
import { keepAccounts } from './redis-accounts.ts'
import { findRedis, type RedisProgram } from './redis-program.ts'

export interface RedisOptions {
  dir: string
  port: number
  log: Say
  durable?: boolean
  /** Everybody comes in without a password: for the nodes of a cluster that tests use, which come to each other. */
  isOpen?: boolean
  /** Settings besides ours. */
  more?: Record<string, string>
  /** Known from an earlier `findRedis`; else looked for. */
  program?: RedisProgram
  /** Where an unpacked Debian package is kept; `redis-bin` beside `dir` unless given. */
  cache?: string
}

const START_DEADLINE = 60_000 // A large append-only file takes its time to load.
const STEPS: Steps = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5000],
]

/** @throws when there is no Redis to run, or it does not come up; the end of its log is in the message. */
export async function startRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const { port } = options
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const dir = await realpath(options.dir)
  const program =
    options.program ??
    (await findRedis(options.cache ?? path.join(path.dirname(dir), 'redis-bin'), options.log))
  await endRedisIn(dir, options.log)

  const accounts = await keepAccounts(dir, options.isOpen)
  const logFile = path.join(dir, 'redis.log')
  const child = spawn(program.command, settings(dir, logFile, accounts.settings, options), {
    argv0: program.argv0,
    env: program.env,
    cwd: dir,
    detached: true,
    stdio: 'ignore',
  })
  child.on('error', () => {})
  if (child.pid) endWithUs(child, child.pid, 'TERM')
  try {
    await untilReady(child, port, accounts.application, logFile)
  } catch (error) {
    await endChild(child, STEPS)
    throw error
  }
  return {
    url: `redis://${accounts.application}@127.0.0.1:${port}`,
    administrator: `redis://${accounts.administrator}@127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ended: exitOf(child),
    stop: () => endChild(child, STEPS),
  }
}

function settings(
  dir: string,
  logFile: string,
  accounts: Record<string, string>,
  { port, durable = true, more }: RedisOptions,
): string[] {
  const kept = durable ? { appendonly: 'yes', appendfsync: 'everysec' } : { appendonly: 'no' }
  const all = {
    dir,
    port: String(port),
    bind: '127.0.0.1',
    daemonize: 'no',
    pidfile: path.join(dir, 'redis.pid'),
    logfile: logFile,
    // The queues would lose delayed jobs to any other policy.
    'maxmemory-policy': 'noeviction',
    // Without snapshots: the append-only file holds the same, and more of it.
    save: '',
    // Keeps the command line as it is, by which the next run knows a leftover.
    'set-proc-title': 'no',
    ...accounts,
    ...kept,
    ...more,
  }
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
}

/** @param dir as `realpath` spells it */
export async function endRedisIn(dir: string, log: Say): Promise<void> {
  const file = path.join(dir, 'redis.pid')
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  if (!pid) return
  log('The last Redis on this folder did not end in order.')
  await endStranger(pid, `--dir ${dir} `, STEPS)
  await rm(file, { force: true })
}

/** Asks for the process id: another server may have taken the port in between. */
async function untilReady(
  child: ChildProcess,
  port: number,
  account: string,
  logFile: string,
): Promise<void> {
  for (
    const since = performance.now();
    performance.now() - since < START_DEADLINE && !hasExited(child);
    await pause(25)
  ) {
    const reply = await ask(port, account, 'INFO server')
    if (
      reply.includes(`process_id:${child.pid}\r`) &&
      !(await ask(port, account, 'PING')).includes('LOADING')
    )
      return
  }
  const tail = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n')
  throw new Error(`Redis did not start on port ${port}:\n${tail}`)
}

/** One inline command without a client; empty when nobody answers. */
function ask(port: number, account: string, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let reply = ''
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('connect', () => socket.write(`AUTH ${account.replace(':', ' ')}\r\n${command}\r\nQUIT\r\n`))
    socket.on('data', (chunk) => (reply += String(chunk)))
    socket.on('error', () => {})
    socket.on('close', () => resolve(reply))
  })
}
