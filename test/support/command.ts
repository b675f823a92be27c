// `bellhop …` as a process of its own, as whoever operates an installation runs it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Environment } from '../../shared/kit/process/config.ts'
import type { World } from './world.ts'

interface Ran {
  code: number
  output: string
  /** What stood on standard error. */
  complaint: string
}

/** The settings of a world's processes. */
export function commandSettings({ runtime: { config } }: World): Environment {
  return {
    DATABASE_URL: config.DATABASE_URL,
    REDIS_URL: config.REDIS_URL ?? '',
    REDIS_CLUSTER: config.REDIS_CLUSTER?.join(',') ?? '',
    BULLMQ_PREFIX: config.BULLMQ_PREFIX,
    JWT_SECRET: config.JWT_SECRET.join(','),
  }
}

export async function runCommand(settings: Environment, words: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['bin/serve.mjs', 'bin/bellhop.ts', ...words], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [output, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, 'close') : undefined,
  ])
  return { code: child.exitCode ?? -1, output, complaint }
}
