// A crowd of clients in a process of its own, so that it does not share a core with a test. As cheap as clients can be: they
// note where they stand and what they heard. Started by `aCrowd`; speaks over the channel between parent and child.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'

export interface Report {
  live: number
  refetches: number
  /** Events of all clients together, and how many of them came twice or out of order. */
  events: number
  disordered: number
  /** Closes and refusals on the way: why each. */
  failures: string[]
}

export interface Crowd {
  report(): Promise<Report>
  leave(): Promise<void>
}

/** Everybody connects to the first address, and to the next one whenever a connection ends. */
export function aCrowd(addresses: readonly string[], tokens: readonly string[]): Crowd {
  const child = fork(fileURLToPath(import.meta.url), ['crowd'], { execArgv: ['--import', 'tsx'] })
  child.send({ addresses, tokens })
  return {
    async report() {
      child.send('report')
      const [report] = await once(child, 'message')
      return report
    },
    async leave() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

interface Member {
  token: string
  attempts: number
  isLive: boolean
  /** What is said between the greeting and the answer to `resume` comes again behind that. */
  isDeaf: boolean
  epochs: Record<string, string>
  cursor: Record<string, number> | undefined
}

/** As the client library does it: spread from the first attempt on. */
const SPREAD = 1000

function gather({ addresses, tokens }: { addresses: string[]; tokens: string[] }): void {
  const members = tokens.map((token): Member => ({
    token,
    attempts: 0,
    isLive: false,
    isDeaf: false,
    epochs: {},
    cursor: undefined,
  }))
  const counts = { refetches: 0, events: 0, disordered: 0, failures: [] as string[] }

  const take = (member: Member, socket: WebSocket, frame: any): void => {
    if (frame.t === 'hello') {
      member.isDeaf = member.cursor !== undefined
      if (member.cursor)
        return socket.send(
          JSON.stringify({ c: 'resume', ref: 1, data: { cursor: member.cursor, epochs: member.epochs } }),
        )
      Object.assign(member, { cursor: frame.cursor, epochs: frame.epochs, isLive: true })
    }
    if (frame.t === 'reply') member.isDeaf = false
    if (frame.t === 'resumed')
      Object.assign(member, { cursor: frame.cursor, epochs: frame.epochs, isLive: true })
    if (frame.t === 'refetch') counts.refetches++
    if (frame.t !== 'event' || !frame.id || !member.cursor || member.isDeaf) return
    const [partition, seq] = frame.id.split(':')
    counts.events++
    if (Number(seq) <= (member.cursor[partition] ?? 0)) counts.disordered++
    member.cursor[partition] = Number(seq)
  }
  const enter = (member: Member): void => {
    const address = addresses[Math.min(member.attempts++, addresses.length - 1)] ?? ''
    const socket = new WebSocket(address, ['bellhop.v1'], {
      perMessageDeflate: false,
      headers: { authorization: `Bearer ${member.token}` },
    })
    socket.on('message', (data) => take(member, socket, JSON.parse(String(data))))
    let why = ''
    socket.on('error', (error) => {
      why = error.message
    })
    socket.on('close', (code) => {
      if (!member.isLive) counts.failures.push(`${code} ${why}`)
      member.isLive = false
      setTimeout(() => enter(member), Math.random() * SPREAD)
    })
  }
  for (const member of members) setTimeout(() => enter(member), (Math.random() * members.length) / 2)
  process.on('message', () =>
    process.send?.({ ...counts, live: members.filter(({ isLive }) => isLive).length }),
  )
}

if (process.argv[2] === 'crowd') process.once('message', gather)
