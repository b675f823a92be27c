// The checks that need no server: types, lint, form, the directions of the imports, and copied code. All at once, in seconds.

import path from 'node:path'
import { rawEnvironment } from '../shared/kit/process/config.ts'
import { runToEnd } from './embedded/processes.ts'

export interface Tally {
  passed: number
  failed: number
  skipped: number
  /** What mocha or a check says of them. */
  failures: readonly string[]
}

export const NOTHING_RUN: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] }

interface Check {
  name: string
  /** A program of node_modules, by its path there. */
  program: string
  args: readonly string[]
}

const ROOT = path.resolve(import.meta.dirname, '..')
const ARCHITECTURE_TESTS = 'test/architecture/*.test.ts'

const CHECKS: readonly Check[] = [
  { name: 'types', program: 'typescript-native/bin/tsc', args: ['-p', '.', '--pretty', 'false'] },
  { name: 'types of the console', program: '.bin/tsx', args: ['bin/console-types.ts'] },
  { name: 'form', program: '.bin/oxfmt', args: ['--check'] },
  { name: 'lint', program: '.bin/oxlint', args: ['--quiet', '.'] },
  { name: 'architecture', program: '.bin/mocha', args: [ARCHITECTURE_TESTS] },
  { name: 'copies', program: '.bin/tsx', args: ['bin/copies.ts'] },
]

/** Runs all, says a line of each, and shows the output of those that fail. */
export async function runChecks(say: (line: string) => void): Promise<Tally> {
  const outcomes = await Promise.all(CHECKS.map((check) => run(check, say)))
  const failures = outcomes.filter((outcome) => outcome !== undefined)
  return {
    ...NOTHING_RUN,
    passed: outcomes.length - failures.length,
    failed: failures.length,
    failures,
  }
}

/** @returns what it says of what is wrong */
async function run({ name, program, args }: Check, say: (line: string) => void): Promise<string | undefined> {
  const since = performance.now()
  const { code, stdout, stderr } = await runToEnd(path.join(ROOT, 'node_modules', program), args, {
    cwd: ROOT,
    env: rawEnvironment(),
  })
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  if (code === 0) return void say(`✓ ${name} (${seconds} s)`)
  const failure = `✗ ${name} (${seconds} s)\n${stdout}${stderr}`.trimEnd()
  say(failure)
  return failure
}
