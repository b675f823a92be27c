// The release step: brings the database up to date, as its owner, and fills an empty one with the demonstration when
// SEED_DEMO is on, as the application.

import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../shared/kit/process/clock.ts'
import { readConfig, type Config } from '../shared/kit/process/config.ts'
import { seedDemonstration } from '../shared/demonstration/seed.ts'
import { DATABASE_LIMITS, openAsOwner, openDatabase, type Db } from '../shared/kit/store/db.ts'
import { openRuntime } from '../shared/kit/process/runtime.ts'
import { outageOf } from '../shared/kit/store/outage.ts'
import { openLog, type Log } from '../shared/kit/process/log.ts'
import { whenReady } from '../shared/kit/store/redis.ts'
import { findOrganisationBySlug, hasNoOrganisation } from '../shared/organisations/queries.ts'

/** Half a minute with its pauses, and ten seconds at most for each lock. */
const TRIES = 30
const PAUSE = 1000

export interface Migrated {
  /** Migrations that were applied. */
  applied: number
  /** The people of the demonstration are there to sign in as. */
  demonstration: boolean
  /** Nobody is there to sign in as. */
  isEmpty: boolean
}

export async function migrateDatabase(config: Config): Promise<Migrated> {
  const log = openLog('migrate', config.LOG_LEVEL, process.stderr)
  const owner = openAsOwner(config.DATABASE_OWNER_URL ?? config.DATABASE_URL)
  const db = openDatabase(config)
  try {
    const applied = await migrateAmongOthers(owner, log)
    if (config.SEED_DEMO && config.NODE_ENV !== 'production') await seed(config, log)
    const demonstration = Boolean(await findOrganisationBySlug(db, 'demo'))
    return { applied, demonstration, isEmpty: await hasNoOrganisation(db) }
  } finally {
    await owner.destroy()
    await db.destroy()
  }
}

async function seed(config: Config, log: Log): Promise<void> {
  const runtime = openRuntime(config, systemClock, log, DATABASE_LIMITS.jobs)
  try {
    await whenReady(runtime.redis)
    if (await seedDemonstration(runtime)) log.info('the demonstration was seeded')
  } finally {
    await runtime.close()
  }
}

/**
 * The processes of the release before go on working meanwhile, and a migration may meet them in a lock: it gives way and
 * begins again. One at a time, each in a transaction of its own (`latest` would take all of them in one): so that none
 * holds the locks of those before it.
 */
async function migrateAmongOthers(owner: Db, log: Log): Promise<number> {
  let applied = 0
  for (let tries = 1; ; tries++) {
    try {
      const [, names]: [number, string[]] = await owner.migrate.up()
      if (names.length === 0) {
        log.info({ applied }, 'the database is up to date')
        return applied
      }
      applied += names.length
      tries = 0
    } catch (error) {
      if (outageOf(error) === undefined || tries === TRIES) throw error
      log.warn({ err: error, tries }, 'a migration met others in a lock; it begins again')
      await pause(PAUSE)
    }
  }
}

// The runner that started us prints people to sign in as only where they are.
if (import.meta.filename === process.argv[1]) {
  const done = await migrateDatabase(readConfig())
  process.send?.(done)
}
