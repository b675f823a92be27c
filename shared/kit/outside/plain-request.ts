// A request that offers another protocol which we do not speak (Java's client offers h2c with each) is to be answered as any
// other. Node takes every offer for an upgrade as soon as somebody listens for those: from 22 on it can be told which are.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** @param isOurs whether the request is for `upgrade`; the server answers the others as it would without their offer */
export function takeUpgrades(
  server: Server,
  isOurs: (request: IncomingMessage) => boolean,
  upgrade: (request: IncomingMessage, tcp: Duplex, head: Buffer) => void,
): void {
  Object.assign(server, { shouldUpgradeCallback: isOurs })
  server.on('upgrade', (request, tcp, head) => {
    if (isOurs(request)) upgrade(request, tcp, head)
    else readAgain(server, request, head)
  })
}

/** @param head what has come behind the request */
function readAgain(server: Server, request: IncomingMessage, head: Buffer): void {
  const { socket, method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let n = 0; n < rawHeaders.length; n += 2)
    if (!/^(upgrade|connection|http2-settings)$/i.test(rawHeaders[n] ?? ''))
      lines.push(`${rawHeaders[n]}: ${rawHeaders[n + 1]}`)
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
