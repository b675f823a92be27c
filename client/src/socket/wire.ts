// What goes over the wire, as a client sees it. Types only; docs/PROTOCOL.md says what they mean.

/** Every event that a client can hear, and what it carries: the contract of a release fills it. */
// oxlint-disable-next-line typescript/no-empty-interface -- it is filled by declarations elsewhere
export interface EventMap {}

/** Where one stands in the log: per partition the newest number, and the epoch in which it counts. */
export interface Positions {
  cursor: Record<string, number>
  epochs: Record<string, string>
}

/** RFC 9457. */
export interface ProblemObject {
  type: string
  title: string
  status: number
  code: string
  detail: string
  message: string
  errors?: readonly { path: string; message: string }[]
  requestId?: string
}

export interface ClientEventFrame {
  t: 'event'
  /** <partition>:<number>; ephemeral events have none. */
  id?: string
  ch: string
  ev: string
  at: string
  data: unknown
}

export interface ReplyFrame {
  t: 'reply'
  ref: string | number | null
  ok: boolean
  data?: unknown
  error?: ProblemObject
}

type Role = 'ADMIN' | 'SUPERVISOR' | 'OWNER' | 'STAFF' | 'EMPLOYEE' | 'DRIVER' | 'CUSTOMER' | 'GUEST'

export interface HelloFrame extends Positions {
  t: 'hello'
  user: { id: string; orgId: string; role: Role; fullName: string }
  node: string
  /** Seconds between the pings of the server. */
  heartbeat: number
  tokenExpiresAt: string
  channels: string[]
}

export interface RefetchFrame extends Positions {
  t: 'refetch'
  reason: 'trimmed' | 'log_lost' | 'rolled_back' | 'unreachable'
  channels: string[]
}

export interface ResumedFrame extends Positions {
  t: 'resumed'
  count: number
}

export interface TickFrame {
  t: 'tick'
  cursor: Positions['cursor']
}

export interface ByeFrame {
  t: 'bye'
  reconnect: boolean
  /** Milliseconds to wait first. */
  after: number
}

export type Frame =
  | HelloFrame
  | ClientEventFrame
  | ReplyFrame
  | RefetchFrame
  | ResumedFrame
  | TickFrame
  | ByeFrame

/** What JSON makes of it: instants are text. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T
