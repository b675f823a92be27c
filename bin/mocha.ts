// Runs mocha in a process of its own and reads how many tests passed. A mocha that dies without saying so failed.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Environment } from '../shared/kit/process/config.ts'
import { NOTHING_RUN, type Tally } from './checks.ts'
import { endWithUs, signalGroup } from './embedded/processes.ts'

/** A test that leaves a timer or a socket open would keep mocha from ending, for ever. */
const LINGER = 30_000

const ALL = ['test/**/*.test.ts']

/** The words for mocha: folders stand for the tests in them; words without any file mean all of `fallback`. */
export function specsOf(root: string, words: readonly string[], fallback: readonly string[] = ALL): string[] {
  const isFile = (word: string): boolean =>
    !word.startsWith('-') && (word.includes('*') || existsSync(path.join(root, word)))
  const all = words.some(isFile) ? words : [...words, ...fallback]
  return all.map((word) =>
    isFile(word) && isFolder(path.join(root, word)) ? path.join(word, '**/*.test.ts') : word,
  )
}

function isFolder(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory()
}

export function runMocha(root: string, args: readonly string[], env: Environment): Promise<Tally> {
  return new Promise((resolve) => {
    const colour = process.stdout.isTTY ? ['--color'] : []
    const child = spawn(
      process.execPath,
      [path.join(root, 'node_modules/mocha/bin/mocha.js'), ...colour, ...args],
      {
        cwd: root,
        env: { ...env },
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    endAllWithUs(child)
    let output = ''
    let lingering: NodeJS.Timeout | undefined
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk)
      const said = String(chunk)
      output += said
      const newest = stripVTControlCharacters(output.slice(-said.length - 100))
      if (countOf('passing', newest) === undefined) return
      lingering ??= setTimeout(() => child.pid && signalGroup(child.pid, 'SIGKILL'), LINGER)
    })
    child.on('error', () => resolve({ ...NOTHING_RUN, failed: 1 }))
    child.on('close', (code, signal) => {
      clearTimeout(lingering)
      if (signal)
        process.stdout.write(
          lingering
            ? '\nMocha did not end: a test left something open.\n'
            : `\nMocha was ended by ${signal}.\n`,
        )
      resolve(tallyOf(output, code))
    })
  })
}

/** Mocha, its parallel workers, and what tests started. */
function endAllWithUs(child: ChildProcess): void {
  const { pid } = child
  if (!pid) return
  endWithUs(child, -pid, 'TERM')
  process.on('exit', () => signalGroup(pid, 'SIGTERM'))
}

function tallyOf(output: string, code: number | null): Tally {
  const plain = stripVTControlCharacters(output)
  const failed = countOf('failing', plain) ?? 0
  return {
    passed: countOf('passing', plain) ?? 0,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: countOf('pending', plain) ?? 0,
    failures: failed > 0 ? [plain.slice(plain.search(/^ {2}\d+ failing$/m)).trimEnd()] : [],
  }
}

/** From the last of mocha's own lines, as "  12 passing (3s)". */
function countOf(what: string, output: string): number | undefined {
  const found = [...output.matchAll(new RegExp(`^ {2}(\\d+) ${what}\\b`, 'gm'))].at(-1)
  return found ? Number(found[1]) : undefined
}
