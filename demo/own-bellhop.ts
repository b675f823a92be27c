// A Bellhop of the demo's own: what `npm start` starts, with short durations, on free ports, in a folder that is removed.

import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { exitOf } from '../bin/embedded/processes.ts'
import { rawEnvironment } from '../shared/kit/process/config.ts'

export interface OwnBellhop {
  /** Its address, once it is ready. @throws Error with its last lines when it does not come up */
  ready: Promise<string>
  /** As a machine might: they are started again. */
  killWorkers(): void
  stop(): Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '..')
const LINES_TO_SHOW = 30

/**
 * The deadline leaves room for the worst hour of a worker: killed with a reminder in hand, which is found some 8 s later,
 * because its lock is short as well.
 */
const SHORT = {
  APPROVAL_TTL: '20s',
  APPROVAL_FIRST_REMINDER: '4s',
  APPROVAL_REMINDER_EVERY: '5s',
  APPROVAL_MAX_REMINDERS: '5',
  JOB_LOCK: '5s',
}
const OWN = {
  ENV_FILE: '/dev/null',
  NODE_ENV: 'development',
  SEED_DEMO: 'on',
  PORT: '0',
  REALTIME_PORT: '0',
  SOCKETIO_PORT: '0',
  WORKER_PORT: '0',
  HOST: '127.0.0.1',
  DATABASE_URL: '',
  REDIS_URL: '',
  REDIS_CLUSTER: '',
  REALTIME_URL: '',
  // The program that hears of a ticket listens on this machine.
  OUTGOING_ALLOWED: '127.0.0.1',
}

/** Ends with this process, however that ends: the channel tells it. */
export function startBellhop(say: (sentence: string) => void): OwnBellhop {
  const dir = mkdtempSync(path.join(tmpdir(), 'bellhop-demo-'))
  const env = rawEnvironment()
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/start.ts'], {
    cwd: ROOT,
    env: { ...SHORT, ...env, ...OWN, DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exitOf(child)
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  const lines: string[] = []
  const ready = new Promise<string>((resolve) => {
    const note = (line: string): void => {
      lines.push(line)
      if (lines.length > LINES_TO_SHOW) lines.shift()
      const address = /^Bellhop is ready: (\S+)/.exec(line)?.[1]
      if (address) resolve(address)
      else if (/ ended .*; starting it again/.test(line)) say(line)
    }
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', note)
  })
  const failed = exitOf(child).then(() => {
    throw new Error(`Bellhop did not start:\n${lines.join('\n')}`)
  })
  return { ready: Promise.race([ready, failed]), killWorkers: () => void child.send('kill workers'), stop }
}
