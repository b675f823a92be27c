// A person at a native socket. It keeps every frame; tests wait for what they expect and look at the rest.

import { WebSocket } from 'ws'
import { holdFrame, holdReply } from './frame-contract.ts'
import { PATIENCE } from './patience.ts'

export interface Frame {
  t: string
  ev?: string
  ch?: string
  id?: string
  // What a test expects of it, the test says.
  [key: string]: any
}

export interface Socket {
  readonly frames: readonly Frame[]
  /** The next frame that fits, already received or not; each frame is handed out once. */
  next(fits: (frame: Frame) => boolean, within?: number): Promise<Frame>
  event(name: string, within?: number): Promise<Frame>
  send(frame: unknown): void
  /** Sends a command and waits for its reply. */
  command(c: string, data?: unknown): Promise<Frame>
  events(name: string): Frame[]
  readonly closed: Promise<{ code: number; reason: string }>
  /** Stops and goes on reading from the network. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

let refs = 0

export async function openSocket(
  url: string,
  options: { headers?: Record<string, string>; protocols?: string[] } = {},
): Promise<Socket> {
  const ws = new WebSocket(url, options.protocols ?? ['bellhop.v1'], { headers: options.headers ?? {} })
  const frames: Frame[] = []
  const unseen: Frame[] = []
  const waiting = new Set<() => void>()
  let fault: Error | undefined
  ws.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data))
    fault ??= faultOf(() => holdFrame(frame))
    frames.push(frame)
    unseen.push(frame)
    for (const look of waiting) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('error', reject)
  })
  ws.on('error', () => undefined)

  const next: Socket['next'] = (fits, within = PATIENCE) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look)
        reject(
          new Error(
            `No such frame within ${within} ms. Got: ${frames.map((frame) => frame.ev ?? frame.t).join(', ')}`,
          ),
        )
      }, within)
      const look = (): void => {
        if (fault) return reject(fault)
        const at = unseen.findIndex(fits)
        if (at < 0) return
        clearTimeout(late)
        waiting.delete(look)
        const [frame] = unseen.splice(at, 1)
        if (frame) resolve(frame)
      }
      waiting.add(look)
      look()
    })

  return {
    frames,
    next,
    closed,
    event: (name, within) => next((frame) => frame.ev === name, within),
    events: (name) => frames.filter((frame) => frame.ev === name),
    send: (frame) =>
      ws.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    async command(c, data) {
      const ref = `r${++refs}`
      ws.send(JSON.stringify({ c, ref, ...(data !== undefined && { data }) }))
      const reply = await next((frame) => frame.t === 'reply' && frame['ref'] === ref)
      holdReply(c, reply)
      return reply
    },
    async close() {
      if (ws.readyState === WebSocket.CLOSED) return
      ws.close()
      await closed
    },
  }
}

/** Kept until the test waits for something: what a listener throws would be nobody's. */
function faultOf(check: () => void): Error | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
