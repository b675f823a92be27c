// One of our own processes, kept running: one that dies is started again after a pause that grows.
// Promise: a dead worker never ends the rest, and after stop() the process and what it started are gone.

import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { endChild, exitOf, pause, signalGroup, type Say, type Steps } from './embedded/processes.ts'
import { showLines } from './readable.ts'
import type { Environment } from '../shared/kit/process/config.ts'

interface Program {
  name: string
  /** From the root of the project. */
  file: string
  /** Whether it is one of those that bin/serve.mjs compiles once. */
  isCompiled: boolean
  env: Environment
}

export interface Supervised {
  stop(): Promise<void>
  /** Ends it at once. */
  hasten(): void
  /** Ends it, and starts it again without a pause. */
  restart(): Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '..')
/** Two seconds more than the processes give themselves. */
const STEPS: Steps = [
  ['SIGTERM', 12_000],
  ['SIGKILL', 5000],
]
const SHORTEST_PAUSE = 1000
const LONGEST_PAUSE = 30_000
/** Whoever lived that long was well: its next death starts from the shortest pause. */
const WELL_AFTER = 60_000

/** In a process group of its own, where the terminal's Ctrl-C does not reach it; 'disconnect' tells it that we are gone. */
export function launch({ name, file, env, isCompiled }: Program): ChildProcess {
  const child = spawn(process.execPath, isCompiled ? ['bin/serve.mjs', file] : ['--import', 'tsx', file], {
    cwd: ROOT,
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  showLines(name, child.stdout, process.stdout)
  showLines(name, child.stderr, process.stderr)
  child.on('error', (error) => process.stderr.write(`${name}: ${error.message}\n`))
  return child
}

export function endProgram(child: ChildProcess): Promise<void> {
  return endChild(child, STEPS, true)
}

export function supervise(program: Program, say: Say): Supervised {
  let child = launch(program)
  let stopping = false
  let isWanted = false
  const stopped = new AbortController()

  async function watch(): Promise<void> {
    let wait = SHORTEST_PAUSE
    while (!stopping) {
      const since = performance.now()
      await exitOf(child)
      if (stopping) return
      if (isWanted) {
        isWanted = false
        child = launch(program)
        continue
      }
      if (performance.now() - since > WELL_AFTER) wait = SHORTEST_PAUSE
      say(
        `${program.name} ended (${child.signalCode ?? `exit code ${child.exitCode}`}); starting it again in ${wait / 1000} s.`,
      )
      await pause(wait, stopped.signal)
      wait = Math.min(wait * 2, LONGEST_PAUSE)
      if (!stopping) child = launch(program)
    }
  }

  const watching = watch()
  return {
    async stop() {
      stopping = true
      stopped.abort()
      await endProgram(child)
      await watching
    },
    restart() {
      isWanted = true
      return endProgram(child)
    },
    hasten() {
      if (child.pid && child.exitCode === null && child.signalCode === null) signalGroup(child.pid, 'SIGKILL')
    },
  }
}
