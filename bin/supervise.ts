// One of our own processes, kept running: one that dies is started again after a pause that grows.
// Promise: a dead worker never ends the rest, and after stop() the process and what it started are gone. The exception: what
// could not even start, three times, lacks something that no fourth time brings.

import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import {
  endChild,
  exitOf,
  hasExited,
  pause,
  signalGroup,
  type Say,
  type Steps,
} from './embedded/processes.ts'
import { showLines } from './readable.ts'
import type { Environment } from '../shared/kit/process/config.ts'

interface Program {
  name: string
  /** What node is given, from the root of the project. */
  words: readonly string[]
  env: Environment
}

export interface Supervised {
  stop(): Promise<void>
  /** Whether the one that runs now has said that it is. */
  isReady(): boolean
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
/** Deaths of a process that was never ready. */
const MOST_STARTS = 3

/** In a process group of its own, where the terminal's Ctrl-C does not reach it; 'disconnect' tells it that we are gone. */
export function launch({ name, words, env }: Program): ChildProcess {
  const child = spawn(process.execPath, words, {
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

/** @param giveUp hears once, in a sentence, that it cannot start; left out, it is tried for ever */
export function supervise(program: Program, say: Say, giveUp?: Say): Supervised {
  const supervision = new Supervision(program, say, giveUp)
  const watching = supervision.watch()
  return {
    async stop() {
      await supervision.end()
      await watching
    },
    isReady: () => supervision.isReady(),
    restart: () => supervision.restart(),
    hasten: () => supervision.kill(),
  }
}

class Supervision {
  readonly #program: Program
  readonly #say: Say
  readonly #stopped = new AbortController()
  #child: ChildProcess
  /** It ends because it was asked to, and is to be started again. */
  #isRestarting = false
  readonly #giveUp: Say | undefined
  #wasReady = false
  #readyChild: ChildProcess | undefined
  #deaths = 0

  constructor(program: Program, say: Say, giveUp: Say | undefined) {
    this.#program = program
    this.#say = say
    this.#giveUp = giveUp
    this.#child = this.#launch()
  }

  #launch(): ChildProcess {
    const child = launch(this.#program)
    child.once('message', () => {
      this.#wasReady = true
      this.#readyChild = child
    })
    return child
  }

  async watch(): Promise<void> {
    for (let wait = SHORTEST_PAUSE; !this.#stopped.signal.aborted;) {
      const since = performance.now()
      await exitOf(this.#child)
      if (this.#stopped.signal.aborted) return
      if (!this.#isRestarting) {
        if (this.#cannotStart()) return this.#giveUp?.(this.#farewell())
        if (performance.now() - since > WELL_AFTER) wait = SHORTEST_PAUSE
        this.#reportDeath(wait)
        await pause(wait, this.#stopped.signal)
        wait = Math.min(wait * 2, LONGEST_PAUSE)
      }
      this.#isRestarting = false
      if (!this.#stopped.signal.aborted) this.#child = this.#launch()
    }
  }

  isReady(): boolean {
    return this.#readyChild === this.#child && !hasExited(this.#child)
  }

  async end(): Promise<void> {
    this.#stopped.abort()
    await endProgram(this.#child)
  }

  restart(): Promise<void> {
    this.#isRestarting = true
    return endProgram(this.#child)
  }

  kill(): void {
    const { pid } = this.#child
    if (pid && !hasExited(this.#child)) signalGroup(pid, 'SIGKILL')
  }

  /** Once it was ready, whatever ends it may pass. */
  #cannotStart(): boolean {
    return this.#giveUp !== undefined && !this.#wasReady && ++this.#deaths === MOST_STARTS
  }

  #farewell(): string {
    return (
      `${this.#program.name} ended ${MOST_STARTS} times while it started (${this.#lastEnd()}); ` +
      'the lines above say why. Bellhop gives up.'
    )
  }

  #reportDeath(wait: number): void {
    this.#say(`${this.#program.name} ended (${this.#lastEnd()}); starting it again in ${wait / 1000} s.`)
  }

  #lastEnd(): string {
    const { signalCode, exitCode } = this.#child
    return signalCode ?? `exit code ${exitCode}`
  }
}
