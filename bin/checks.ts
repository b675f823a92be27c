// The checks that need no server: types, lint, form, the directions of the imports, and copied code. All at once, in seconds.

import path from 'node:path'
import { rawEnvironment } from '../shared/kit/process/config.ts'
import { runToEnd } from './embedded/processes.ts'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

interface Check {
  name: string
  /** A program of node_modules, by its path there. */
  program: string
  args: readonly string[]
}

const ROOT = path.resolve(import.meta.dirname, '..')
export const ARCHITECTURE_TESTS = 'test/architecture/*.test.ts'
const CODE = ['api', 'workers', 'realtime', 'shared', 'bin', 'demo', 'bench', 'client/src/socket', 'web']

const CHECKS: readonly Check[] = [
  { name: 'types', program: 'typescript-native/bin/tsc', args: ['-p', '.', '--pretty', 'false'] },
  { name: 'types of the console', program: '.bin/tsx', args: ['bin/console-types.ts'] },
  { name: 'form', program: '.bin/oxfmt', args: ['--check'] },
  { name: 'lint', program: '.bin/oxlint', args: ['--quiet', '.'] },
  { name: 'architecture', program: '.bin/mocha', args: [ARCHITECTURE_TESTS] },
  {
    name: 'copies',
    program: '.bin/jscpd',
    args: [
      '--min-lines',
      '12',
      '--min-tokens',
      '80',
      '--exitCode',
      '1',
      '--reporters',
      'console',
      '--noTips',
      '--format',
      'typescript',
      ...CODE,
    ],
  },
]

/** Runs all, says a line of each, and shows the output of those that fail. */
export async function runChecks(say: (line: string) => void): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  await Promise.all(
    CHECKS.map(async (check) => {
      const outcome = await run(check, say)
      tally[outcome] += 1
    }),
  )
  return tally
}

async function run({ name, program, args }: Check, say: (line: string) => void): Promise<keyof Tally> {
  const since = performance.now()
  const { code, stdout, stderr } = await runToEnd(path.join(ROOT, 'node_modules', program), args, {
    cwd: ROOT,
    env: rawEnvironment(),
  })
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const output = code === 0 ? '' : `\n${stdout}${stderr}`.trimEnd()
  say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)${output}`)
  return code === 0 ? 'passed' : 'failed'
}
