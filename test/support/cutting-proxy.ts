// A network between us and a server, which a test can cut: by a reset, or by saying nothing any more.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  /** The server's address, by way of this proxy. */
  readonly url: string
  /** Connections that are open. */
  readonly open: number
  /** Connections that came and were reset at once. */
  readonly refused: number
  /** What is open goes silent, both ways, and is never reset. @param all those that come from now on, too */
  swallow(all?: 'and all that come'): void
  /** What is open is reset, and so is whatever comes, until `pass`. */
  reset(): void
  /** Those that come from now on reach the server. */
  pass(): void
  /** Lets the next chunk that holds these words reach the server, and resets the connection before the answer comes. */
  cutAfter(words: string): void
  /** The connection on which these words come goes silent with them; others, and new ones, pass. */
  swallowAfter(words: string): void
  close(): Promise<void>
}

interface Pair {
  client: Socket
  server: Socket
}

/** @param url of a server, with its port */
export async function aCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url)
  const pairs = new Set<Pair>()
  let way: 'pass' | 'reset' | 'swallow' = 'pass'
  let cutAt: string | undefined
  let silentAt: string | undefined
  let refused = 0

  const listener = createServer((client) => {
    client.on('error', () => undefined)
    if (way === 'reset') {
      refused++
      return void client.resetAndDestroy()
    }
    if (way === 'swallow') return void client.resume()
    const server = connect(Number(target.port), target.hostname)
    const pair = { client, server }
    pairs.add(pair)
    const end = (): void => {
      client.destroy()
      server.destroy()
      pairs.delete(pair)
    }
    server.on('error', end)
    client.on('data', (chunk) => {
      if (silentAt !== undefined && chunk.includes(silentAt)) {
        silentAt = undefined
        return silence(pair)
      }
      if (cutAt === undefined || !chunk.includes(cutAt)) return void server.write(chunk)
      cutAt = undefined
      // The server carries it out, and nobody hears of it.
      client.removeAllListeners('close')
      server.removeAllListeners('data').once('data', () => {
        client.resetAndDestroy()
        end()
      })
      server.write(chunk)
    })
    server.on('data', (chunk) => void client.write(chunk))
    client.on('end', end).on('close', end)
    server.on('end', end)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(typeof address === 'object' && address?.port)

  const everybody = new Set<Socket>()
  listener.on('connection', (socket) => {
    everybody.add(socket)
    socket.on('close', () => everybody.delete(socket))
  })

  return {
    url: through.href,
    get open() {
      return pairs.size
    },
    get refused() {
      return refused
    },
    swallow(all) {
      for (const pair of pairs) silence(pair)
      if (all) way = 'swallow'
    },
    reset() {
      way = 'reset'
      for (const { client, server } of pairs) {
        client.resetAndDestroy()
        server.destroy()
      }
    },
    pass() {
      way = 'pass'
    },
    cutAfter(words) {
      cutAt = words
    },
    swallowAfter(words) {
      silentAt = words
    },
    async close() {
      for (const socket of everybody) socket.destroy()
      for (const { server } of pairs) server.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

function silence({ client, server }: Pair): void {
  client.removeAllListeners('data').resume()
  server.removeAllListeners('data').removeAllListeners('end').resume()
}
