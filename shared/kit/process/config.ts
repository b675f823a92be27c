import { SETTINGS } from './settings.ts'
// The one list of settings, and the only reader of the environment.
// Promise: a process either gets every setting checked, or a list of every problem at once.

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
export function readConfig(env: Environment = process.env): Config {
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

/** The environment as it is, for the runner, which decides what to start before there is a configuration. */
export function rawEnvironment(): Environment {
  return process.env
}
