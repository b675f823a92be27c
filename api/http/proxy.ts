// One origin: what asks for a socket is handed on to the realtime process. In production a reverse proxy does this.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { proxyUpgrade } from 'httpxy'
import type { House } from '../../shared/kit/house.ts'

export function forwardSockets(house: House, server: Server): { close(): void } {
  const open = new Set<Duplex>()
  const target = house.config.REALTIME_URL ?? `http://127.0.0.1:${house.config.REALTIME_PORT}`
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    if (!req.url?.startsWith('/ws')) return refuse(socket, '404 Not Found')
    proxyUpgrade(target, req, socket as never, head, { xfwd: true, changeOrigin: false }).catch((error: unknown) => {
      house.log.warn({ err: error }, 'the realtime process did not take a socket')
      refuse(socket, '503 Service Unavailable')
    })
  })
  return { close: () => open.forEach((socket) => socket.destroy()) }
}

function refuse(socket: Duplex, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n`)
  else socket.destroy()
}
