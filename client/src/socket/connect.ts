// The client of the socket protocol (docs/PROTOCOL.md), for browsers and for Node 20 and later. It depends on nothing.
// Promise: handlers hear every event of the client's channels once and in the order of the log, over any number of broken
// connections, or onRefetch hears which channels to read again. Not promised: order between partitions of the log.

import { Resumption } from './resumption.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import { EventListeners, type Handle } from './listeners.ts'
import { resolveOptions, type Options, type ResolvedOptions, type State } from './options.ts'
import { CommandQueue } from './command-queue.ts'
import { clientError } from './client-error.ts'
import { Renewal } from './renewal.ts'
import type { EventMap, HelloFrame, Positions } from './wire.ts'

export type { EventContext } from './listeners.ts'
export type { Options, State, StateReason } from './options.ts'
export { ClientError } from './client-error.ts'
export type { EventMap, Positions } from './wire.ts'

export interface Client {
  /** @returns what ends it */
  on<Name extends keyof EventMap>(event: Name, handle: Handle<EventMap[Name]>): () => void
  /** Of every event, also of those that this version does not know. @returns what ends it */
  onAny(handle: Handle<unknown>): () => void
  /** Beside the channels that a client hears by itself; again after every return. @throws Refusal when it is not yours to hear */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /** Sent once the client is live; while it is away, it waits. @returns what the reply carries. @throws Refusal, a problem object */
  command(c: string, data?: unknown): Promise<unknown>
  /** Where it stands: `from` of a later client. */
  cursor(): Positions
  readonly state: State
  /** Commands that are kept until they are answered: a message sent while away is among them, and is sent once. */
  readonly pending: number
  /** Whose token it was; undefined before the first hello. */
  readonly user: HelloFrame['user'] | undefined
  close(): void
}

/** Begins at once, and comes back until it is closed or told not to. @throws Error for an address or a cursor that is none */
export function connect(given: Options): Client {
  const { listeners, commands, resumption, socket } = openParts(resolveOptions(given))
  return {
    on: (event, handle) => listeners.on(event, handle),
    onAny: (handle) => listeners.onAny(handle),
    async subscribe(channel) {
      resumption.want(channel, true)
      try {
        resumption.cursor.raise(positionsIn(await commands.ask('subscribe', { channel })))
      } catch (error) {
        resumption.forget(channel)
        throw error
      }
    },
    async unsubscribe(channel) {
      resumption.want(channel, false)
      await commands.ask('unsubscribe', { channel })
    },
    command: (c, data) => commands.ask(c, data),
    cursor: () => resumption.cursor.positions(),
    get state() {
      return socket.state
    },
    get pending() {
      return commands.pending
    },
    get user() {
      return resumption.hello?.user
    },
    close: () => socket.finish('closed', { code: 1000, reason: 'closed' }),
  }
}

interface Parts {
  listeners: EventListeners
  commands: CommandQueue
  resumption: Resumption
  socket: ReconnectingSocket
}

function openParts(options: ResolvedOptions): Parts {
  const listeners = new EventListeners()
  const commands = new CommandQueue(options.patience, options.queue, () => socket.giveUp())
  const resumption = new Resumption(options, {
    commands,
    send: (frame) => socket.send(frame),
    tell: (event) => listeners.tell(event),
    live: () => {
      socket.live()
      commands.live()
    },
  })
  const socket = openSocket(options, commands, resumption)
  return { listeners, commands, resumption, socket }
}

function openSocket(
  options: ResolvedOptions,
  commands: CommandQueue,
  resumption: Resumption,
): ReconnectingSocket {
  const renewal = new Renewal({
    token: async () => options.token(),
    ask: (c, data) => commands.askNow(c, data),
  })
  const lost = (): void => {
    resumption.lost()
    renewal.stop()
    commands.lost()
  }
  const socket = new ReconnectingSocket(options, {
    heard: (frame) => {
      if (frame.t === 'hello') {
        commands.attach((command) => socket.send(command))
        renewal.start(frame.tokenExpiresAt)
      }
      resumption.hear(frame)
    },
    lost,
    over: (state, { reason }) => {
      lost()
      commands.end(clientError(state, `The client is ${state}: ${reason}`))
    },
  })
  return socket
}

function positionsIn(reply: unknown): Positions {
  const { cursor = {}, epochs = {} }: Partial<Positions> = Object(reply)
  return { cursor, epochs }
}
