// The release step: brings the database up to date, and fills an empty one with the demonstration when SEED_DEMO is on.

import { systemClock } from '../shared/kit/clock.ts'
import { readConfig } from '../shared/kit/config.ts'
import { seedDemonstration } from '../shared/demonstration.ts'
import { openHouse } from '../shared/kit/house.ts'
import { openLog } from '../shared/kit/log.ts'
import { whenReady } from '../shared/kit/redis.ts'

const config = readConfig()
const log = openLog('migrate', config.LOG_LEVEL)
const house = openHouse(config, systemClock, log)
try {
  const [, applied]: [number, string[]] = await house.db.migrate.latest()
  log.info({ applied: applied.length }, 'the database is up to date')
  if (config.SEED_DEMO && config.NODE_ENV !== 'production') {
    await whenReady(house.redis)
    if (await seedDemonstration(house)) log.info('the demonstration was seeded')
  }
} finally {
  await house.close()
}
