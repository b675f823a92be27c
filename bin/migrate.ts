// The release step: brings the database up to date, as its owner, and fills an empty one with the demonstration when
// SEED_DEMO is on, as the application.

import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../shared/kit/clock.ts'
import { readConfig } from '../shared/kit/config.ts'
import { seedDemonstration } from '../shared/demonstration.ts'
import { LIMITS, openAsOwner } from '../shared/kit/db.ts'
import { openHouse } from '../shared/kit/house.ts'
import { outageOf } from '../shared/kit/outage.ts'
import { openLog } from '../shared/kit/log.ts'
import { whenReady } from '../shared/kit/redis.ts'
import { findOrganisationBySlug } from '../shared/users/queries.ts'

/** Half a minute with its pauses, and ten seconds at most for each lock. */
const TRIES = 30
const PAUSE = 1000

const config = readConfig()
const log = openLog('migrate', config.LOG_LEVEL)
const owner = openAsOwner(config.DATABASE_OWNER_URL ?? config.DATABASE_URL)
const house = openHouse(config, systemClock, log, LIMITS.jobs)
try {
  await migrateAmongOthers()
  if (config.SEED_DEMO && config.NODE_ENV !== 'production') {
    await whenReady(house.redis)
    if (await seedDemonstration(house)) log.info('the demonstration was seeded')
  }
  // The runner that started us prints people to sign in as only where they are.
  process.send?.({ demonstration: Boolean(await findOrganisationBySlug(house.db, 'demo')) })
} finally {
  await owner.destroy()
  await house.close()
}

/**
 * The processes of the release before go on working meanwhile, and a migration may meet them in a lock: it gives way and
 * begins again. Each is a transaction of its own, so that those before it stay.
 */
async function migrateAmongOthers(): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const [, applied]: [number, string[]] = await owner.migrate.latest()
      return log.info({ applied: applied.length }, 'the database is up to date')
    } catch (error) {
      if (outageOf(error) === undefined || tries === TRIES) throw error
      log.warn({ err: error, tries }, 'a migration met others in a lock; it begins again')
      await pause(PAUSE)
    }
  }
}
