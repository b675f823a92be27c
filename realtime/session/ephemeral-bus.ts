// Ephemeral frames: typing, presence. They travel by Redis publish/subscribe, have no number and are not replayed.
// Promise: none. A reader that lags misses them, a node that reconnects too. But it does not stay deaf: who hears nothing,
// not even what this node says to all, listens on another connection.

import type { EventDeclaration } from '../../shared/kit/declare/event.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { openSubscriber, reconnectRedis, type Redis } from '../../shared/kit/store/redis.ts'
import { SECOND } from '../../shared/kit/time/time.ts'

/** A word to all nodes that says nothing; two that are not heard are a connection that has gone silent. */
const SIGN_EVERY = 4 * SECOND
const DEAF_AFTER = 10 * SECOND
const SIGN = '\n'

export class EphemeralBus {
  readonly #runtime: Runtime
  readonly #topic: string
  readonly #hear: (channel: string, frame: string) => void
  #subscriber: Redis | undefined
  #signs: NodeJS.Timeout | undefined
  /** Monotonic. */
  #heardAt = 0

  /** @param hear takes what was said on any node */
  constructor(runtime: Runtime, hear: (channel: string, frame: string) => void) {
    this.#runtime = runtime
    this.#topic = `${runtime.config.BULLMQ_PREFIX}:whispers`
    this.#hear = hear
  }

  async start(): Promise<void> {
    const subscriber = openSubscriber(this.#runtime.config)
    subscriber.on('message', (_topic, message) => {
      this.#heardAt = performance.now()
      const [channel = ''] = message.split('\n', 1)
      if (message !== SIGN) this.#hear(channel, message.slice(channel.length + 1))
    })
    this.#subscriber = subscriber
    await subscriber.subscribe(this.#topic)
    subscriber.on('ready', () => void this.#subscribe(subscriber))
    this.#heardAt = performance.now()
    this.#signs = setInterval(() => void this.#mustHear(subscriber), SIGN_EVERY)
  }

  /** Again. Whoever may not any more hears nothing, and goes on. */
  async #subscribe(subscriber: Redis): Promise<void> {
    await subscriber
      .subscribe(this.#topic)
      .catch((error: unknown) => this.#runtime.log.warn({ err: error }, 'whispers are not heard any more'))
  }

  /** A server that is away says so to whoever asks it; here nothing can be done about it. */
  async #mustHear(subscriber: Redis): Promise<void> {
    if (performance.now() - this.#heardAt > DEAF_AFTER) {
      this.#heardAt = performance.now()
      reconnectRedis(subscriber)
    }
    await this.#runtime.redis.publish(this.#topic, SIGN).catch(() => undefined)
  }

  async say<T>(event: EventDeclaration<T>, channels: readonly string[], data: NoInfer<T>): Promise<void> {
    const at = this.#runtime.clock.now()
    await Promise.all(
      channels.map((ch) =>
        this.#runtime.redis.publish(
          this.#topic,
          `${ch}\n${JSON.stringify({ t: 'event', ch, ev: event.name, at, data })}`,
        ),
      ),
    )
  }

  close(): void {
    clearInterval(this.#signs)
    this.#subscriber?.disconnect()
  }
}
