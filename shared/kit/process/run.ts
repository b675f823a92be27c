// How a process begins and ends. It starts with checked settings or not at all; on SIGTERM, SIGINT or the loss of its
// runner it gets SHUTDOWN_DEADLINE to put down what it holds, and then it is gone, whatever hangs.

import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from './clock.ts'
import { ConfigError, listUnknownSettings, readConfig, type Config } from './config.ts'
import { DATABASE_LIMITS, type DatabaseLimits } from '../store/db.ts'
import { openRuntime, type Runtime } from './runtime.ts'
import { openLog } from './log.ts'
import { outageOf } from '../store/outage.ts'
import { openTracing } from './open-tracing.ts'
import { refuseEviction, whenReady } from '../store/redis.ts'

/** Begins serving, and answers how to stop: last in, first out, before the runtime itself is closed. */
type Serve = (runtime: Runtime) => Promise<() => Promise<void>>

/** Milliseconds. */
const START_AGAIN = 1000

/** @param limits of what it does with the database most */
export async function runProcess(
  service: string,
  serve: Serve,
  limits: DatabaseLimits = DATABASE_LIMITS.requests,
): Promise<void> {
  const config = configOrExit()
  const log = openLog(service, config.LOG_LEVEL)
  // Whoever started us, as `npm start` does, has said so once for all.
  const unknown = process.connected ? [] : listUnknownSettings()
  if (unknown.length > 0) log.warn({ settings: unknown }, 'there are no such settings: misspelt?')
  const runtime = openRuntime(config, systemClock, log, limits, await openTracing(config, service))
  try {
    endGracefully(runtime, await startWhenAnswered(runtime, serve))
    log.info('ready')
    // The runner that started us tells a process that cannot start from one that ended later.
    if (process.connected) process.send?.({ ready: true })
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : 'could not start')
    process.exit(1)
  }
}

/** On a machine that is too busy an answer may come too late: that is no reason to end. */
async function startWhenAnswered(runtime: Runtime, serve: Serve): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const late = setTimeout(() => runtime.log.warn('waiting for Redis'), 5000)
      await whenReady(runtime.redis)
      clearTimeout(late)
      await refuseEviction(runtime.redis)
      return await serve(runtime)
    } catch (error) {
      if (outageOf(error) !== 'away') throw error
      runtime.log.warn({ err: error }, 'a server did not answer at start; it is asked again')
      await pause(START_AGAIN)
    }
  }
}

function configOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(
      `Bellhop cannot start. ${error.problems.length === 1 ? 'One setting is' : `${error.problems.length} settings are`} wrong:\n`,
    )
    for (const problem of error.problems) process.stderr.write(`  ${problem}\n`)
    process.exit(1)
  }
}

function endGracefully(runtime: Runtime, stop: () => Promise<void>): void {
  let ending = false
  const end = async (reason: string, code: number): Promise<void> => {
    if (ending) return
    ending = true
    runtime.log.info({ reason }, 'stopping')
    const finished = stop()
      .then(() => runtime.close())
      .then(() => true)
    const inTime = await Promise.race([
      finished,
      pause(runtime.config.SHUTDOWN_DEADLINE, false, { ref: false }),
    ]).catch((error: unknown) => {
      runtime.log.error({ err: error }, 'stopping failed')
      return false
    })
    runtime.log.info(inTime ? 'stopped' : 'stopped before everything was put down; others take it over')
    process.exit(code)
  }
  process.on('SIGTERM', () => void end('SIGTERM', 0))
  process.on('SIGINT', () => void end('SIGINT', 0))
  // The runner holds the other end of this channel; when it is gone, nobody would stop us.
  process.on('disconnect', () => void end('the runner is gone', 0))
  const fault = (error: unknown): void => {
    runtime.log.fatal({ err: error }, 'a fault nobody caught')
    void end('fault', 1)
  }
  process.on('uncaughtException', fault)
  process.on('unhandledRejection', fault)
}
