// What else happens on such a day: two colleagues talk, a customer comes to the desk, a ticket is opened, and a program hears of
// it by webhook. All of it by the client package, while servers may be killed: nothing of it may be missing or come twice.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { DEMO_PASSWORD } from '../shared/demonstration/seed.ts'
import { buildClientPackage, type LiveOf, type MessageSeen, type PackageClient } from './client-package.ts'
import type { Name } from './day.ts'
import type { Narrator } from './reporter.ts'

const PATIENCE = 120_000
const BETWEEN = 1000

type Clients = Readonly<Record<'employee' | 'manager' | 'customer' | 'staff' | 'admin', PackageClient>>

export async function playTalks(url: string, narrator: Narrator): Promise<void> {
  const createClient = await buildClientPackage()
  const make = (): PackageClient => createClient({ url })
  const clients = { employee: make(), manager: make(), customer: make(), staff: make(), admin: make() }
  try {
    for (const [name, client] of Object.entries(clients))
      await again(() => client.signIn({ emailOrPhone: `${name}@demo.test`, password: DEMO_PASSWORD }))
    const say = (who: Name, what: string): void => narrator.say({ code: '', who, what })
    const played = {
      talk: talk(clients, say),
      desk: visitDesk(clients, say),
      ticket: helpOverTicket(clients, say),
    }
    for (const [what, playing] of Object.entries(played))
      await playing.catch((error: unknown) =>
        narrator.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`),
      )
  } finally {
    for (const client of Object.values(clients)) client.close()
  }
}

type Say = (who: Name, what: string) => void

async function talk({ employee, manager }: Clients, say: Say): Promise<void> {
  const me = await call<{ id: string }>(manager, 'getAuthMe')
  const { id: roomId } = await call<{ id: string }>(employee, 'postChatConversationsWithUser', {
    body: { userId: me.id },
  })
  const words = [`Chị ơi, xe đợi ở cổng nào ạ? (${Date.now()})`, `Cổng B nhé em (${Date.now()})`] as const
  await converse({ roomId, from: employee, to: manager, content: words[0] })
  say('manager', 'reads what a colleague asks in chat')
  await converse({ roomId, from: manager, to: employee, content: words[1] })
  say('employee', 'has the answer')
  await mustStandOnce(employee, roomId, words)
}

async function visitDesk({ customer, staff }: Clients, say: Say): Promise<void> {
  const { id: roomId } = await call<{ id: string }>(customer, 'postChatRoomsCreate')
  const asked = `Tôi để quên áo khoác trên xe (${Date.now()})`
  const answer = `Dạ, em tìm thấy rồi ạ (${Date.now()})`
  const desk = staff.live.desk()
  customer.send.message(roomId, asked)
  await sees(desk, ({ id }) => id === roomId, 'the customer at the desk')
  desk.close()
  await call(staff, 'postChatRoomsByIdAssign', { path: { id: roomId }, body: {} })
  say('staff', 'takes a customer at the desk')
  await converse({ roomId, from: staff, to: customer, content: answer })
  say('customer', 'is answered')
  await mustStandOnce(customer, roomId, [asked, answer])
  await call(staff, 'putChatRoomsByIdArchive', { path: { id: roomId } })
}

async function helpOverTicket({ admin, customer, staff }: Clients, say: Say): Promise<void> {
  const listener = await openListener()
  const webhook = await call<{ id: string }>(admin, 'postWebhooks', {
    body: { url: listener.url, events: ['ticket.*'] },
  })
  try {
    const body = { description: `Trạm sạc ở Thủ Đức mất điện (${Date.now()})` }
    const { id } = await call<{ id: string }>(customer, 'postSupports', { body })
    const tickets = customer.live.tickets()
    await call(staff, 'patchSupportsById', {
      path: { id },
      body: { status: 'closed', response: 'Đã có điện lại.' },
    })
    await sees(tickets, (ticket) => ticket.id === id && ticket.status === 'closed', 'the ticket as closed')
    tickets.close()
    say('customer', 'sees the ticket closed')
    await call(customer, 'patchSupportsByIdRating', { path: { id }, body: { rating: 5 } })
    const path = { id: webhook.id }
    const isKeptFrom = async (): Promise<boolean> =>
      (await call<{ lastError: string | null }[]>(admin, 'getWebhooksByIdFacts', { path })).some(
        ({ lastError }) => lastError?.includes(NOT_REACHED),
      )
    say('admin', await toldBy(listener, id, isKeptFrom))
  } finally {
    await call(admin, 'deleteWebhooksById', { path: { id: webhook.id } })
    listener.close()
  }
}

/** Written by one, and read by the other on what they follow. */
async function converse({
  roomId,
  from,
  to,
  content,
}: {
  roomId: string
  from: PackageClient
  to: PackageClient
  content: string
}): Promise<void> {
  const messages = to.live.messages(roomId)
  from.send.message(roomId, content)
  await sees(messages, (message) => message.content === content, `"${content}"`)
  messages.close()
}

async function mustStandOnce(reader: PackageClient, roomId: string, words: readonly string[]): Promise<void> {
  const messages = await call<MessageSeen[]>(reader, 'getChatRoomsByIdMessages', {
    path: { id: roomId },
    query: { limit: 50 },
  })
  for (const word of words) {
    const times = messages.filter(({ content }) => content === word).length
    if (times !== 1) throw new Error(`"${word}" stands ${times} times in the room`)
  }
}

/** @throws Error when it is not so within PATIENCE */
function sees<Item>(list: LiveOf<Item>, fits: (item: Item) => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${what} was not seen within ${PATIENCE / 1000} s`)),
      PATIENCE,
    )
    const look = (): void => {
      if (!list.get().some(fits)) return
      clearTimeout(late)
      end()
      resolve()
    }
    const end = list.subscribe(look)
    look()
  })
}

