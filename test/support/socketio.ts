// A person at a Socket.IO client. It keeps everything it hears.

import { io, type ManagerOptions, type Socket as Client, type SocketOptions } from 'socket.io-client'

export interface Heard {
  name: string
  // What a test expects of it, the test says.
  data: any
}

export interface SocketioPerson {
  readonly client: Client
  readonly heard: readonly Heard[]
  /** The first that fits, heard already or not yet. */
  hears(name: string, fits?: (data: any) => boolean, within?: number): Promise<any>
  /** Why the connection ended, as the library says it. */
  readonly ended: Promise<string>
  /** Asks with a callback. */
  asks(name: string, data?: unknown): Promise<any>
  close(): void
}

export function openSocketio(address: string, options: Partial<ManagerOptions & SocketOptions> = {}): SocketioPerson {
  const client = io(address, { forceNew: true, ...options })
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  client.onAny((name: string, data: unknown) => {
    heard.push({ name, data })
    for (const look of waiting) look()
  })
  const ended = new Promise<string>((resolve) => client.once('disconnect', resolve))

  return {
    client, heard, ended,
    hears: (name, fits = () => true, within = 5000) => new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look)
        reject(new Error(`Did not hear ${name} within ${within} ms, but: ${heard.map((each) => each.name).join(', ')}`))
      }, within)
      const look = (): void => {
        const found = heard.find((each) => each.name === name && fits(each.data))
        if (!found) return
        clearTimeout(late)
        waiting.delete(look)
        resolve(found.data)
      }
      waiting.add(look)
      look()
    }),
    asks: (name, data) => client.timeout(5000).emitWithAck(name, data),
    close: () => void client.close(),
  }
}
