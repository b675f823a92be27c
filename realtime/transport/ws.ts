// The same as uws.ts, with the package ws on Node's own http, for where uWebSockets.js does not load.

import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type VerifyClientCallbackAsync, type WebSocket } from 'ws'
import { asksForWebSocket, takeUpgrades } from '../../shared/kit/outside/plain-request.ts'
import type { HttpAnswer } from '../../shared/kit/process/health.ts'
import { listenOn } from '../../shared/kit/process/listen.ts'
import { handshakeIn, streamHandshakeIn, SUBPROTOCOL } from './handshake.ts'
import { openStreamResponse, sendPage, writeResponse } from './http-response.ts'
import { pathOf, rawRequestOf, rawResponseOf } from './node-http.ts'
import { pingWheel } from './ping-wheel.ts'
import { Topics } from './topics.ts'
import { MAX_FRAME, type Transport, type TransportHandlers } from './transport.ts'
import { textFrame, WsConnection } from './ws-connection.ts'

export function openWsTransport<Admitted>(handlers: TransportHandlers<Admitted>): Transport {
  const topics = new Topics<Buffer>()
  const wheel = pingWheel<WsConnection>(
    (connection) => connection.beat(),
    (connection) => connection.endIfSilent(),
  )
  const server = createServer()
  const open = new Set<Duplex>()
  server.on('connection', (tcp) => {
    open.add(tcp)
    tcp.on('close', () => open.delete(tcp))
  })
  server.on('request', answererOf(handlers))
  const upgrade = upgraderOf(handlers, ({ ws, tcp, address, admitted }) => {
    const connection = new WsConnection({ ws, tcp, address, topics, left: () => wheel.delete(connection) })
    wheel.add(connection)
    connection.receiver = handlers.open(connection, admitted)
  })
  takeUpgrades(server, (request) => pathOf(request) === handlers.path && asksForWebSocket(request), upgrade)

  return {
    publish: (channel, frame) => (topics.has(channel) ? topics.publish(channel, textFrame(frame)) : 0),
    listen: (host, port) => listenOn(server, 'REALTIME_PORT', host, port),
    refuseNew: () => void server.close(),
    close: () => {
      wheel.stop()
      server.close()
      for (const tcp of open) tcp.destroy()
    },
  }
}

/** Pages and streams of events. */
function answererOf<Admitted>({ pages, streams, addressOf }: TransportHandlers<Admitted>): RequestListener {
  return (request, response) => {
    const [path, res] = [pathOf(request), rawResponseOf(response)]
    const asked = rawRequestOf(request)
    const page = request.method === 'GET' ? pages[path] : undefined
    if (page) return void sendPage(res, page(asked.header('authorization')))
    const isStream = streams.paths.includes(path)
    if (isStream && request.method === 'GET')
      return openStreamResponse(res, (outlet) => streams.open(streamHandshakeIn(asked, addressOf), outlet))
    if (isStream && request.method === 'OPTIONS')
      return writeResponse(res, streams.preflight({ origin: asked.header('origin') }))
    writeResponse(res, { status: 404, headers: {}, body: '' })
  }
}

interface Upgraded<Admitted> {
  ws: WebSocket
  tcp: TcpSocket
  address: string
  admitted: Admitted
}

function upgraderOf<Admitted>(
  { addressOf, upgrade }: TransportHandlers<Admitted>,
  opened: (upgraded: Upgraded<Admitted>) => void,
): (request: IncomingMessage, tcp: Duplex, head: Buffer) => void {
  const letIn = new WeakMap<IncomingMessage, { address: string; admitted: Admitted }>()
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_FRAME,
    handleProtocols: () => SUBPROTOCOL,
    // Asked when nothing else is wrong with the request: whoever is let in, and counted, does open.
    verifyClient: ({ req }: { req: IncomingMessage }, answer: Answer) => {
      const handshake = handshakeIn(rawRequestOf(req), addressOf)
      const outcome = isOpen(req.socket) ? upgrade(handshake) : GONE
      if (!('admitted' in outcome)) return answer(false, outcome.status, outcome.body, outcome.headers)
      letIn.set(req, { address: handshake.address, ...outcome })
      answer(true)
    },
  })
  return (request, tcp, head) =>
    server.handleUpgrade(request, tcp, head, (ws) => {
      const admission = letIn.get(request)
      if (admission) opened({ ws, tcp: request.socket, ...admission })
    })
}

type Answer = Parameters<VerifyClientCallbackAsync>[1]
const GONE: HttpAnswer = { status: 400, headers: {}, body: '' }

const isOpen = (tcp: Duplex): boolean => tcp.readable && tcp.writable
