// A client on a bad network that talks in rooms: it says everything until it is accepted, often more than once and by two
// ways at once, loses its connection in the middle, and keeps a list of what it heard.

import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { connect, ClientError, type Client } from '../../client/src/socket/connect.ts'
import type { Message } from '../../shared/chat/schema.ts'
import type { Inhabitant } from './inhabitants.ts'
import type { Choices } from './seed.ts'

export interface Talker {
  readonly who: string
  readonly person: Inhabitant
  readonly client: Client
  /** Line by line, as it came, by the id of the room. */
  readonly heard: ReadonlyMap<string, readonly string[]>
  readonly refetches: readonly string[]
  /** How often it said something, and how often its connection was cut. */
  readonly counts: { sends: number; cuts: number }
  /** @returns every answer that it got. @throws Error when it was refused for good */
  say(roomId: string, clientMsgId: string): Promise<Message[]>
}

/** What there is to compare of a message: all that its receipts do not change. */
export const lineOf = ({ id, seq, senderId, clientMsgId, content }: Message): string =>
  JSON.stringify([seq, id, senderId, clientMsgId, content])

interface Ways {
  /** Origins that it may come by. */
  origins: readonly string[]
  choices: Choices
}

export function aTalker(person: Inhabitant, who: string, { origins, choices }: Ways): Talker {
  const heard = new Map<string, string[]>()
  const refetches: string[] = []
  const counts = { sends: 0, cuts: 0 }
  const open = new Set<WebSocket>()

  class Balanced extends WebSocket {
    constructor(_url: string, protocols: string[]) {
      super(`${choices.oneOf(origins).replace('http', 'ws')}/ws`, protocols)
      this.on('open', () => open.add(this))
      this.on('close', () => open.delete(this))
    }
  }

  const client = connect({
    url: origins[0] ?? '',
    token: () => person.accessToken,
    WebSocket: Balanced,
    pauses: { first: 100, longest: 1000 },
    onRefetch: ({ reason }) => refetches.push(reason),
  })
  client.onAny((data, { ev }) => {
    if (ev !== 'message.created') return
    const message = data as Message
    const list = heard.get(message.roomId) ?? []
    list.push(lineOf(message))
    heard.set(message.roomId, list)
  })

  const overSocket = async (roomId: string, message: object): Promise<Message> => {
    const reply = client.command('message.send', { roomId, ...message })
    if (choices.chance(0.1)) cut()
    return (await reply) as Message
  }

  function cut(): void {
    counts.cuts += open.size
    for (const socket of open) socket.terminate()
  }

  async function insist(roomId: string, message: object): Promise<Message> {
    const latest = Date.now() + LONGEST
    for (;;) {
      counts.sends++
      try {
        return await (choices.chance(0.5) ? overSocket(roomId, message) : overRest(person, roomId, message))
      } catch (error) {
        if (Date.now() > latest) throw error
        await pause((patienceWith(error) * choices.between(50, 150)) / 100)
      }
    }
  }

  return {
    who,
    person,
    client,
    heard,
    refetches,
    counts,
    async say(roomId, clientMsgId) {
      const message = { clientMsgId, content: `${who} says ${clientMsgId}` }
      const copies = choices.byWeight([
        [5, 1],
        [3, 2],
        [1, 4],
      ])
      const answers = await Promise.all(Array.from({ length: copies }, () => insist(roomId, message)))
      // Late, as of a client that was never told that it had been accepted.
      return choices.chance(0.2) ? [...answers, await insist(roomId, message)] : answers
    },
  }
}

async function overRest(person: Inhabitant, roomId: string, message: object): Promise<Message> {
  const { status, headers, body } = await person.post(`/chat/rooms/${roomId}/messages`, message)
  if (status === 201) return body
  throw new Refused(status, Number(headers.get('retry-after') ?? 0) * 1000, JSON.stringify(body))
}

class Refused extends Error {
  readonly status: number
  readonly after: number

  constructor(status: number, after: number, text: string) {
    super(`Refused with ${status}: ${text}`)
    this.status = status
    this.after = after
  }
}

/** Milliseconds: far longer than any process takes to come back. */
const LONGEST = 90_000
const AGAIN = 300
/** A reply over a socket does not say when to try again; the window of the limit is two seconds. */
const SLOWER = 1000

/** @returns milliseconds until another try makes sense. @throws what none will change */
function patienceWith(error: unknown): number {
  if (error instanceof Refused || error instanceof ClientError) {
    if (error.status === 429) return error instanceof Refused && error.after > 0 ? error.after : SLOWER
    if (error.status !== 0 && error.status < 500) throw error
    return AGAIN
  }
  // What `fetch` throws when there is nobody, or nobody any more; a reply that broke off in the middle is no JSON.
  if (error instanceof TypeError || error instanceof SyntaxError) return AGAIN
  throw error
}
