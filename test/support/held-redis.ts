// What a simulated node asks of the log waits here until the simulation lets it through, so that a seed decides how far
// a node lags. A node is named by `connectionName` in its REDIS_URL; everybody else passes. The answers are those of the
// real server; reading does not block it, as waiting is done here. Nothing is pushed to it: it reads whatever it hears.

import { Redis, type Command } from 'ioredis'

interface Held {
  command: Command
  go(): unknown
}

const READING: ReadonlySet<string> = new Set(['xread', 'xrange', 'hmget'])

export class HeldRedis {
  readonly #lines = new Map<string, Held[]>()
  readonly #open = new Set<string>()
  readonly #gone = new Set<string>()
  readonly #passed = new WeakSet<Command>()
  readonly #original = Redis.prototype.sendCommand
  /** Commands under way that nobody waits for. */
  underWay = 0

  begin(): void {
    const take = (redis: Redis, command: Command, send: () => unknown): unknown =>
      this.#isHeld(redis, command) ? this.#hold(redis, command, send) : this.#follow(redis, command, send)
    const original = this.#original
    Redis.prototype.sendCommand = function sendCommand(this: Redis, command, stream) {
      return take(this, command, () => original.call(this, command, stream))
    }
  }

  end(): void {
    Redis.prototype.sendCommand = this.#original
  }

  /** From here on its commands pass, or wait again. */
  setOpen(node: string, isOpen: boolean): void {
    if (isOpen) this.#open.add(node)
    else this.#open.delete(node)
  }

  /** What a node waits for, first come first. */
  waiting(node: string): string[] {
    return this.#line(node).map(({ command }) => command.name)
  }

  /**
   * Lets the first through, and those beside it that are asked in one go. @param count entries in one
   * answer @returns whether something came
   */
  async pass(node: string, count: number): Promise<boolean> {
    const line = this.#line(node)
    const name = line[0]?.command.name
    const together = name === 'hmget' ? line.findIndex(({ command }) => command.name !== name) : 1
    const some = line.splice(0, together < 0 ? line.length : together)
    const answers = await Promise.all(
      some.map(async (held) => {
        if (name === 'xread') withoutWaiting(held.command, count)
        this.#passed.add(held.command)
        held.go()
        return held.command.promise.catch(() => null)
      }),
    )
    return name !== 'xread' || answers.some((answer) => answer !== null)
  }

  /** The node is gone: nothing that it asked, or still asks, is answered. */
  cutOff(node: string): void {
    this.#gone.add(node)
    for (const { command } of this.#line(node).splice(0)) refuse(command)
  }

  #isHeld(redis: Redis, command: Command): boolean {
    return Boolean(redis.options.connectionName) && READING.has(command.name) && !this.#passed.has(command)
  }

  #hold(redis: Redis, command: Command, go: () => unknown): unknown {
    const node = redis.options.connectionName ?? ''
    if (this.#gone.has(node)) return refuse(command)
    if (!this.#open.has(node)) {
      this.#line(node).push({ command, go })
      return command.promise
    }
    this.#passed.add(command)
    return this.#follow(redis, command, go)
  }

  /** What a node asks beside its reading is not held, but nothing is quiet before it is answered. */
  #follow(redis: Redis, command: Command, go: () => unknown): unknown {
    if (redis.options.connectionName && command.name === 'subscribe') return refuse(command)
    if (
      !redis.options.connectionName ||
      (READING.has(command.name) && !this.#open.has(redis.options.connectionName))
    )
      return go()
    this.underWay++
    command.promise
      .finally(() => {
        this.underWay--
      })
      .catch(() => undefined)
    return go()
  }

  #line(node: string): Held[] {
    const line = this.#lines.get(node) ?? []
    this.#lines.set(node, line)
    return line
  }
}

function refuse(command: Command): unknown {
  command.reject(new Error('The simulated node is gone.'))
  return command.promise
}

/** XREAD COUNT c BLOCK ms STREAMS … */
function withoutWaiting(command: Command, count: number): void {
  const at = command.args.findIndex((arg) => arg === 'BLOCK')
  if (at >= 0) command.args.splice(at, 2)
  command.args[1] = String(count)
}
