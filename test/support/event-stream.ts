// Somebody who reads server-sent events. It keeps every message; tests wait for what they expect and look at the rest.

import { PATIENCE } from './patience.ts'

export interface Message {
  /** As it stands after this message, like a browser's lastEventId. */
  id: string
  event: string
  retry: number | undefined
  // What a test expects of it, the test says.
  data: any
}

export interface Reader {
  readonly messages: readonly Message[]
  readonly headers: Headers
  /** The next message that fits, already received or not; each is handed out once. */
  next(fits: (message: Message) => boolean, within?: number): Promise<Message>
  event(name: string, within?: number): Promise<Message>
  /** Data of the events of this name, so far. */
  heard(name: string): any[]
  readonly ended: Promise<void>
  /** Stops and goes on reading from the network. */
  pause(): void
  resume(): void
  close(): void
}

/** @throws Error with status and problem when it is refused */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<Reader> {
  const ending = new AbortController()
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: ending.signal,
  })
  if (response.status !== 200 || !response.body)
    throw new Error(`${response.status} ${await response.text()}`)
  const messages: Message[] = []
  const unseen: Message[] = []
  const waiting = new Set<() => void>()
  let gate: Promise<void> = Promise.resolve()
  let open: () => void = () => undefined
  const body = response.body

  async function read(): Promise<void> {
    let [rest, id] = ['', '']
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = new Map(
          block
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        id = fields.get('id') ?? id
        if (!fields.has('data')) continue
        const message = {
          id,
          event: fields.get('event') ?? 'message',
          retry: fields.has('retry') ? Number(fields.get('retry')) : undefined,
          data: JSON.parse(fields.get('data') ?? 'null'),
        }
        messages.push(message)
        unseen.push(message)
      }
      for (const look of waiting) look()
      await gate
    }
  }

  const next: Reader['next'] = (fits, within = PATIENCE) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look)
        reject(
          new Error(
            `No such message within ${within} ms. Got: ${messages.map((message) => message.event).join(', ')}`,
          ),
        )
      }, within)
      const look = (): void => {
        const at = unseen.findIndex(fits)
        if (at < 0) return
        clearTimeout(late)
        waiting.delete(look)
        const [message] = unseen.splice(at, 1)
        if (message) resolve(message)
      }
      waiting.add(look)
      look()
    })

  return {
    messages,
    headers: response.headers,
    next,
    event: (name, within) => next((message) => message.event === name, within),
    heard: (name) => messages.filter((message) => message.event === name).map((message) => message.data.data),
    // However it ends.
    ended: read().catch(() => undefined),
    pause: () => {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    resume: () => {
      open()
      gate = Promise.resolve()
    },
    close: () => ending.abort(),
  }
}
