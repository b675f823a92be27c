// Which port a server gets. A free port can be taken by someone else a moment later: whoever starts on one looks again.

import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { cannotListen, type PortSetting } from '../../shared/kit/process/listen.ts'
import type { Say } from './processes.ts'

const LOOPBACK = '127.0.0.1'

/** Below what Linux, macOS and Windows give to outgoing connections and to whoever asks for any port. */
const FIRST = 10_000
const LAST = 32_767

/** Each process begins somewhere else, so that two that look at the same moment do not find the same one. */
let last = randomInt(FIRST, LAST)

/** One that is free and was not given before: Linux chooses among 7,000, and gives the same again within minutes. */
export async function freePort(): Promise<number> {
  for (;;) {
    // Who looks meanwhile goes on from here, and finds another.
    const port = last < LAST ? last + 1 : FIRST
    last = port
    if (await isFree(port)) return port
  }
}

/** Nobody answers there, and it can be listened on. (macOS lets two listen when one of them is on all interfaces.) */
async function isFree(port: number): Promise<boolean> {
  const held = await hold(port, LOOPBACK)
  await held?.release()
  return held !== undefined
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK })
    const say = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1000, () => say(true))
    socket.once('connect', () => say(true))
    socket.once('error', () => say(false))
  })
}

/**
 * Nobody else gets it: whoever connects is hung up on. Handed over, one of our own processes can listen there, and no other `npm start`
 * takes it before that does, or while that is started again.
 */
export interface HeldPort {
  port: number
  handOver(): Promise<void>
  release(): Promise<void>
}

/** @returns undefined where it is taken. @throws what else keeps a server from listening there */
async function hold(port: number, host: string): Promise<HeldPort | undefined> {
  if (await answers(port)) return undefined
  const release = await reserve(port)
  if (!release) return undefined
  const server = createServer((socket) => socket.destroy())
  const handOver = (): Promise<void> => new Promise((done) => server.close(() => done()))
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    await release()
    if (isTaken(error)) return undefined
    throw error
  }
  return { port, handOver, release: async () => void (await Promise.all([handOver(), release()])) }
}

/**
 * By the UDP port of the same number, in which nobody else listens: the kernel gives it to one, and takes it back when that one is gone,
 * however it ended. Where we may not have it, only the port itself is held.
 * @returns gives it back; undefined where somebody has it
 */
async function reserve(port: number): Promise<(() => Promise<void>) | undefined> {
  const socket = createSocket('udp4')
  socket.bind({ port, address: LOOPBACK, exclusive: true })
  try {
    await once(socket, 'listening')
  } catch (error) {
    return isTaken(error) ? undefined : async () => undefined
  }
  socket.unref()
  return () => new Promise((done) => socket.close(() => done()))
}

interface PortWish {
  /** The setting's name, for sentences. */
  name: PortSetting
  /** What the environment says, if anything; 0 stands for any free port. */
  asked: string | undefined
  fallback: number
  host: string
}

/**
 * The port that was asked for, or the default, or the next free one after it. It is held, because two that start at the same time on one
 * machine would choose the same one.
 * @throws Error when the port that was asked for is taken, or nothing can listen on the host
 */
export async function holdPort({ name, asked, fallback, host }: PortWish, say: Say): Promise<HeldPort> {
  const wanted = asked?.trim()
  const holdOn = (port: number): Promise<HeldPort | undefined> =>
    hold(port, host).catch((error: unknown) => {
      throw cannotListen(name, host, port, error)
    })
  if (wanted && Number(wanted) !== 0) {
    const held = await holdOn(Number(wanted))
    if (held) return held
    throw new Error(
      `${name} is set to ${wanted}, and that port is taken: set ${name} to another one, or to 0.`,
    )
  }
  const first = wanted ? await freePort() : fallback
  for (let port = first; port < first + 200; port += 1) {
    const held = await holdOn(port)
    if (!held) continue
    if (!wanted && port !== fallback) say(`${name} ${fallback} is taken; using ${port}.`)
    return held
  }
  throw new Error(`No free port from ${first} to ${first + 199}: set ${name}.`)
}

/** Starts a server on a free port; again on another if somebody took that one in between. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return await start(port)
    } catch (error) {
      if (attempt === 5 || (await isFree(port))) throw error
    }
  }
}
