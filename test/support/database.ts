// Each world gets a database cloned from a template, which is migrated and seeded once per run.

import { hash } from '@node-rs/argon2'
import pg from 'pg'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { openAsOwner } from '../../shared/kit/store/db.ts'
import { openRuntime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { DEMO_PASSWORD, seedDemonstration } from '../../shared/demonstration/seed.ts'
import { enqueueDue } from '../../workers/schedule.ts'
import { VirtualClock } from './clock.ts'
import { testConfig } from './config.ts'

const TEMPLATE = 'bellhop_template'
let prepared: Promise<void> | undefined
let counter = 0

export function urlOf(database: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL']
  if (!url) throw new Error('Tests need the servers that `npm test` starts.')
  return url
}

/**
 * Its files are copied: that each block goes through the log as well is for replicas.
 * @returns the name of a new database with the demonstration in it
 */
export async function cloneDatabase(): Promise<string> {
  prepared ??= oncePerRun(TEMPLATE, prepareTemplate)
  await prepared
  const name = `world_${process.pid}_${++counter}`
  await asSuperuser((client) =>
    client.query(`create database ${name} template ${TEMPLATE} strategy file_copy`),
  )
  return name
}

/** @returns the name of a database with nothing in it, for a release that makes its own tables */
export async function emptyDatabase(): Promise<string> {
  const name = `world_${process.pid}_${++counter}`
  await asSuperuser((client) => client.query(`create database ${name}`))
  return name
}

/** Fails while anybody is connected: a world that left a connection open is found here. */
export async function dropDatabase(name: string): Promise<void> {
  await asSuperuser((client) => client.query(`drop database ${name}`))
}

/** Test files run in processes of their own: the first does it, the others wait. */
export async function oncePerRun(what: string, work: () => Promise<unknown>): Promise<void> {
  await asSuperuser(async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('once'))`)
    await client.query('create table if not exists done (what text primary key)')
    const { rowCount } = await client.query('select 1 from done where what = $1', [what])
    if (rowCount) return
    await work()
    await client.query('insert into done values ($1)', [what])
  })
}

async function prepareTemplate(): Promise<void> {
  await asSuperuser((client) => client.query(`create database ${TEMPLATE}`))
  await fill(TEMPLATE)
}

async function fill(database: string): Promise<void> {
  const owner = openAsOwner(urlOf(database))
  await owner.migrate.latest()
  await owner.destroy()
  const runtime = openRuntime(
    testConfig({ DATABASE_URL: urlOf(database), BULLMQ_PREFIX: 'template' }),
    systemClock,
    openLog('test', 'silent'),
  )
  await whenReady(runtime.redis)
  await seedDemonstration(runtime)
  // Thousands are signed in, each checked against it; whoever chooses a password has it hashed as it ought to be.
  const passwordHash = await hash(DEMO_PASSWORD, { memoryCost: 8, timeCost: 1 })
  await runtime.db('users').whereNotNull('passwordHash').update({ passwordHash })
  // What recurs has had its turn when a world begins.
  await enqueueDue({ ...runtime, clock: new VirtualClock() })
  await runtime.outbox.settled()
  await runtime.db('jobs').delete()
  await runtime.close()
}

async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
