// Which port a server gets. A free port can be taken by someone else a moment later: whoever starts on one looks again.

import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import type { Say } from './processes.ts'

const LOOPBACK = '127.0.0.1'

/** Below what Linux, macOS and Windows give to outgoing connections and to whoever asks for any port. */
const FIRST = 10_000
const LAST = 32_767

/** Each process begins somewhere else, so that two that look at the same moment do not find the same one. */
let last = randomInt(FIRST, LAST)

/** One that is free and was not given before: Linux chooses among 7,000, and gives the same again within minutes. */
export async function freePort(): Promise<number> {
  do last = last < LAST ? last + 1 : FIRST
  while (!(await isFree(last)))
  return last
}

/** Nobody answers there, and it can be listened on. (macOS lets two listen when one of them is on all interfaces.) */
async function isFree(port: number, host = LOOPBACK): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port, host))
}

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

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

interface PortWish {
  /** The setting's name, for sentences. */
  name: string
  /** What the environment says, if anything; 0 stands for any free port. */
  asked: string | undefined
  fallback: number
  host: string
}

/**
 * The port that was asked for, or the default, or the next free one after it. Adds what it chose to `given`.
 * @throws when the port that was asked for is taken
 */
export async function portOr(
  { name, asked, fallback, host }: PortWish,
  given: Set<number>,
  say: Say,
): Promise<number> {
  const port = await choose(name, asked?.trim(), fallback, host, given)
  if (!asked?.trim() && port !== fallback) say(`${name} ${fallback} is taken; using ${port}.`)
  given.add(port)
  return port
}

async function choose(
  name: string,
  asked: string | undefined,
  fallback: number,
  host: string,
  given: Set<number>,
) {
  if (asked && Number(asked) === 0) return freePort()
  if (asked) {
    if (!given.has(Number(asked)) && (await isFree(Number(asked), host))) return Number(asked)
    throw new Error(`${name} is set to ${asked}, and that port is taken.`)
  }
  for (let port = fallback; port < fallback + 200; port += 1) {
    if (!given.has(port) && (await isFree(port, host))) return port
  }
  throw new Error(`No free port from ${fallback} to ${fallback + 199}: set ${name}.`)
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
