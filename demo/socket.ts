// A native socket that comes back by itself and asks for what it missed.

import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { Cursor, type Ears } from './cursor.ts'
import type { Session } from './http.ts'
import type { Frame } from './wire.ts'

export interface Socket {
  /** The first hello. */
  ready: Promise<void>
  close(): void
}

interface Ending {
  wasGreeted: boolean
  /** Milliseconds, when the server asked for a pause. */
  after: number | undefined
  needsToken: boolean
}

const SHORTEST_PAUSE = 100
const LONGEST_PAUSE = 2000
const ONE_TRY = 10_000
/** The server pings every 25 s; a connection that was silent for that long is dead, whatever TCP says. */
const SILENCE = 70_000

export function openSocket(url: string, session: Session, ears: Ears): Socket {
  const cursor = new Cursor(ears)
  let current: WebSocket | undefined
  let isClosed = false
  let ready: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    ready = resolve
  })

  async function live(): Promise<void> {
    let wait = SHORTEST_PAUSE
    while (!isClosed) {
      const ending = await listen()
      if (isClosed) return
      wait = ending.wasGreeted ? SHORTEST_PAUSE : Math.min(wait * 2, LONGEST_PAUSE)
      await pause(ending.after ?? wait)
      if (ending.needsToken) await session.renew().catch(() => undefined)
    }
  }

  function listen(): Promise<Ending> {
    const ws = new WebSocket(url, ['bellhop.v1'], {
      headers: { authorization: `Bearer ${session.token}` },
      handshakeTimeout: ONE_TRY,
    })
    current = ws
    const ending: Ending = { wasGreeted: false, after: undefined, needsToken: false }
    const silence = setTimeout(() => ws.terminate(), SILENCE)
    ws.on('message', (data) => {
      const frame: Frame = JSON.parse(String(data))
      cursor.take(frame, (command) => ws.send(JSON.stringify(command)))
      if (frame.t === 'bye') ending.after = frame.after
      if (frame.t !== 'hello') return
      ending.wasGreeted = true
      ready()
    })
    ws.on('ping', () => silence.refresh())
    ws.on('unexpected-response', (_req, res) => {
      ending.needsToken = res.statusCode === 401
      ws.terminate()
    })
    ws.on('error', () => undefined)
    return new Promise((resolve) => {
      ws.on('close', (code) => {
        clearTimeout(silence)
        resolve({ ...ending, needsToken: ending.needsToken || code === 4001 || code >= 4400 })
      })
    })
  }

  void live()
  return {
    ready: first,
    close() {
      isClosed = true
      current?.close()
    },
  }
}
