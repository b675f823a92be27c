// Socket.IO for clients that exist. The only importer of socket.io, on Node's own http server and the ws package.
// Promise: a socket of a namespace is a connection like any other (client-session.ts): let in, fed, limited and closed by the same
// code. Not promised: resuming. After a reconnect its client reads again by REST.

import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import { listenOn } from '../../shared/kit/process/listen.ts'
import { SECOND } from '../../shared/kit/time/time.ts'
import type { TokenSource } from '../session/authenticate.ts'
import { problemReply } from '../session/commands.ts'
import type { RealtimeContext } from '../session/context.ts'
import { mustComeFromOurPages } from '../transport/handshake.ts'
import { PING_SECONDS } from '../transport/ping-wheel.ts'
import { openSession } from '../session/client-session.ts'
import { closeConnection, openConnection } from './connection.ts'
import { openTranslator, type NamespaceTranslator } from './namespace-translator.ts'
import { addressIn, handshakeSource } from './handshake.ts'
import { UploadGuard, MAX_SOCKETIO_FRAME } from './upload-guard.ts'
import { openLookupCache } from './lookup-cache.ts'
import { EngineConnection } from './engine-connection.ts'
import { storeFile } from './store-file.ts'
import { NAMESPACES } from './vocabulary/all.ts'
import type { Lookups, Namespace } from './vocabulary/mapping.ts'

export interface SocketioServer {
  /** @returns the port. @throws Error when it is taken */
  listen(): Promise<number>
  refuseNew(): void
  /** Ends every socket and the listening one, at once. */
  close(): Promise<void>
}

/** From connecting to naming a namespace. */
const NAMESPACE_WINDOW = 10 * SECOND

export function startSocketio(context: RealtimeContext): SocketioServer {
  const { config, metrics } = context.runtime
  const server = createServer((_req, res) => res.writeHead(404).end())
  const open = new Set<TcpSocket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  const uploadGuard = new UploadGuard(config.MAX_FILE_SIZE, () => metrics.refusals.inc({ code: 'too_large' }))
  const io = openIo(context, server, uploadGuard)
  serveNamespaces(context, io, uploadGuard)

  return {
    listen: () => listenOn(server, 'SOCKETIO_PORT', config.HOST, config.SOCKETIO_PORT),
    refuseNew: () => void server.close(),
    async close() {
      const closed = io.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function openIo(context: RealtimeContext, server: HttpServer, uploadGuard: UploadGuard): Server {
  const io = new Server(server, {
    wsEngine: uploadGuard.wsEngine,
    serveClient: false,
    maxHttpBufferSize: MAX_SOCKETIO_FRAME,
    connectTimeout: NAMESPACE_WINDOW,
    pingInterval: PING_SECONDS * SECOND,
    cors: { origin: [...context.runtime.config.CORS_ORIGINS], credentials: true },
    allowRequest: (req, answer) => {
      const problem = problemWith(context, req, io.engine.clientsCount)
      answer(problem, problem === null)
    },
  })
  return io
}

/** Several namespaces may share one connection of Engine.IO. */
function serveNamespaces(context: RealtimeContext, io: Server, uploadGuard: UploadGuard): void {
  const connections = new WeakMap<Socket['conn'], EngineConnection>()
  const lookups = openLookupCache(context.runtime)
  for (const [name, words] of Object.entries(NAMESPACES)) {
    io.of(name).on('connection', (socket) => {
      const connection = connections.get(socket.conn) ?? new EngineConnection(socket.conn, uploadGuard)
      connections.set(socket.conn, connection)
      welcome(context, words, lookups, socket, connection)
    })
  }
}

/** Asked of a client that begins, not of each of its requests. @returns what is wrong, or null */
function problemWith(context: RealtimeContext, { headers }: IncomingMessage, clients: number): string | null {
  try {
    mustComeFromOurPages(
      { origin: headers.origin ?? '', host: headers.host ?? '' },
      context.runtime.config.CORS_ORIGINS,
    )
    if (clients >= context.runtime.config.MAX_SOCKETS)
      throw unavailable('This node has as many sockets as it takes')
    return null
  } catch (error) {
    return problemReply(context, error).detail
  }
}

function welcome(
  context: RealtimeContext,
  words: Namespace,
  knowledge: Lookups,
  socket: Socket,
  line: EngineConnection,
): void {
  const { runtime, connectionLimits, hub } = context
  const dialogue = openTranslator(words, knowledge, {
    out: (name, payload) => void socket.emit(name, payload),
    letIn: () => line.letIn(),
    fileAnswered: () => line.stored(),
  })
  const address = addressIn(socket.handshake, runtime.config)
  try {
    if (context.isClosing) throw unavailable('This node is going away')
    connectionLimits.admit(address, hub.peers.size)
  } catch (error) {
    problemReply(context, error)
    dialogue.refuse(error)
    return closeConnection(socket)
  }
  const connection = openConnection(context.topics, { socket, line, dialogue, address })
  const visit = openSession(
    context,
    connection,
    orSayWhyNot(handshakeSource(context, socket.handshake, address), dialogue),
  )
  socket.onAny((name: string, ...args: unknown[]) => {
    const question = dialogue.asked(name, args)
    if ('text' in question) visit.message(question.text)
    else visit.carry(question.ref, (speaker) => storeFile(speaker, question))
  })
  socket.on('disconnect', () => visit.closed())
}

function orSayWhyNot(proof: TokenSource, dialogue: NamespaceTranslator): TokenSource {
  return () =>
    proof().catch((error: unknown) => {
      dialogue.refuse(error)
      throw error
    })
}
