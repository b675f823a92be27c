// The database's tables as SQL for readers: shared/migrations/schema.sql. A test compares the two.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openAsOwner, rowsOf, type Db } from '../shared/kit/store/db.ts'
import { freePort } from './embedded/ports.ts'
import { startPostgres } from './embedded/postgres.ts'

interface Line {
  table: string
  line: string
}

const COLUMNS = `
  select c.relname as table, format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end,
    case when a.attidentity <> '' then ' generated always as identity'
      when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid)
      || ') stored' else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end) as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
  and not a.attisdropped and c.relname not like 'migrations%'
  order by c.relname, a.attnum`

const CONSTRAINTS = `
  select c.relname as table, '  ' || pg_get_constraintdef(k.oid) as line from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and k.contype <> 'n' and c.relname not like 'migrations%'
  order by c.relname, k.contype desc, k.conname`

const INDEXES = `
  select i.tablename as table, i.indexdef || ';' as line from pg_indexes i
  where i.schemaname = 'public' and i.tablename not like 'migrations%'
    and not exists (select 1 from pg_constraint k where k.conname = i.indexname) order by 1, i.indexname`

/** What a migration made, read back from the catalogue, so that it is the truth and not a wish. */
export async function schemaOf(db: Db): Promise<string> {
  const columns = await rowsOf<Line>(db, COLUMNS)
  const constraints = await rowsOf<Line>(db, CONSTRAINTS)
  const indexes = await rowsOf<Line>(db, INDEXES)
  const tables = [...new Set(columns.map(({ table }) => table))]
  const linesOf = (rows: Line[], table: string): string[] =>
    rows.filter((row) => row.table === table).map((row) => row.line)
  return tables
    .map((table) =>
      [
        `create table ${table} (`,
        [...linesOf(columns, table), ...linesOf(constraints, table)].join(',\n'),
        ');',
        ...linesOf(indexes, table),
        '',
      ].join('\n'),
    )
    .join('\n')
}

/** `npm run schema`, after a new migration. */
async function writeSchema(): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-schema-'))
  const postgres = await startPostgres({ dir, port: await freePort(), log: () => undefined, durable: false })
  const db = openAsOwner(postgres.url)
  await db.migrate.latest()
  await writeFile(path.resolve(import.meta.dirname, '../shared/migrations/schema.sql'), await schemaOf(db))
  await db.destroy()
  await postgres.stop()
  await rm(dir, { recursive: true, force: true })
}

if (import.meta.filename === process.argv[1]) await writeSchema()
