// The release step.

import { readEnvironment } from '../../shared/kit/process/config.ts'
import { migrateDatabase } from '../migrate.ts'
import type { Command } from './command.ts'

export const migrate: Command = {
  options: {},
  async run(_given, tools) {
    // Only what seeds writes to Redis.
    const needed = readEnvironment()['SEED_DEMO'] === 'on' ? 'all' : 'database'
    const done = await migrateDatabase(await tools.config(needed))
    return {
      lines: [done.applied > 0 ? `${done.applied} migrations were applied.` : 'The database is up to date.'],
      data: { ...done },
    }
  },
}
