// What brings clients' bytes here and takes ours to them: sockets, their topics (topic = channel) and a few pages of HTTP.
// uws.ts and ws.ts are the two that there are; choose-transport.ts says which of them this process uses.
// Promise, of both: a message is never dropped in silence. A socket that cannot take one more is closed, after a prefix
// without a gap; one that answers no ping is, too. Not promised: that such a client still sees a close code.

import type { SeenAddress } from '../../shared/kit/outside/client-address.ts'
import type { HttpAnswer } from '../../shared/kit/process/health.ts'
import type { Connection, Publish, Receiver } from './connection.ts'
import type { WebSocketHandshake } from './handshake.ts'
import type { OpenStreams } from './http-response.ts'

export interface TransportHandlers<Admitted> {
  path: string
  /** Where a client comes from, by what can be believed of it. */
  addressOf: (seen: SeenAddress) => string
  /** Lets a client in, or answers its request with a page instead. What takes time happens after opening. */
  upgrade(handshake: WebSocketHandshake): { admitted: Admitted } | HttpAnswer
  open(connection: Connection, admitted: Admitted): Receiver
  pages: Readonly<Record<string, (authorization: string) => Promise<HttpAnswer>>>
  streams: OpenStreams
}

export interface Transport {
  publish: Publish
  /** @param port 0 for any free one. @returns the port. @throws Error when it is taken */
  listen(host: string, port: number): Promise<number>
  refuseNew(): void
  /** Ends every socket and the listening one, at once. */
  close(): void
}

export type OpenTransport = <Admitted>(handlers: TransportHandlers<Admitted>) => Transport

export const MAX_FRAME = 64 * 1024
/** The hub closes a slow reader with its code at 1 MiB. This wall behind it bounds the memory, whatever happens in between. */
export const BACKLOG_WALL = 2 * 1024 * 1024
