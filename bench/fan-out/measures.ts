// What is measured of a contender.

import { setTimeout as pause } from 'node:timers/promises'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { bellhopAddress, type Contender } from './contenders.ts'
import { Crowd } from './crowd.ts'
import { EVERYBODY, idOf, PEOPLE } from './people.ts'
import { RawSocket } from './raw-socket.ts'

/** How events are published: so many in a tick, and so many ticks under way that the last socket does not have yet. */
export interface Way {
  perTick: number
  underWay: number
}

export interface Rate {
  /** Deliveries per second of the server's processor time. */
  perCore: number
  perSecond: number
}

export interface Latency {
  p50: number
  p99: number
}
export interface Idle {
  rss: number
  heap: number
}
export interface Returns extends Rate {
  missed: number
  clients: number
}

const FLOOD_MS = 900
const WARM_UP_MS = 250
const CALM_EVENTS = 400
const CALM_EVERY_MS = 10
const WARM_SOCKETS = 1000
const UNHEARD = 100
const RETURNING = 4000
const MISSED = 50
const RETURNING_AT_ONCE = 200

/** Publishes as fast as the last socket hears. Ends when everything was heard by all: what counts is delivered, not sent. */
export async function measureRate(contender: Contender, crowd: Crowd, way: Way): Promise<Rate> {
  await flood(contender, crowd, way, WARM_UP_MS)
  const before = await contender.usage()
  const began = performance.now()
  const events = await flood(contender, crowd, way, FLOOD_MS)
  const seconds = (performance.now() - began) / 1000
  const after = await contender.usage()
  return rateOf(events * crowd.size, (after.cpu - before.cpu) / 1_000_000, seconds)
}

async function flood(
  contender: Contender,
  crowd: Crowd,
  { perTick, underWay }: Way,
  duration: number,
): Promise<number> {
  const endsAt = performance.now() + duration
  let [due, published, isOver] = [underWay, 0, false]
  return new Promise((resolve) => {
    crowd.count((event) => {
      if ((event + 1) % perTick === 0) due++
      isOver ||= performance.now() > endsAt
      if (isOver && event + 1 === published) resolve(published)
    })
    // One tick of the loop, one publication.
    const tick = (): void => {
      if (isOver) return
      if (due > 0) {
        due--
        published += perTick
        contender.publish(perTick)
      }
      setImmediate(tick)
    }
    tick()
  })
}

/**
 * What an event costs that nobody on this server hears, in microseconds of its processor: UNHEARD of them, and one that is
 * heard, so that the next are said when these were read.
 */
export async function measureUnheard(contender: Contender): Promise<number> {
  const crowd = new Crowd()
  await crowd.grow(0, 1, contender.open)
  const elsewhere = Array.from({ length: UNHEARD }, (_, n) => userChannel(idOf(PEOPLE + n)))
  const publish = (): void => {
    for (const channel of [...elsewhere, EVERYBODY]) contender.publish(1, channel)
  }
  const { perCore } = await measureRate({ ...contender, publish }, crowd, { perTick: 1, underWay: 2 })
  await crowd.disperse()
  return 1_000_000 / perCore / (UNHEARD + 1)
}

/** From publishing to the last socket, at CALM_EVENTS paced evenly. */
export async function measureLatency(contender: Contender, crowd: Crowd): Promise<number[]> {
  await flood(contender, crowd, { perTick: 1, underWay: 1 }, WARM_UP_MS)
  const saidAt: number[] = []
  const took: number[] = []
  crowd.count((event) => took.push(performance.now() - (saidAt[event] ?? Number.NaN)))
  const began = performance.now()
  while (saidAt.length < CALM_EVENTS) {
    saidAt.push(performance.now())
    contender.publish(1)
    await pause(Math.max(0, began + saidAt.length * CALM_EVERY_MS - performance.now()))
  }
  while (took.length < CALM_EVENTS) await pause(5)
  return took
}

/** What each socket above the first thousand costs the server; those have made it warm. */
export async function measureIdle(contender: Contender): Promise<Idle> {
  const crowd = new Crowd()
  await crowd.grow(0, WARM_SOCKETS, contender.open)
  await pause(500)
  const before = await contender.memory()
  await crowd.grow(WARM_SOCKETS, PEOPLE, contender.open)
  await pause(1500)
  const after = await contender.memory()
  const sockets = PEOPLE - WARM_SOCKETS
  await crowd.disperse()
  return { rss: (after.rss - before.rss) / sockets, heap: (after.heap - before.heap) / sockets }
}

/** Clients come with a cursor from before MISSED events: connect, hello, resume, all of them in, resumed. */
export async function measureReturns(contender: Contender, tokens: readonly string[]): Promise<Returns> {
  const kept = await positionsNow(contender, tokens[0] ?? '')
  const crowd = new Crowd()
  await crowd.grow(0, 1, contender.open)
  await new Promise<void>((resolve) => {
    crowd.count((event) => void (event + 1 === MISSED && resolve()))
    contender.publish(MISSED)
  })
  const before = await contender.usage()
  const began = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: RETURNING_AT_ONCE }, async () => {
      while (next < RETURNING) await comeBack(contender, tokens[next++] ?? '', kept)
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const after = await contender.usage()
  await crowd.disperse()
  return {
    ...rateOf(RETURNING, (after.cpu - before.cpu) / 1_000_000, seconds),
    missed: MISSED,
    clients: RETURNING,
  }
}

async function positionsNow({ port }: Contender, token: string): Promise<object> {
  return new Promise((resolve, reject) => {
    const opening = RawSocket.open(bellhopAddress(port, token), (text) => {
      const { cursor, epochs } = JSON.parse(text)
      resolve({ cursor, epochs })
      return true
    })
    opening.then((socket) => socket.end()).catch(reject)
  })
}

/** @throws when it is not told exactly what it missed */
async function comeBack({ port }: Contender, token: string, data: object): Promise<void> {
  let told = 0
  const socket = await RawSocket.open(bellhopAddress(port, token), (text, socket) => {
    if (text.startsWith('{"t":"hello"')) socket.say(JSON.stringify({ c: 'resume', ref: 1, data }))
    if (text.includes(`"ch":"${EVERYBODY}"`)) told++
    return text.startsWith('{"t":"resumed"')
  })
  await socket.end()
  if (told !== MISSED) throw new Error(`Somebody who missed ${MISSED} events was told ${told}.`)
}

function rateOf(count: number, cpuSeconds: number, seconds: number): Rate {
  return { perCore: count / cpuSeconds, perSecond: count / seconds }
}
