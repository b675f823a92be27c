// A socket of a namespace, as a connection like any other: what it is sent is translated, and so is its end.

import { SECOND } from '../../shared/kit/time/time.ts'
import { CLOSE, reconnectAdviceFor, type CloseCode } from '../transport/close-codes.ts'
import type { Connection } from '../transport/connection.ts'
import type { Topics } from '../transport/topics.ts'
import type { NamespaceTranslator } from './namespace-translator.ts'
import type { EngineConnection } from './engine-connection.ts'

/** As much of a Socket.IO socket as we need. */
interface NamespaceSocket {
  /** The connection underneath. */
  readonly conn: { close(discard?: boolean): unknown }
  on(event: 'disconnect', listener: () => void): unknown
  /** Leaves the namespace, and tells the client so. */
  disconnect(): unknown
}

interface Parts {
  socket: NamespaceSocket
  line: EngineConnection
  dialogue: NamespaceTranslator
  address: string
}

/** The library's client forgets what it has just read when the connection closes in the same breath. Within a drain's FLUSH. */
const LAST_WORDS = 20
/** Whose last namespace is gone closes the connection itself, or names another one. */
const CLIENT_CLOSES = SECOND

export function openConnection(topics: Topics, { socket, line, dialogue, address }: Parts): Connection {
  const channels = new Set<string>()
  let isOver = false
  const leave = (): void => {
    isOver = true
    for (const channel of channels) topics.unsubscribe(channel, connection)
  }
  const connection: Connection = {
    address,
    send: (frame) => {
      if (!isOver) dialogue.tell(frame)
    },
    subscribe: (channel) => {
      if (isOver) return
      channels.add(channel)
      topics.subscribe(channel, connection)
    },
    unsubscribe: (channel) => {
      channels.delete(channel)
      topics.unsubscribe(channel, connection)
    },
    close: (why) => {
      if (isOver) return
      dialogue.end(why.reason)
      leave()
      end(socket, line, why)
    },
    backlog: () => (isOver ? 0 : line.backlog() + dialogue.waiting()),
  }
  line.tenants++
  socket.on('disconnect', () => {
    line.tenants--
    leave()
  })
  return connection
}

/**
 * The library's client comes back by itself when the connection under it breaks, and never after a `disconnect`. So the
 * one who should come back as they are loses the connection, the others are disconnected.
 */
function end(socket: NamespaceSocket, line: EngineConnection, why: CloseCode): void {
  // What a slow reader has not taken is let go: waiting for it would be waiting for ever.
  if (why.code === CLOSE.slowReader.code) return void socket.conn.close(true)
  // With the same token nobody gets in again; a client that can say a newer one knows when, by `error`.
  const isFinal = reconnectAdviceFor(why.code) === 'not' || why.code === CLOSE.tokenExpired.code
  if (!isFinal) return closeConnection(socket)
  socket.disconnect()
  later(CLIENT_CLOSES, () => {
    if (line.tenants === 0) socket.conn.close()
  })
}

/** Breaks the connection, with all namespaces on it. */
export function closeConnection({ conn }: NamespaceSocket): void {
  later(LAST_WORDS, () => conn.close())
}

function later(milliseconds: number, work: () => void): void {
  setTimeout(work, milliseconds).unref()
}
