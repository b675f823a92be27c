// The load, as a process of its own: people with live sockets in rooms, who post. What it is to do it reads;
// what it found is its only line of output. Both servers are spoken to in the same words as far as that goes: keep-alive
// HTTP to post, one bare WebSocket per person to hear, Socket.IO's frames written by hand so that no client library weighs in.

import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { percentiles, type Load, type LoadFigures } from './figures.ts'

const load = (await json(process.stdin)) as Load
const agent = new Agent({ keepAlive: true, maxSockets: load.inFlight })
const content = 'Xe đã đến sảnh chính, anh chị xuống giúp em nhé, cảm ơn nhiều'
const speakers = load.rooms.flatMap((room) =>
  room.tokens.map((token) => ({ roomId: room.id, token, listeners: room.tokens.length })),
)
const latencies: number[] = []
let isCalm = false
let [heard, expected, accepted, refused] = [0, 0, 0, 0]
let lastFrameAt = performance.now()

const sockets = new Map<string, WebSocket>()
const replies = new Map<number, (isAccepted: boolean) => void>()
for (let at = 0; at < speakers.length; at += 50)
  await Promise.all(speakers.slice(at, at + 50).map(({ token }) => open(token)))
await quiet()

const began = performance.now()
const until = began + load.seconds * 1000
let turn = 0
await Promise.all(
  Array.from({ length: load.inFlight }, async () => {
    while (performance.now() < until) await post()
  }),
)
const perSecond = accepted / ((performance.now() - began) / 1000)
await allHeard()
const toldPerSecond = heard / ((performance.now() - began) / 1000)

isCalm = true
const calm: Promise<void>[] = []
for (let n = 0; n < load.calmRate * load.calmSeconds; n++) {
  calm.push(post())
  await pause(1000 / load.calmRate)
}
await Promise.all(calm)
await allHeard()
const figures: LoadFigures = {
  perSecond,
  toldPerSecond,
  ...percentiles(latencies),
  refused,
  missing: expected - heard,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)

async function post(): Promise<void> {
  // One person after another, each in their room: nobody speaks faster than people may.
  const speaker = speakers[turn++ % speakers.length]
  if (!speaker) return
  expected += speaker.listeners
  if (await (load.via === 'socket' ? postBySocket(speaker) : postByHttp(speaker))) accepted++
  else {
    refused++
    expected -= speaker.listeners
  }
}

function postByHttp({ roomId, token }: { roomId: string; token: string }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ content })
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    request(
      { agent, port: load.port, method: 'POST', path: `/chat/rooms/${roomId}/messages`, headers },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 201))
      },
    )
      .on('error', reject)
      .end(body)
  })
}

function postBySocket({ roomId, token }: { roomId: string; token: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const ref = turn
    replies.set(ref, resolve)
    sockets.get(token)?.send(JSON.stringify({ c: 'message.send', ref, data: { roomId, content } }))
  })
}

async function open(token: string): Promise<void> {
  const isNative = load.server === 'bellhop'
  const socket = isNative
    ? new WebSocket(`ws://127.0.0.1:${load.socketPort}/ws`, ['bellhop.v1'], {
        headers: { authorization: `Bearer ${token}` },
        perMessageDeflate: false,
      })
    : new WebSocket(`ws://127.0.0.1:${load.socketPort}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
      })
  sockets.set(token, socket)
  const isReady = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const frame = String(data)
      lastFrameAt = performance.now()
      if (frame.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
      else if (frame === '2') socket.send('3')
      else if (frame.startsWith('40') || frame.startsWith('{"t":"hello"')) resolve()
      else if (frame.startsWith('{"t":"reply"')) answer(frame)
      else hear(frame)
    })
  })
  await once(socket, 'open')
  await isReady
}

function answer(frame: string): void {
  const { ref, ok } = JSON.parse(frame) as { ref: number; ok: boolean }
  replies.get(ref)?.(ok)
  replies.delete(ref)
}

/** Only the one field that is wanted: to parse five hundred copies would be to measure the load. */
function hear(frame: string): void {
  if (!frame.includes('"message.created"') && !frame.includes('"newMessage"')) return
  heard++
  if (!isCalm) return
  const at = frame.lastIndexOf('"createdAt":"') + 13
  latencies.push(Date.now() - Date.parse(frame.slice(at, at + 24)))
}

/** Who came is told to those who know them, which is not what is measured here: until nobody has heard anything for a while. */
async function quiet(): Promise<void> {
  const latest = performance.now() + 20_000
  lastFrameAt = performance.now()
  while (performance.now() - lastFrameAt < 3000 && performance.now() < latest) await pause(50)
}

/** All there is to hear, or a minute without a word. */
async function allHeard(): Promise<void> {
  for (
    let [before, since] = [heard, Date.now()];
    heard < expected && Date.now() - since < 60_000;
    await pause(5)
  ) {
    if (heard !== before) [before, since] = [heard, Date.now()]
  }
}
