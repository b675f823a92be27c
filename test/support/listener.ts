// A real client on a real socket that keeps an account of what it was told, whatever its network does to it.

import { WebSocket } from 'ws'
import { connect, type Client, type Positions } from '../../client/src/socket/connect.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import type { Account, Gap, Point } from './account.ts'
import { joined, TOLD, type LogBook } from './log-book.ts'
import type { Member } from './processes.ts'

export interface Listener {
  readonly who: string
  readonly channels: readonly string[]
  readonly client: Client
  readonly told: readonly number[]
  /** Of its newest hello: which node it is on. */
  node(): string | undefined
  account(): Promise<Account>
}

interface Ways {
  /** Origin of the node that its next socket goes to. */
  node: () => string
  /** What becomes of each of its sockets. */
  befall?: (socket: WebSocket) => void
}

export function listen(person: Member, who: string, book: LogBook, { node, befall }: Ways): Listener {
  const channels = [userChannel(person.user.id), roleChannel(person.user.orgId, person.user.role)]
  const told: number[] = []
  const gaps: Promise<Gap[]>[] = []
  let since: Map<number, Point> | undefined
  let nodeName: string | undefined
  let asked: Positions | undefined
  let stood: Positions = { cursor: {}, epochs: {} }

  class Overheard extends WebSocket {
    constructor(_url: string, protocols: string[]) {
      super(`${node().replace('http', 'ws')}/ws`, protocols)
      asked = undefined
      // Before the client itself hears it, hence with the cursor that it had.
      this.on('message', (data) => overhear(String(data)))
      befall?.(this)
    }

    override send(text: string): void {
      const { c, data } = JSON.parse(text)
      if (c === 'resume') asked = data
      super.send(text)
    }
  }

  function overhear(text: string): void {
    if (text.startsWith('{"t":"event"')) return
    const frame = JSON.parse(text)
    if (frame.t === 'hello') {
      nodeName = frame.node
      since ??= new Map(
        Object.keys(frame.cursor).map((partition) => [
          Number(partition),
          book.pointOf(Number(partition), frame),
        ]),
      )
    }
    if (frame.t === 'refetch') {
      const refetch = { frame, from: client.cursor(), node: stood, asked }
      gaps.push(book.reaches().then((reaches) => book.gapsOf(refetch, reaches)))
    }
    if (['hello', 'resumed', 'refetch'].includes(frame.t)) stood = joined(stood, frame)
  }

  const client = connect({
    url: node(),
    token: () => person.accessToken,
    WebSocket: Overheard,
    pauses: { first: 100, longest: 1000 },
  })
  client.onAny((data, { ev }) => {
    if (ev === TOLD) told.push(Object(data).n)
  })
  return {
    who,
    channels,
    client,
    told,
    node: () => nodeName,
    account: async () => ({
      who,
      channels,
      since: since ?? new Map(),
      told,
      gaps: (await Promise.all(gaps)).flat(),
    }),
  }
}
