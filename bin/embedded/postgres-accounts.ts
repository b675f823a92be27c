// Who may do what on a PostgreSQL of ours: the processes and the migrations own one database, and no more.
// Promise: a database that belonged to the superuser, as in folders of releases before, is handed over with all that is in it.

import pg from 'pg'

export const SUPERUSER = 'bellhop'
export const OWNER = 'bellhop_owner'
export const DATABASE = 'bellhop'

/** The role is made here, so that the migration that asks for it needs no right to make any. */
const ROLES = `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${OWNER}') then create role ${OWNER} login; end if;
    if not exists (select from pg_roles where rolname = 'bellhop_application') then create role bellhop_application nologin; end if;
    grant bellhop_application to ${OWNER};
  end $$`

/** `reassign owned` refuses what a bootstrap superuser owns. Indexes, row types and the sequences of columns follow their tables. */
const HAND_OVER = `
  do $$ declare change text; begin
    for change in
      select format('alter %s %s owner to ${OWNER}', case relkind when 'S' then 'sequence'
      when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, c.oid::regclass)
        from pg_class c where relnamespace = 'public'::regnamespace and relowner = '${SUPERUSER}'::regrole
        and relkind in ('r', 'p', 'S', 'v', 'm')
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and (d.deptype = 'e' or relkind = 'S' and d.deptype in ('a', 'i')))
      union all
      select format('alter routine %s owner to ${OWNER}', p.oid::regprocedure)
        from pg_proc p where pronamespace = 'public'::regnamespace and proowner = '${SUPERUSER}'::regrole
          and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
      union all
      select format('alter type %s owner to ${OWNER}', t.oid::regtype)
        from pg_type t where typnamespace = 'public'::regnamespace and typowner = '${SUPERUSER}'::regrole and typtype in ('d', 'e')
          and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
    loop execute change; end loop;
  end $$;
  -- What a table of the superuser's was given when it was made, one of the owner's is, too.
  alter default privileges for role ${OWNER} in schema public grant select, insert, update, delete on tables to bellhop_application;
  alter default privileges for role ${OWNER} in schema public grant usage on sequences to bellhop_application`

/** @param address of the server, as the superuser, without a database @param password of the owner */
export async function prepareDatabase(address: URL, password: string): Promise<void> {
  await ask(address, 'postgres', async (client) => {
    await client.query(ROLES)
    await client.query(`alter role ${OWNER} password ${client.escapeLiteral(password)}`)
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    await client.query(
      `${rowCount ? 'alter' : 'create'} database ${DATABASE} owner ${rowCount ? 'to ' : ''}${OWNER}`,
    )
  })
  await ask(address, DATABASE, (client) => client.query(HAND_OVER))
}

/** @throws while nobody answers there */
export async function mustLetIn(address: URL): Promise<void> {
  await ask(address, 'postgres', (client) => client.query('select 1'))
}

async function ask(
  address: URL,
  database: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: `${address.href}/${database}`,
    connectionTimeoutMillis: 5000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
