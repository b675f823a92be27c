// What this process knows of one socket.

import { plusMs } from '../../shared/kit/time/time.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { CLOSE, type CloseCode } from '../transport/close-codes.ts'
import type { Connection } from '../transport/connection.ts'
import type { TokenBucket } from '../../shared/kit/process/token-bucket.ts'
import { newCommandBucket } from './command-rate.ts'

/** From opening to a token. Long enough for a phone that wakes up, short enough that idle strangers do not pile up. */
const AUTH_WINDOW = 5000

export interface ClientState {
  readonly connection: Connection
  /** Each once; an array, because a Set of ten takes three times the memory, and there are ten thousand peers. */
  channels: readonly string[]
  /** What it might hear and asked not to. */
  left: readonly string[]
  /** What it hears because it asked to. */
  asked: readonly string[]
  readonly bucket: TokenBucket
  /** Known as soon as a token or ticket named it, before it was found alive, so that its end reaches us in between. */
  sessionId: string | undefined
  /** Undefined until let in. */
  actor: Actor | undefined
  /** Off its topics while it catches up. */
  isMuted: boolean
  /** When it ends by itself: no token came, or the token is over. */
  endsAt: Date
  /** Its commands run one after the other; this is the end of the line. */
  turn: Promise<void>
}

export function newClientState(connection: Connection, now: Date): ClientState {
  return {
    connection,
    channels: [],
    left: [],
    asked: [],
    bucket: newCommandBucket(now),
    sessionId: undefined,
    actor: undefined,
    isMuted: false,
    endsAt: plusMs(now, AUTH_WINDOW),
    turn: Promise.resolve(),
  }
}

/** Why its time is over, if it is. */
export function expiryOf(client: ClientState, now: Date): CloseCode | undefined {
  if (now < client.endsAt) return undefined
  return client.actor ? CLOSE.tokenExpired : CLOSE.authTimeout
}
