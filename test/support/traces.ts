// Everywhere that a text can lie: every table, every key, every file and every line of the log, looked through from end to end.

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Redis } from '../../shared/kit/store/redis.ts'
import type { World } from './world.ts'

/** Names of the tables, of the kinds of keys (ids left out), of folders of files, and of the log, that hold one of these texts. */
export async function tracesOf(w: World, texts: readonly string[]): Promise<string[]> {
  return [
    ...(await tablesWith(w, texts)),
    ...(await keysWith(w, texts)),
    ...(await filesWith(w, texts)),
    ...linesWith(w, texts),
  ].toSorted()
}

async function tablesWith(w: World, texts: readonly string[]): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(
    w.owner,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  )
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await rowsOf<{ count: number }>(
        w.owner,
        `select count(*) as count from ${name} t where exists (select from unnest(?::text[]) text where position(text in t::text) > 0)`,
        [texts],
      )
      return row && row.count > 0 ? name : ''
    }),
  )
  return found.filter(Boolean)
}

async function keysWith({ runtime: { redis, config } }: World, texts: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const key of await namesOf(redis, `*${config.BULLMQ_PREFIX}*`)) {
    const value = JSON.stringify(await readKey(redis, key))
    if (texts.some((text) => value.includes(text)))
      found.add(
        `redis ${key.replace(config.BULLMQ_PREFIX, '').replaceAll(/[\da-f]{8}-[\da-f-]{27}|\d+/g, '#')}`,
      )
  }
  return [...found]
}

async function filesWith({ runtime: { config } }: World, texts: readonly string[]): Promise<string[]> {
  const folder = config.FILES_DIR
  if (folder === undefined) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const holds =
          texts.some((text) => entry.name.includes(text)) ||
          holdsAny(await readFile(path.join(entry.parentPath, entry.name)), texts)
        return holds ? `files ${path.relative(folder, entry.parentPath).split(path.sep)[0]}` : ''
      }),
  )
  return [...new Set(found.filter(Boolean))]
}

function holdsAny(bytes: Buffer, texts: readonly string[]): boolean {
  return texts.some((text) => bytes.includes(text))
}

function linesWith({ logs }: World, texts: readonly string[]): string[] {
  return logs.some((line) => texts.some((text) => line.includes(text))) ? ['log'] : []
}

/** Page by page: the application's account may not stop the server for all of them at once. */
async function namesOf(redis: Redis, pattern: string): Promise<Set<string>> {
  const names = new Set<string>()
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000)
    for (const name of page) names.add(name)
    cursor = next
  } while (cursor !== '0')
  return names
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return null
  }
}
