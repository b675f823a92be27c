// The only reader of the environment, and of the file .env beside it.
// Promise: a process either gets every setting checked, or a list of every problem at once.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { SETTINGS } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type Config = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]['parse']> }

const REQUIRED: readonly string[] = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET']
const INSTEAD: Readonly<Record<string, string>> = { REDIS_URL: 'REDIS_CLUSTER' }

export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** These have no meaning one without the others. */
const TOGETHER: readonly (readonly string[])[] = [
  ['FILES_S3_ENDPOINT', 'FILES_S3_BUCKET', 'FILES_S3_REGION', 'FILES_S3_ACCESS_KEY', 'FILES_S3_SECRET_KEY'],
  ['SMTP_URL', 'MAIL_FROM'],
  ['VAPID_SUBJECT', 'VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY'],
]

function problemsOfParts(env: Environment): string[] {
  return TOGETHER.flatMap((parts) => {
    const missing = parts.filter((name) => !env[name]?.trim())
    if (missing.length === 0 || missing.length === parts.length) return []
    return missing.map((name) => `${name} is missing: ${parts.join(', ')} are given together or not at all.`)
  })
}

/** Reads and checks every setting. @throws ConfigError naming every problem at once. */
export function readConfig(env: Environment = readEnvironment()): Config {
  const problems = problemsOfParts(env)
  const values: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(SETTINGS)) {
    const given = env[name]?.trim() || each.fallback
    if (given === undefined) {
      if (REQUIRED.includes(name) && !env[INSTEAD[name] ?? '']?.trim())
        problems.push(`${name} is missing. ${each.doc}`)
      continue
    }
    try {
      values[name] = each.parse(given)
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : 'is wrong'}. ${each.doc}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Config
}

/** The environment as it is. */
export function rawEnvironment(): Environment {
  return process.env
}

/** What ENV_FILE says, and before it what the environment itself says, be it nothing. */
export function readEnvironment(): Environment {
  return { ...settingsInFile(), ...process.env }
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** @throws Error when a file that was asked for is not there */
function settingsInFile(): Environment {
  const asked = process.env['ENV_FILE']?.trim()
  try {
    return parseEnv(readFileSync(path.resolve(ROOT, asked || SETTINGS.ENV_FILE.fallback), 'utf8'))
  } catch (error) {
    if (!asked && error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** First words that other programs use as well. */
const EVERYBODYS = ['NODE', 'LOG', 'DATA', 'PUBLIC', 'ENV', 'OTEL']
const firstWordOf = (name: string): string => name.slice(0, name.indexOf('_') + 1)

/**
 * Names that nobody reads although they look like settings of ours: all that are unknown in the file, and in the environment those
 * that begin as ours do. Mostly somebody misspelt one.
 */
export function listUnknownSettings(
  env: Environment = process.env,
  file: Environment = settingsInFile(),
): string[] {
  const words = new Set(['BELLHOP_', ...Object.keys(SETTINGS).map(firstWordOf)])
  for (const word of ['', ...EVERYBODYS.map((each) => `${each}_`)]) words.delete(word)
  const likely = Object.keys(env).filter((name) => words.has(firstWordOf(name)))
  return [...new Set([...Object.keys(file), ...likely])].filter((name) => !(name in SETTINGS)).toSorted()
}
