// The servers that a command works on: those that the settings name, else those of DATA_DIR, which `npm start` may be running.
// Promise: what is started here is stopped again, and never beside an `npm start` on the same folder.

import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  readConfig,
  readEnvironment,
  type Config,
  type Environment,
} from '../../shared/kit/process/config.ts'
import { onFreePort } from '../embedded/ports.ts'
import { startPostgres } from '../embedded/postgres.ts'
import type { Say } from '../embedded/processes.ts'
import { startRedis } from '../embedded/redis.ts'
import { isLocked, takeLock } from '../lock.ts'
import { SECRET_FILE } from '../embedded/secret.ts'

/** Addresses, with the passwords that lie in the same folder. */
type Addresses = Partial<Record<'DATABASE_URL' | 'REDIS_URL', string>>

/** empty: a database that may not be there yet. */
export type Needed = 'database' | 'all' | 'empty'

export interface OpenServers {
  config: Config
  stop(): Promise<void>
}

/** Stand for what a command does not use. */
const STAND_INS = {
  DATABASE_URL: 'postgres://stand-in',
  REDIS_URL: 'redis://stand-in',
  JWT_SECRET: 'stands-in-for-what-is-not-asked-for',
}

const noteOf = (dir: string): string => path.join(dir, 'servers.json')

/** Written by `npm start`, so that commands find the servers that it runs. @returns takes it away again */
export async function noteServers(
  dir: string,
  { DATABASE_URL, REDIS_URL }: Environment,
): Promise<() => Promise<void>> {
  await writeFile(noteOf(dir), JSON.stringify({ DATABASE_URL, REDIS_URL }), { mode: 0o600 })
  return () => rm(noteOf(dir), { force: true })
}

/** @param needed what the command works on: servers that it does not use are not started */
export async function openServers(needed: Needed, say: Say): Promise<OpenServers> {
  const given = Object.fromEntries(Object.entries(readEnvironment()).filter(([, value]) => value?.trim()))
  const { DATA_DIR } = readConfig({ ...STAND_INS, ...given })
  const lacksDatabase = !given['DATABASE_URL']
  const lacksRedis = needed === 'all' && !given['REDIS_URL'] && !given['REDIS_CLUSTER']
  const own =
    lacksDatabase || lacksRedis
      ? await findOrStart(DATA_DIR, { lacksDatabase, lacksRedis, mayBeNew: needed === 'empty' }, say)
      : NONE
  const secret = await readFile(path.join(DATA_DIR, SECRET_FILE), 'utf8').catch(() => undefined)
  const config = readConfig({
    ...STAND_INS,
    ...(secret && { JWT_SECRET: secret.trim() }),
    ...own.addresses,
    ...given,
  })
  return { config, stop: own.stop }
}

/** @throws Error where links are to be signed, and nobody has chosen with what */
export function mustHaveSecret({ JWT_SECRET }: Config): void {
  if (JWT_SECRET[0] === STAND_INS.JWT_SECRET)
    throw new Error('JWT_SECRET is missing: a link that is signed with another one opens nothing.')
}

interface OwnServers {
  addresses: Addresses
  stop: () => Promise<void>
}

const NONE: OwnServers = { addresses: {}, stop: async () => undefined }

async function findOrStart(
  folder: string,
  { mayBeNew, ...lacks }: { lacksDatabase: boolean; lacksRedis: boolean; mayBeNew: boolean },
  say: Say,
): Promise<OwnServers> {
  if (!mayBeNew && !existsSync(path.join(folder, 'postgres')))
    throw new Error(
      `There is no Bellhop in ${path.resolve(folder)}: set DATABASE_URL, or DATA_DIR, or begin with npm start.`,
    )
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const dir = realpathSync(folder)
  if (await isLocked(dir)) return { ...NONE, addresses: await runningServers(dir) }
  return startOwn(dir, lacks, say)
}

async function runningServers(dir: string): Promise<Addresses> {
  const text = await readFile(noteOf(dir), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new Error('Bellhop is just starting, or ending: try again when it says that it is ready.')
  return JSON.parse(text)
}

async function startOwn(
  dir: string,
  { lacksDatabase, lacksRedis }: { lacksDatabase: boolean; lacksRedis: boolean },
  say: Say,
): Promise<OwnServers> {
  const stops: (() => Promise<void> | void)[] = [await takeLock(dir)]
  const addresses: Addresses = {}
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    for (const [isLacking, name, start] of [
      [lacksDatabase, 'DATABASE_URL', startPostgres],
      [lacksRedis, 'REDIS_URL', startRedis],
    ] as const) {
      if (!isLacking) continue
      const home = path.join(dir, name === 'DATABASE_URL' ? 'postgres' : 'redis')
      const server = await onFreePort((port) => start({ dir: home, port, log: say }))
      stops.push(server.stop)
      addresses[name] = server.url
    }
    return { addresses, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