/** Under one key, so that asking again is harmless. */
async function call<Reply>(
  client: PackageClient,
  name: string,
  input: { path?: object; query?: object; body?: object } = {},
): Promise<Reply> {
  const header = name.startsWith('get') ? {} : { header: { 'Idempotency-Key': crypto.randomUUID() } }
  return (await again(
    () => client.api[name]?.({ ...input, ...header }) ?? Promise.reject(new Error(name)),
  )) as Reply
}

/** While a server is away. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (const since = performance.now(); ;) {
    try {
      return await ask()
    } catch (error) {
      const isPassing = error instanceof Error && 'isPassing' in error && error.isPassing === true
      if (!isPassing || performance.now() - since > PATIENCE) throw error
      await pause(BETWEEN)
    }
  }
}

/** What is said of a webhook that leads to where this Bellhop does not go. */
const NOT_REACHED = 'is not reached from here'

/** @throws Error when no fact about this thing has come within PATIENCE, although it could */
async function toldBy(listener: Listener, id: string, isKeptFrom: () => Promise<boolean>): Promise<string> {
  for (const since = performance.now(); !listener.hasHeard(id); await pause(BETWEEN)) {
    if (await isKeptFrom())
      return 'has no program that listens: OUTGOING_ALLOWED does not name 127.0.0.1 here'
    if (performance.now() - since > PATIENCE)
      throw new Error(`no webhook told of the ticket within ${PATIENCE / 1000} s`)
  }
  return 'has a program that heard of the ticket by webhook'
}

interface Listener {
  url: string
  /** Whether a fact about this thing has come. */
  hasHeard(id: string): boolean
  close(): void
}

async function openListener(): Promise<Listener> {
  const told: string[] = []
  const server: Server = createServer(async (asked, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk)
    told.push(Buffer.concat(chunks).toString())
    answer.end()
  })
  server.unref().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    hasHeard: (id) => told.some((body) => body.includes(id)),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
