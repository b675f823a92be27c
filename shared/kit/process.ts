// How a process begins and ends. It starts with checked settings or not at all; on SIGTERM, SIGINT or the loss of its
// runner it gets SHUTDOWN_DEADLINE to put down what it holds, and then it is gone, whatever hangs.

import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from './clock.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { LIMITS, type Limits } from './db.ts'
import { openHouse, type House } from './house.ts'
import { openLog } from './log.ts'
import { refuseEviction, whenReady } from './redis.ts'

/** Begins serving, and answers how to stop: last in, first out, before the house itself is closed. */
export type Serve = (house: House) => Promise<() => Promise<void>>

/** @param limits of what it does with the database most */
export async function runProcess(service: string, serve: Serve, limits: Limits = LIMITS.requests): Promise<void> {
  const config = configOrExit()
  const log = openLog(service, config.LOG_LEVEL)
  const house = openHouse(config, systemClock, log, limits)
  try {
    const late = setTimeout(() => log.warn('waiting for Redis'), 5000)
    await whenReady(house.redis)
    clearTimeout(late)
    await refuseEviction(house.redis)
    endGracefully(house, await serve(house))
    log.info('ready')
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : 'could not start')
    process.exit(1)
  }
}

function configOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`Bellhop cannot start. ${error.problems.length === 1 ? 'One setting is' : `${error.problems.length} settings are`} wrong:\n`)
    for (const problem of error.problems) process.stderr.write(`  ${problem}\n`)
    process.exit(1)
  }
}

function endGracefully(house: House, stop: () => Promise<void>): void {
  let ending = false
  const end = async (reason: string, code: number): Promise<void> => {
    if (ending) return
    ending = true
    house.log.info({ reason }, 'stopping')
    const finished = stop().then(() => house.close()).then(() => true)
    const inTime = await Promise.race([finished, pause(house.config.SHUTDOWN_DEADLINE, false, { ref: false })]).catch((error: unknown) => {
      house.log.error({ err: error }, 'stopping failed')
      return false
    })
    house.log.info(inTime ? 'stopped' : 'stopped before everything was put down; others take it over')
    process.exit(code)
  }
  process.on('SIGTERM', () => void end('SIGTERM', 0))
  process.on('SIGINT', () => void end('SIGINT', 0))
  // The runner holds the other end of this channel; when it is gone, nobody would stop us.
  process.on('disconnect', () => void end('the runner is gone', 0))
  const fault = (error: unknown): void => {
    house.log.fatal({ err: error }, 'a fault nobody caught')
    void end('fault', 1)
  }
  process.on('uncaughtException', fault)
  process.on('unhandledRejection', fault)
}
