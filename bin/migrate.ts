// The release step: brings the database up to date, as its owner, and fills an empty one with the demonstration when
// SEED_DEMO is on, as the application.

import { systemClock } from '../shared/kit/clock.ts'
import { readConfig } from '../shared/kit/config.ts'
import { seedDemonstration } from '../shared/demonstration.ts'
import { LIMITS, openAsOwner } from '../shared/kit/db.ts'
import { openHouse } from '../shared/kit/house.ts'
import { openLog } from '../shared/kit/log.ts'
import { whenReady } from '../shared/kit/redis.ts'
import { findOrganisationBySlug } from '../shared/users/queries.ts'

const config = readConfig()
const log = openLog('migrate', config.LOG_LEVEL)
const owner = openAsOwner(config.DATABASE_OWNER_URL ?? config.DATABASE_URL)
const house = openHouse(config, systemClock, log, LIMITS.jobs)
try {
  const [, applied]: [number, string[]] = await owner.migrate.latest()
  log.info({ applied: applied.length }, 'the database is up to date')
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
