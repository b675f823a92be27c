// The only importer of uWebSockets.js: one app with its sockets, its topics (topic = channel) and a few pages of HTTP.
// Promise: a message is never dropped in silence. A socket that cannot take one more is closed, after a prefix without a
// gap. Not promised: that such a client still sees a close code; it may be too far behind.

import uWS from 'uWebSockets.js'
import { cannotListen } from '../../shared/kit/process/listen.ts'
import { CLOSE, type CloseCode } from './close-codes.ts'
import type { Connection, Receiver } from './connection.ts'
import { handshakeIn, streamHandshakeIn, subprotocolFor, type RawRequest } from './handshake.ts'
import { LAST_ANSWER_SECONDS, PING_SECONDS, pingWheel, type PingWheel } from './ping-wheel.ts'
import { sendPage, openStreamResponse, writeResponse } from './http-response.ts'
import { BACKLOG_WALL, MAX_FRAME, type Transport, type TransportHandlers } from './transport.ts'

type Socket<Admitted> = uWS.WebSocket<{ seat: Seat<Admitted> }>

/**
 * One socket. A class, because there are ten thousand: a closure for each thing that it can do would cost seven times as
 * much memory. The library ends the process when a closed socket is used, hence `socket` is undefined before and after.
 */
class Seat<Admitted> implements Connection {
  readonly address: string
  /** Until it opens. */
  admission: { admitted: Admitted } | undefined
  socket: Socket<Admitted> | undefined
  receiver: Receiver | undefined
  isOverfull = false

  constructor(address: string, admission: { admitted: Admitted }) {
    this.address = address
    this.admission = admission
  }

  send(frame: string): void {
    this.socket?.send(frame)
  }

  subscribe(channel: string): void {
    this.socket?.subscribe(channel)
  }

  unsubscribe(channel: string): void {
    this.socket?.unsubscribe(channel)
  }

  close({ code, reason }: CloseCode): void {
    this.socket?.end(code, reason)
  }

  backlog(): number {
    return this.socket?.getBufferedAmount() ?? 0
  }
}

/** Two pings, at 25 and 50 seconds of silence. The library checks every 4. */
const IDLE_SECONDS = 2 * PING_SECONDS + LAST_ANSWER_SECONDS
/** LIBUS_LISTEN_EXCLUSIVE_PORT; left out, two processes can share a port and neither knows. */
const EXCLUSIVE = 1

export function openUwsTransport<Admitted>(doings: TransportHandlers<Admitted>): Transport {
  const app = uWS.App()
  const wheel = pingWheel<Socket<Admitted>>((socket) => socket.ping())
  let listening: uWS.us_listen_socket | undefined
  app.ws(doings.path, behaviour(doings, wheel))
  for (const [path, page] of Object.entries(doings.pages))
    app.get(path, (res, req) => sendPage(res, page(req.getHeader('authorization'))))
  for (const path of doings.streams.paths) {
    app.get(path, (res, req) =>
      openStreamResponse(res, (outlet) =>
        doings.streams.open(streamHandshakeIn(rawRequestOf(res, req), doings.addressOf), outlet),
      ),
    )
    app.options(path, (res, req) =>
      writeResponse(res, doings.streams.preflight({ origin: req.getHeader('origin') })),
    )
  }
  app.any('/*', (res) => writeResponse(res, { status: 404, headers: {}, body: '' }))

  return {
    publish: (channel, frame) => {
      const listeners = app.numSubscribers(channel)
      if (listeners > 0) app.publish(channel, frame)
      return listeners
    },
    listen: async (host, port) => {
      listening = await listen(app, host, port)
      return uWS.us_socket_local_port(listening)
    },
    refuseNew: () => {
      if (listening) uWS.us_listen_socket_close(listening)
      listening = undefined
    },
    close: () => {
      wheel.stop()
      app.close()
    },
  }
}

function behaviour<Admitted>(
  doings: TransportHandlers<Admitted>,
  wheel: PingWheel<Socket<Admitted>>,
): uWS.WebSocketBehavior<{ seat: Seat<Admitted> }> {
  return {
    maxPayloadLength: MAX_FRAME,
    maxBackpressure: BACKLOG_WALL,
    // Left out, a reader over the limit stays open and misses messages without a word.
    closeOnBackpressureLimit: 1,
    idleTimeout: IDLE_SECONDS,
    // The library would ping once and then close; we give two chances.
    sendPingsAutomatically: false,
    upgrade: (res, req, context) => upgrade(doings, res, req, context),
    open: (socket) => {
      wheel.add(socket)
      const { seat } = socket.getUserData()
      const { admission } = seat
      Object.assign(seat, { socket, admission: undefined })
      if (admission) seat.receiver = doings.open(seat, admission.admitted)
    },
    // The bytes are the library's again when this returns.
    message: (socket, bytes, isBinary) => {
      socket.getUserData().seat.receiver?.message(isBinary ? undefined : Buffer.from(bytes).toString())
    },
    dropped: (socket) => {
      socket.getUserData().seat.isOverfull = true
    },
    close: (socket) => {
      wheel.delete(socket)
      const { seat } = socket.getUserData()
      seat.socket = undefined
      seat.receiver?.closed(seat.isOverfull ? CLOSE.slowReader : undefined)
    },
  }
}

function listen(app: uWS.TemplatedApp, host: string, port: number): Promise<uWS.us_listen_socket> {
  return new Promise((resolve, reject) => {
    const heard = (socket: uWS.us_listen_socket | false): void => {
      if (socket) resolve(socket)
      else reject(cannotListen('REALTIME_PORT', host, port))
    }
    // The library takes host, port and options together; only its types do not say so.
    Reflect.apply(app.listen, app, [host, port, EXCLUSIVE, heard])
  })
}

/**
 * At once, never after an await: the library's cork, which a late upgrade needs, now and then takes the new socket for
 * the old response and closes it (seen at 3 of 100).
 */
function upgrade<Admitted>(
  doings: TransportHandlers<Admitted>,
  res: uWS.HttpResponse,
  req: uWS.HttpRequest,
  context: uWS.us_socket_context_t,
): void {
  const handshake = handshakeIn(rawRequestOf(res, req), doings.addressOf)
  const outcome = doings.upgrade(handshake)
  if (!('admitted' in outcome)) return writeResponse(res, outcome)
  res.upgrade(
    { seat: new Seat(handshake.address, outcome) },
    req.getHeader('sec-websocket-key'),
    subprotocolFor(handshake),
    req.getHeader('sec-websocket-extensions'),
    context,
  )
}

function rawRequestOf(res: uWS.HttpResponse, req: uWS.HttpRequest): RawRequest {
  return {
    remote: Buffer.from(res.getRemoteAddressAsText()).toString(),
    header: (name) => req.getHeader(name),
    query: (name) => req.getQuery(name),
  }
}
