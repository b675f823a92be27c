// The HTTP server around the app: listens, forwards sockets to the realtime process, drains.

import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { listenOn } from '../shared/kit/process/listen.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { makeApp } from './app.ts'
import { openRequestLimits } from './http/rate-limit.ts'
import { forwardSockets } from './http/proxy.ts'

export interface Api {
  port: number
  /** Ends within SHUTDOWN_DEADLINE, whatever clients do. */
  close(): Promise<void>
}

export async function startApi(runtime: Runtime): Promise<Api> {
  const server = createServer(makeApp(runtime))
  // A little longer than a proxy keeps its idle connections, so that none is closed under a request.
  server.keepAliveTimeout = 65_000
  const drain = prepareDrain(server)
  const sockets = forwardSockets(runtime, openRequestLimits(runtime), server)
  const port = await listenOn(server, 'PORT', runtime.config.HOST, runtime.config.PORT)
  return {
    port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      sockets.close()
      // Most of the deadline is for the answers under way; the rest for closing the runtime.
      const impatience = drain(runtime.config.SHUTDOWN_DEADLINE * 0.7)
      await closed
      clearTimeout(impatience)
    },
  }
}

/**
 * A server closes when its last connection has. But a client keeps one and asks again over it, sends half a request, or
 * reads no answer. So while we drain a connection ends with its answer, and all of them when patience does.
 * @returns what begins the drain, and the timer of its patience
 */
function prepareDrain(server: Server): (patience: number) => NodeJS.Timeout {
  const connections = new Set<Socket>()
  let isDraining = false
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  server.on(
    'request',
    ({ socket }, res) =>
      void res.on('close', () => {
        if (isDraining) socket.destroySoon()
      }),
  )
  return (patience) => {
    isDraining = true
    server.closeIdleConnections()
    return setTimeout(() => connections.forEach((socket) => socket.destroy()), patience)
  }
}
