// Who is typing where. Ephemeral: said on every node, never stored. It ends by itself, so that a phone in a lift does not
// type for ever.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { messageCreatedEvent, roomChannel, typingEvent } from '../../shared/chat/events.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import type { EphemeralBus } from './ephemeral-bus.ts'

/** Clients say it again every few seconds while somebody goes on. */
const LIFE = 6 * SECOND

export class TypingNotices {
  readonly #runtime: Runtime
  readonly #whispers: EphemeralBus
  /** Person and room → until when. */
  readonly #until = new Map<string, { userId: string; roomId: string; until: Date }>()
  readonly #timer: NodeJS.Timeout

  constructor(runtime: Runtime, whispers: EphemeralBus) {
    this.#runtime = runtime
    this.#whispers = whispers
    this.#timer = setInterval(() => void this.#end(runtime.clock.now()), SECOND).unref()
  }

  async say(userId: string, roomId: string, isTyping: boolean): Promise<void> {
    const key = `${userId} ${roomId}`
    const wasTyping = this.#until.has(key)
    if (isTyping) this.#until.set(key, { userId, roomId, until: plusMs(this.#runtime.clock.now(), LIFE) })
    else this.#until.delete(key)
    // Going on is nothing new.
    if (wasTyping !== isTyping) await this.#tell(userId, roomId, isTyping)
  }

  /** Whoever has said something is no longer typing it, on whichever node they did. */
  take({ event, channel, frame }: LogEntry): void {
    if (event !== messageCreatedEvent.name || !this.#isTypedIn(channel)) return
    const { data }: { data: { senderId: string | null; roomId: string } } = JSON.parse(frame)
    if (data.senderId !== null && this.#until.has(`${data.senderId} ${data.roomId}`))
      void this.say(data.senderId, data.roomId, false).catch(() => undefined)
  }

  #isTypedIn(channel: string): boolean {
    for (const { roomId } of this.#until.values()) if (roomChannel(roomId) === channel) return true
    return false
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #end(now: Date): Promise<void> {
    for (const [key, { userId, roomId, until }] of this.#until) {
      if (now < until) continue
      this.#until.delete(key)
      await this.#tell(userId, roomId, false).catch(() => undefined)
    }
  }

  async #tell(userId: string, roomId: string, isTyping: boolean): Promise<void> {
    await this.#whispers.say(typingEvent, [roomChannel(roomId)], { roomId, userId, isTyping })
  }
}
