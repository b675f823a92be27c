// A person at a Socket.IO client. It keeps everything it hears.

import { io, type ManagerOptions, type Socket as Client, type SocketOptions } from 'socket.io-client'
import { WebSocket } from 'ws'
import { until } from './until.ts'
import { PATIENCE } from './patience.ts'

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
  /** Everything heard under a name, in its order. */
  all(name: string): any[]
  /** Says it, without a callback. */
  says(name: string, data?: unknown): void
  /** Why the connection ended, as the library says it. */
  readonly ended: Promise<string>
  /** Asks with a callback. */
  asks(name: string, data?: unknown): Promise<any>
  close(): void
}

export function openSocketio(
  address: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): SocketioPerson {
  const client = io(address, { forceNew: true, ...options })
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  client.onAny((name: string, data: unknown) => {
    heard.push({ name, data })
    for (const look of waiting) look()
  })
  const ended = new Promise<string>((resolve) => client.once('disconnect', resolve))

  return {
    client,
    heard,
    ended,
    hears: (name, fits = () => true, within = PATIENCE) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look)
          reject(
            new Error(
              `Did not hear ${name} within ${within} ms, but: ${heard.map((each) => each.name).join(', ')}`,
            ),
          )
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
    all: (name) => heard.filter((each) => each.name === name).map(({ data }) => data),
    says: (name, data) => void client.emit(name, data),
    asks: (name, data) => client.timeout(PATIENCE).emitWithAck(name, data),
    close: () => void client.close(),
  }
}

/** Both begin alike: some clients reach only one of them. */
export const TRANSPORTS = [['websocket'], ['polling']] as const

/** People of one test, at their clients, which leave with it. */
export class Clients {
  readonly #open: SocketioPerson[] = []
  readonly #url: string

  /** @param url origin of the API */
  constructor(url: string) {
    this.#url = url
  }

  /** Hears its rooms when it is resolved. */
  async as(
    person: { accessToken: string },
    namespace: string,
    transports: readonly string[] = ['websocket'],
  ): Promise<SocketioPerson> {
    const socket = openSocketio(this.#url + namespace, {
      auth: { token: person.accessToken },
      transports: [...transports],
    })
    this.#open.push(socket)
    // Answered once the token was believed.
    await socket.asks('token', { token: person.accessToken })
    return socket
  }

  leave(): void {
    this.#open.splice(0).forEach((each) => each.close())
  }
}

/** Packets as they are on the wire, for what no client would send. @param token who is let in, in the namespace `/`; nobody unless given */
export async function openPackets(
  origin: string,
  token?: string,
): Promise<{ ws: WebSocket; hears(start: string): Promise<void> }> {
  const ws = new WebSocket(`${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  ws.on('error', () => undefined)
  const heard: string[] = []
  ws.on('message', (data) => heard.push(String(data)))
  const hears = (start: string): Promise<void> =>
    until(`it says ${start}`, async () => heard.some((each) => each.startsWith(start)))
  await hears('0{')
  if (token === undefined) return { ws, hears }
  ws.send(`40${JSON.stringify({ token })}`)
  await hears('40{')
  ws.send(`421${JSON.stringify(['token', { token }])}`)
  await hears('431[{"ok":true')
  return { ws, hears }
}
