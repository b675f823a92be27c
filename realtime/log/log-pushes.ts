// What is appended to the log is pushed by the script that appends it: a node hears it over a subscription, and asks for nothing.
// Promise: none but the order within a partition. What is missing here (the subscription broke, or the release before appended it,
// which pushes nothing) is found by its number, and read (broker.ts).

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { openSubscriber, reconnectRedis, type Redis } from '../../shared/kit/store/redis.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import { SECOND } from '../../shared/kit/time/time.ts'
import { readPushed } from './unopened-entry.ts'

/** A heartbeat passes every ten seconds: two that are not heard are a connection that has gone silent. */
const DEAF_AFTER = 25 * SECOND

interface Listener {
  take(partition: number, entries: LogEntry[], bytes: number): void
  /** Something may be missed from now on. */
  closed(): void
}

export class LogPushes {
  readonly #runtime: Pick<Runtime, 'config' | 'stream' | 'log'>
  readonly #listener: Listener
  #subscriber: Redis | undefined
  #isOpen = false
  /** Monotonic. */
  #heardAt = 0

  constructor(runtime: Pick<Runtime, 'config' | 'stream' | 'log'>, listener: Listener) {
    this.#runtime = runtime
    this.#listener = listener
  }

  /** Whether what is appended from now on is pushed to us, as far as we know. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  async open(): Promise<void> {
    const { config, stream } = this.#runtime
    const partitions = new Map(
      Array.from({ length: stream.partitions }, (_, partition) => [stream.logKey(partition), partition]),
    )
    const subscriber = openSubscriber(config)
    this.#subscriber = subscriber
    this.#heardAt = performance.now()
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      this.#heardAt = performance.now()
      const partition = partitions.get(channel.toString())
      if (partition !== undefined) this.#listener.take(partition, readPushed(message), message.length)
    })
    subscriber.on('close', () => {
      this.#isOpen = false
      this.#listener.closed()
    })
    await this.#subscribe(subscriber, [...partitions.keys()])
    subscriber.on('ready', () => void this.#subscribe(subscriber, [...partitions.keys()]))
  }

  /** Whoever may not is told, and reads. */
  async #subscribe(subscriber: Redis, channels: readonly string[]): Promise<void> {
    try {
      await subscriber.subscribe(...channels)
      this.#isOpen = true
    } catch (error) {
      this.#runtime.log.warn(
        { err: error },
        'the event log is not pushed to this node, which reads it instead',
      )
    }
  }

  /** Called now and then: a connection that is gone without a word is given up. */
  mustHear(): void {
    if (performance.now() - this.#heardAt <= DEAF_AFTER) return
    this.#heardAt = performance.now()
    if (this.#subscriber) reconnectRedis(this.#subscriber)
  }

  close(): void {
    this.#subscriber?.disconnect()
  }
}
