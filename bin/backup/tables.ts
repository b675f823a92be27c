// Tables of the database as they are, out and in: COPY, in one snapshot, and back in one transaction. As the owner of the tables.

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Config } from '../../shared/kit/process/config.ts'
import { listFilesKept } from './files.ts'
import { tableFile, type Manifest } from './manifest.ts'

type Table = Pick<Manifest['tables'][number], 'name' | 'columns'>

const quoted = (name: string): string => pg.escapeIdentifier(name)
const columnsOf = ({ columns }: Table): string => columns.map(quoted).join(', ')

/** A connection of its own: COPY needs one that nothing else travels on. */
export async function withOwner<T>(
  { DATABASE_OWNER_URL, DATABASE_URL }: Config,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: DATABASE_OWNER_URL ?? DATABASE_URL,
    application_name: 'bellhop backup',
    keepAlive: true,
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What the migrations note of themselves is not ours; generated columns are made anew. */
const TABLES = `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'migrations%'
  group by c.relname order by c.relname`
const SEQUENCES = `select sequencename as name from pg_sequences where schemaname = 'public'
  and sequencename not like 'migrations%' order by sequencename`
const HEADS = `select * from (select distinct on (s.org_id) s.org_id as "orgId", o.slug, s.n::float8 as n, encode(s.hash, 'hex') as hash
  from audit_seals s join organisations o on o.id = s.org_id order by s.org_id, s.n desc) h order by slug`

/** All of it as at one instant, while others go on writing. @param tell how much is done, from 0 to 1 */
export async function copyOut(
  client: pg.Client,
  dir: string,
  tell: (part: number) => void,
): Promise<Omit<Manifest, 'format' | 'version'>> {
  await client.query('begin isolation level repeatable read read only')
  const createdAt = (await client.query('select now() as now')).rows[0].now.toISOString()
  const { rows: migrations } = await client.query('select name from migrations order by id')
  const { rows: found } = await client.query(TABLES)
  await mkdir(path.join(dir, 'tables'), { recursive: true, mode: 0o700 })
  const tables: Manifest['tables'] = []
  for (const table of found) {
    const source = client.query(copyTo(`copy ${quoted(table.name)} (${columnsOf(table)}) to stdout`))
    await pipeline(
      source,
      createGzip(),
      createWriteStream(path.join(dir, tableFile(table.name)), { mode: 0o600 }),
    )
    tables.push({ ...table, rows: source.rowCount })
    tell(tables.length / found.length)
  }
  const { rows: heads } = await client.query(HEADS)
  const files = await listFilesKept(client)
  const sequences = await readSequences(client)
  await client.query('commit')
  return { createdAt, migrations: migrations.map(({ name }) => name), tables, sequences, heads, files }
}

/** They stand outside of the snapshot, and are never behind it. */
async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query(SEQUENCES)
  const sequences = []
  for (const { name } of rows) {
    const { rows: state } = await client.query(`select last_value, is_called from ${quoted(name)}`)
    sequences.push({ name, last: Number(state[0].last_value), isCalled: state[0].is_called })
  }
  return sequences
}

/**
 * All or nothing. What the migrations wrote gives way to what is in the backup; foreign keys are taken away meanwhile, for tables refer to
 * each other in circles, and checked as they come back; triggers rest, for what they would write is in the backup.
 */
export async function copyIn(
  client: pg.Client,
  dir: string,
  { tables, sequences }: Manifest,
  tell: (part: number) => void,
): Promise<void> {
  const names = tables.map(({ name }) => quoted(name))
  await client.query('begin')
  const { rows: keys } = await client.query(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  for (const name of names) await client.query(`alter table ${name} disable trigger user`)
  await client.query(`truncate ${names.join(', ')}`)
  for (const [at, table] of tables.entries()) {
    const target = client.query(copyFrom(`copy ${quoted(table.name)} (${columnsOf(table)}) from stdin`))
    await pipeline(createReadStream(path.join(dir, tableFile(table.name))), createGunzip(), target)
    tell((at + 1) / tables.length)
  }
  for (const name of names) await client.query(`alter table ${name} enable trigger user`)
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${name} ${definition}`)
  for (const { name, last, isCalled } of sequences)
    await client.query('select setval($1::regclass, $2, $3)', [quoted(name), last, isCalled])
  await client.query('commit')
  await client.query('analyze')
}

/** @returns what is wrong, a sentence each */
export async function countRows(client: pg.Client, { tables }: Manifest): Promise<string[]> {
  const problems: string[] = []
  for (const { name, rows } of tables) {
    const { rows: found } = await client.query(`select count(*)::int as count from ${quoted(name)}`)
    if (found[0].count !== rows) problems.push(`${name} has ${found[0].count} rows, and should have ${rows}.`)
  }
  return problems
}

/** Whether somebody's data is in it. A database without our tables has none. */
export async function isInUse(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select to_regclass('public.organisations') is not null as there`)
  if (!rows[0].there) return false
  const { rows: found } = await client.query('select exists (select from organisations) as used')
  return found[0].used
}
