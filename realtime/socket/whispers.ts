// Ephemeral frames: typing, presence. They travel by Redis publish/subscribe, have no number and are not replayed.
// Promise: none. A reader that lags misses them, a node that reconnects too.

import type { Event } from '../../shared/kit/event.ts'
import type { House } from '../../shared/kit/house.ts'
import { openBlocking, type Redis } from '../../shared/kit/redis.ts'

export class Whispers {
  readonly #house: House
  readonly #topic: string
  readonly #hear: (channel: string, frame: string) => void
  #subscriber: Redis | undefined

  /** @param hear takes what was said on any node */
  constructor(house: House, hear: (channel: string, frame: string) => void) {
    this.#house = house
    this.#topic = `${house.config.BULLMQ_PREFIX}:whispers`
    this.#hear = hear
  }

  async start(): Promise<void> {
    const subscriber = openBlocking(this.#house.config)
    subscriber.on('message', (_topic, message) => {
      const [channel = ''] = message.split('\n', 1)
      this.#hear(channel, message.slice(channel.length + 1))
    })
    this.#subscriber = subscriber
    await subscriber.subscribe(this.#topic)
  }

  async say<T>(event: Event<T>, channels: readonly string[], data: NoInfer<T>): Promise<void> {
    const at = this.#house.clock.now()
    await Promise.all(channels.map((ch) => this.#house.redis.publish(this.#topic, `${ch}\n${JSON.stringify({ t: 'event', ch, ev: event.name, at, data })}`)))
  }

  close(): void {
    this.#subscriber?.disconnect()
  }
}
