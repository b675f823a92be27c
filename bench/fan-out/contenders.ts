// Those that are compared. Each server is a process of its own; publishing and listening is done here, in the process
// of the bench, so that neither is counted as the server's.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { readConfig } from '../../shared/kit/process/config.ts'
import { openProducer, whenReady } from '../../shared/kit/store/redis.ts'
import { openStream } from '../../shared/kit/store/stream.ts'
import type { Ask, Holding, Usage } from './answering.ts'
import { EVERYBODY, idOf } from './people.ts'
import { RawSocket, type Address, type Greet } from './raw-socket.ts'

export const NAMES = ['uws', 'bellhop', 'ws', 'socketio'] as const
export type Name = (typeof NAMES)[number]

export interface Contender {
  name: Name
  port: number
  usage(): Promise<Usage>
  memory(): Promise<Holding>
  /** Opens a socket for a person, and waits until it hears everything. */
  open(person: number): Promise<RawSocket>
  /** Says so many events in this tick. @param channel everybody's, unless said */
  publish(count: number, channel?: string): void
  stop(): Promise<void>
}

export interface Grounds {
  env: NodeJS.ProcessEnv
  /** By person. */
  tokens: readonly string[]
}

interface Process {
  port: number
  ask<Answer>(what: Ask): Promise<Answer>
  stop(): Promise<void>
}

type Starting = (
  grounds: Grounds,
  server: Process,
) => Promise<Pick<Contender, 'open' | 'publish'> & { close(): void }>
interface Starter {
  server: string
  starting: Starting
  env?: NodeJS.ProcessEnv
}
/** The two of Bellhop have a log each, so that neither reads what is said to the other. */
const STARTERS: Readonly<Record<Name, Starter>> = {
  uws: { server: 'uws-server.ts', starting: overUws },
  bellhop: { server: 'bellhop-server.ts', starting: overBellhop, env: { REALTIME_TRANSPORT: 'uws' } },
  ws: {
    server: 'bellhop-server.ts',
    starting: overBellhop,
    env: { REALTIME_TRANSPORT: 'ws', BULLMQ_PREFIX: 'ws' },
  },
  socketio: { server: 'socketio-server.ts', starting: overSocketio },
}

export async function start(name: Name, given: Grounds): Promise<Contender> {
  const { server: file, starting, env } = STARTERS[name]
  const grounds = { ...given, env: { ...given.env, ...env } }
  const server = await launch(file, grounds.env)
  const { open, publish, close } = await starting(grounds, server)
  return {
    name,
    port: server.port,
    open,
    publish,
    usage: () => server.ask('usage'),
    memory: () => server.ask('memory'),
    async stop() {
      close()
      await server.stop()
    },
  }
}

async function launch(file: string, env: NodeJS.ProcessEnv): Promise<Process> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, file), {
    env,
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  const gone = once(child, 'exit')
  const port = await Promise.race([
    nextAnswer(child),
    gone.then(() => {
      throw new Error(`${file} ended.`)
    }),
  ])
  return {
    port,
    async ask(what) {
      child.send(what)
      return nextAnswer(child)
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Bellhop's own process also says that it is ready, as it does to npm start. */
async function nextAnswer(child: ChildProcess) {
  for (;;) {
    const [message] = await once(child, 'message')
    if (typeof message !== 'object' || !('ready' in message)) return message
  }
}

async function overUws(_grounds: Grounds, { port }: Process): ReturnType<Starting> {
  const publisher = await RawSocket.open({ port, path: '/publish', headers: {} }, undefined)
  return {
    open: (person) => RawSocket.open({ port, path: `/ws?id=${idOf(person)}`, headers: {} }, undefined),
    publish: (count, channel = EVERYBODY) =>
      publisher.together(() => {
        for (let n = 0; n < count; n++)
          publisher.say(
            JSON.stringify({
              t: 'event',
              id: `0:${n}`,
              ch: channel,
              ev: 'booking.changed',
              at: new Date(),
              data: booking(),
            }),
          )
      }),
    close: () => void publisher.end(),
  }
}

async function overBellhop({ env, tokens }: Grounds, { port }: Process): ReturnType<Starting> {
  const config = readConfig(env)
  const redis = openProducer(config)
  await whenReady(redis)
  const stream = openStream(redis, config)
  let keys = 0
  return {
    open: (person) => RawSocket.open(bellhopAddress(port, tokens[person] ?? ''), isHello),
    publish: (count, channel = EVERYBODY) => {
      for (let n = 0; n < count; n++)
        void stream.append({
          key: `bench.${process.pid}.${keys++}`,
          channel,
          event: 'booking.changed',
          at: new Date(),
          data: booking(),
        })
    },
    close: () => redis.disconnect(),
  }
}

export function bellhopAddress(port: number, token: string): Address {
  return { port, path: '/ws', headers: { authorization: `Bearer ${token}` } }
}

const isHello: Greet = (text) => text.startsWith('{"t":"hello"')

/** A second server without sockets says it through the adapter, as a worker or another node would. */
async function overSocketio({ env }: Grounds, { port }: Process): ReturnType<Starting> {
  const redis = new Redis(env['REDIS_URL'] ?? '')
  const subscriber = redis.duplicate()
  const io = new Server({ adapter: createAdapter(redis, subscriber) })
  await whenReady(redis)
  return {
    open: (person) =>
      RawSocket.open({ port, path: '/socket.io/?EIO=4&transport=websocket', headers: {} }, enterAs(person)),
    publish: (count, channel = EVERYBODY) => {
      for (let n = 0; n < count; n++)
        io.to(channel).emit('booking.changed', { at: new Date(), data: booking() })
    },
    close: () => {
      redis.disconnect()
      subscriber.disconnect()
    },
  }
}

function enterAs(person: number): Greet {
  return (text, socket) => {
    if (text.startsWith('0{')) socket.say(`40${JSON.stringify({ id: idOf(person) })}`)
    return text.startsWith('40{')
  }
}

/** About 400 bytes as a frame. */
function booking(): object {
  return {
    id: '5a4c1c1e-7a56-4b1f-9d0a-3a1f6b1f0e11',
    bookingType: 'SINGLE_TRIP',
    status: 'APPROVED',
    scheduledDate: '2030-01-15',
    scheduledTime: '09:00',
    passengerCount: 3,
    pickup: 'Nguyễn Huệ 22, Quận 1',
    destination: 'Sân bay Tân Sơn Nhất',
    version: 4,
  }
}
