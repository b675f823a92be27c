// A server of our own that outgoing requests come to, and that answers as it is told.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  path: string
  headers: Record<string, string>
  body: Buffer
}

export interface HttpPeer {
  url: string
  port: number
  heard: Heard[]
  /** What it answers; 'hangs': nothing, ever. 'trickles': a head, and then its body without end. */
  answer: { status: number; headers?: Record<string, string>; body?: string } | 'hangs' | 'trickles'
  close(): Promise<void>
}

export async function anHttpPeer(): Promise<HttpPeer> {
  const server = createServer((req, res) => void serve(client, req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client: HttpPeer = {
    url: `http://127.0.0.1:${port}`,
    port,
    heard: [],
    answer: { status: 200 },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return client
}

async function serve(client: HttpPeer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  client.heard.push({
    path: req.url ?? '',
    headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  })
  if (client.answer === 'hangs') return
  if (client.answer === 'trickles') return trickle(res)
  res.writeHead(client.answer.status, client.answer.headers).end(client.answer.body)
}

function trickle(res: ServerResponse): void {
  res.writeHead(200)
  const timer = setInterval(() => res.write('.'), 20)
  res.on('close', () => clearInterval(timer))
}
