// What is read once, and again when asked, when it could not be read, or when the audit tells ADMINs of a change, or may have: for
// what has no events of its own. And deeds that are done at once.

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { ProblemError } from '../client/src/index.ts'
import { client } from './client.ts'
import { sayProblem } from './elements/basic.ts'
import { say } from './elements/toast.ts'

/** Milliseconds. */
const A_MOMENT = 100
const RETRY = 2000

export class Loaded<Value> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #read: () => Promise<Value>
  readonly #entities: readonly string[]
  #ends: (() => void)[] = []
  #reading = 0
  #isShown = false
  #again: ReturnType<typeof setTimeout> | undefined
  value: Value | undefined
  problem: unknown

  /** @param entities it is read again when the audit tells of one of these */
  constructor(host: ReactiveControllerHost, read: () => Promise<Value>, entities: readonly string[] = []) {
    this.#host = host
    this.#read = read
    this.#entities = entities
    host.addController(this)
  }

  hostConnected(): void {
    this.#isShown = true
    void this.reload()
    if (this.#entities.length === 0) return
    let timer: ReturnType<typeof setTimeout> | undefined
    this.#ends = [
      client.on('audit.recorded', ({ entity }) => {
        if (this.#entities.includes(entity)) void this.reload()
      }),
      // Also told when somebody signs out, whereupon the page goes away.
      client.onMissed(() => {
        clearTimeout(timer)
        timer = setTimeout(() => void this.reload(), A_MOMENT)
      }),
      () => clearTimeout(timer),
    ]
  }

  hostDisconnected(): void {
    this.#isShown = false
    clearTimeout(this.#again)
    for (const end of this.#ends.splice(0)) end()
  }

  /** Of two readings that cross the later one holds. */
  async reload(): Promise<void> {
    clearTimeout(this.#again)
    const mine = ++this.#reading
    const read = await this.#read().then(
      (value) => ({ value, problem: undefined }),
      (problem: unknown) => ({ value: this.value, problem }),
    )
    if (mine !== this.#reading) return
    this.value = read.value
    this.problem = read.problem
    const isRefused = read.problem instanceof ProblemError && !read.problem.isPassing
    if (read.problem !== undefined && !isRefused && this.#isShown)
      this.#again = setTimeout(() => void this.reload(), RETRY)
    this.#host.requestUpdate()
  }
}

/**
 * What is refused is said at the foot of the page.
 * @param undo what takes it back, offered beside what was done @returns whether it was done
 */
export async function attempt(
  work: () => Promise<unknown>,
  done?: string,
  undo?: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work()
    if (done) say(done, undo && (() => void attempt(undo)))
    return true
  } catch (error) {
    say(sayProblem(error))
    return false
  }
}
