// The runtime of a command: the same as of a process, with its log on standard error.

import { systemClock } from '../../shared/kit/process/clock.ts'
import type { Config } from '../../shared/kit/process/config.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { DATABASE_LIMITS } from '../../shared/kit/store/db.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'

/** Once Redis answers. */
export async function openCommandRuntime(config: Config): Promise<Runtime> {
  const level = config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL
  const runtime = openRuntime(
    config,
    systemClock,
    openLog('bellhop', level, process.stderr),
    DATABASE_LIMITS.jobs,
  )
  await whenReady(runtime.redis)
  return runtime
}
