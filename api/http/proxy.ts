// One origin: what belongs to the realtime process is handed on to it. In production a reverse proxy does this.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RequestHandler } from 'express'
import { createProxyServer, proxyUpgrade } from 'httpxy'
import type { Config } from '../../shared/kit/process/config.ts'
import { CLIENT_HEADER, signAddress } from '../../shared/kit/outside/client-address.ts'
import { asksForWebSocket, takeUpgrades } from '../../shared/kit/outside/plain-request.ts'
import { AppError, unavailable } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { addressOf } from './caller-address.ts'
import type { RequestLimits } from './rate-limit.ts'

/** Where a path belongs, or undefined when it is ours. */
function targetOf(config: Config, path: string): string | undefined {
  if (/^\/socket\.io(\/|$)/.test(path))
    return config.SOCKETIO_URL ?? `http://127.0.0.1:${config.SOCKETIO_PORT}`
  if (/^\/ws$|^(\/api(\/v1)?)?\/(events\/stream|realtime\/stats)$/.test(path))
    return config.REALTIME_URL ?? `http://127.0.0.1:${config.REALTIME_PORT}`
  return undefined
}

const isEventStream = (path: string): boolean => path.endsWith('/events/stream')
/** Any status but 200 ends the attempts of an EventSource. Code and form as docs/PROTOCOL.md has them. */
const TRY_AGAIN = 'retry: 3000\nevent: close\ndata: {"t":"close","code":4200,"reason":"unavailable"}\n\n'

/** Plain requests: long polling and server-sent events. */
export function forwardRequests(runtime: Runtime, limits: RequestLimits): RequestHandler {
  const proxy = createProxyServer({ xfwd: true })
  return async (req, res, next) => {
    const target = targetOf(runtime.config, req.path)
    if (!target) return next()
    await limits.countForwarded(req.address)
    sayWhoAsks(runtime.config, req)
    try {
      await proxy.web(req, res, { target })
    } catch (error) {
      runtime.log.warn({ err: error, path: req.path }, 'the realtime process did not answer')
      if (res.headersSent) return void res.destroy()
      if (!isEventStream(req.path)) throw unavailable('Try again in a moment')
      res.type('text/event-stream').send(TRY_AGAIN)
    }
  }
}

/** @returns what ends them, and every plain request that was forwarded, when the server closes */
export function forwardSockets(runtime: Runtime, limits: RequestLimits, server: Server): { close(): void } {
  const open = new Set<{ destroy(): unknown }>()
  let isClosing = false
  // A stream of events does not end by itself, and whoever polls asks again over the connection they have:
  // both would keep a server from closing.
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    if (!targetOf(runtime.config, pathOf(req))) return
    if (isClosing) return void res.destroy()
    open.add(res)
    res.on('close', () => open.delete(res))
  })
  takeUpgrades(server, asksForWebSocket, (req, socket, head) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    const target = targetOf(runtime.config, pathOf(req))
    if (!target) return refuse(socket, '404 Not Found')
    if (isClosing) return refuse(socket, '503 Service Unavailable')
    limits
      .countForwarded(sayWhoAsks(runtime.config, req))
      .then(() => forwardUpgrade(target, req, socket, head))
      .catch((error: unknown) => refuseUpgrade(runtime, socket, error))
  })
  return {
    close() {
      isClosing = true
      for (const each of open) each.destroy()
    },
  }
}

async function forwardUpgrade(
  target: string,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  if (socket.destroyed) return
  const upstream = await proxyUpgrade(target, req, socket, head, { xfwd: false })
  // Whoever is cut off in the middle of a large frame sends the rest to nobody, and learns of it only when it is taken in.
  upstream.on('close', () => socket.resume())
}

function refuseUpgrade({ metrics, log }: Runtime, socket: Duplex, error: unknown): void {
  if (error instanceof AppError) {
    metrics.refusals.inc({ code: error.code })
    return refuse(socket, '429 Too Many Requests', error.retryAfter)
  }
  log.warn({ err: error }, 'the realtime process did not take a socket')
  refuse(socket, '503 Service Unavailable')
}

/** What a client says of itself ends here. The realtime process believes the address that we saw, for we sign it. */
function sayWhoAsks(config: Config, req: IncomingMessage): string {
  const address = addressOf(config, req)
  req.headers['x-forwarded-for'] = address
  req.headers[CLIENT_HEADER] = signAddress(config, address)
  return address
}

function pathOf(req: IncomingMessage): string {
  return req.url?.split('?')[0] ?? ''
}

function refuse(socket: Duplex, status: string, retryAfter = 1): void {
  if (socket.writable)
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: ${retryAfter}\r\n\r\n`,
    )
  else socket.destroy()
}
