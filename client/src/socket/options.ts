// What a client is made with.

import { PAUSES, type Pauses } from './backoff.ts'
import type { SocketMaker } from './socket.ts'
import type { ClientError } from './client-error.ts'
import type { Positions, RefetchFrame } from './wire.ts'

/** away: it will come back. ended: the server, or a token that there is none of, said not to. closed: you did. */
export type State = 'connecting' | 'live' | 'away' | 'ended' | 'closed'

/** Why it is so: the close code and its reason. */
export interface StateReason {
  code: number
  reason: string
}

export interface Options {
  /** Origin of the API (https://…), or address of the socket (wss://…/ws). */
  url: string
  /** An access token that is good for a while: asked for at every connection, and before the present one ends. undefined: signed out. */
  token: () => string | undefined | Promise<string | undefined>
  /** Node before 22 has none of its own: take that of the package ws. */
  WebSocket?: SocketMaker
  /** Where an earlier client stood (`cursor()`), or X-Cursor of what was read by REST: what happened since is told first. */
  from?: Positions | string
  onState?: (state: State, why?: StateReason) => void
  /** Events of these channels may be missing: read again what you show of them. */
  onRefetch?: (refetch: Pick<RefetchFrame, 'reason' | 'channels'>) => void
  /** A channel that was subscribed to is no longer yours to hear. */
  onRefused?: (channel: string, why: ClientError) => void
  /** Milliseconds until a reply, or a hello, is given up. */
  patience?: number
  /** Milliseconds of silence until it asks whether the way is open. */
  silence?: number
  /** Milliseconds until an answer to that is given up. */
  probe?: number
  /** Where `online` and `offline` are told: the window's own unless given. */
  network?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  /** Commands that wait at most while it is away. */
  queue?: number
  pauses?: Pauses
}

/** The server pings every 25 seconds, which browsers do not show; its ticks come every minute. */
const DEFAULTS = { patience: 10_000, silence: 15_000, probe: 5_000, queue: 100, pauses: PAUSES }

export type ResolvedOptions = Options & Required<Pick<Options, keyof typeof DEFAULTS | 'WebSocket'>>

/** @throws Error when there is no WebSocket, or the address is none */
export function resolveOptions(options: Options): ResolvedOptions {
  const ofThePlatform: SocketMaker | undefined = Reflect.get(globalThis, 'WebSocket')
  const WebSocket = options.WebSocket ?? ofThePlatform
  if (!WebSocket) throw new Error('There is no WebSocket here: give the one of the package ws')
  const platform: unknown = globalThis
  const network = platform instanceof EventTarget ? platform : undefined
  return { network, ...DEFAULTS, ...options, url: socketUrl(options.url), WebSocket }
}

/** wss://example.com/ws as it is; of https://example.com the socket beside its API. */
function socketUrl(url: string): string {
  const address = new URL(url)
  address.protocol = address.protocol.replace('http', 'ws')
  if (address.pathname === '/') address.pathname = '/ws'
  return address.href
}
