// Messages that were written and do not stand yet. They lie in the storage until they do, and are sent under the name that
// they got when they were written: once, however often they are tried.

import type { CallOperation, InputOf, ReplyOf } from './api.ts'
import { ProblemError } from './problem-error.ts'
import type { SessionStorage } from './session.ts'
import { callSafely } from './socket/listeners.ts'
import type { State } from './socket/options.ts'

type Words = InputOf<'postChatRoomsByIdMessages'>['body']
type Message = ReplyOf<'postChatRoomsByIdMessages'>

/** What stands in a room's list until the message does. */
export interface Draft {
  /** Its name on the server, too. */
  clientMsgId: string
  /** Who wrote it: whoever signs in next in the same browser neither sees nor sends it. */
  writtenBy?: string
  roomId: string
  body: Words
  status: 'SENDING' | 'FAILED'
  problem?: { status: number; code: string; detail: string }
  writtenAt: string
}

export interface Send {
  /** Drawn at once, and sent as soon as can be, in the order of its room. */
  message(roomId: string, words: string | Words): Draft
  /** Tries one again that was refused. */
  retry(clientMsgId: string): void
  /** Forgets one that does not stand yet. */
  discard(clientMsgId: string): void
}

export interface Outbox {
  send: Send
  draftsIn(roomId: string): readonly Draft[]
  /** Hears of every change of drafts, and of a message that stands now. @returns what ends it */
  subscribe(hear: (roomId: string, stands?: Message) => void): () => void
  close(): void
}

interface OutboxOptions {
  call: CallOperation
  storage: SessionStorage
  /** Who is signed in; undefined: only the server knows. */
  who: () => string | undefined
  onState: (hear: (state: State) => void) => void
}

const KEY = 'bellhop.outbox'
/** Milliseconds between tries. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000

export function openOutbox(options: OutboxOptions): Outbox {
  const outbox = new OutboxQueue(options)
  options.onState((state) => state === 'live' && outbox.work())
  const online = (): void => outbox.work()
  Reflect.get(globalThis, 'addEventListener')?.call(globalThis, 'online', online)
  outbox.work()
  return {
    send: {
      message: (roomId, words) => outbox.add(roomId, typeof words === 'string' ? { content: words } : words),
      retry: (clientMsgId) =>
        outbox.change(clientMsgId, ({ problem: _, ...draft }) => ({ ...draft, status: 'SENDING' })),
      discard: (clientMsgId) => outbox.change(clientMsgId, () => undefined),
    },
    draftsIn: (roomId) => outbox.own.filter((draft) => draft.roomId === roomId),
    subscribe: (hear) => outbox.subscribe(hear),
    close() {
      Reflect.get(globalThis, 'removeEventListener')?.call(globalThis, 'online', online)
      outbox.close()
    },
  }
}

class OutboxQueue {
  readonly #options: OutboxOptions
  readonly #hearers = new Set<(roomId: string, stands?: Message) => void>()
  #isWorking = false
  #isClosed = false
  #pause = FIRST_PAUSE
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get drafts(): Draft[] {
    return JSON.parse(this.#options.storage.getItem(KEY) ?? '[]')
  }

  /** Of whoever is signed in. */
  get own(): Draft[] {
    const who = this.#options.who()
    return this.drafts.filter(({ writtenBy }) => writtenBy === who)
  }

  add(roomId: string, words: Words): Draft {
    const clientMsgId = words.clientMsgId ?? crypto.randomUUID()
    const body = { ...words, clientMsgId }
    const draft: Draft = {
      clientMsgId,
      writtenBy: this.#options.who(),
      roomId,
      body,
      status: 'SENDING',
      writtenAt: new Date().toISOString(),
    }
    this.#keep([...this.drafts, draft])
    this.#tell(roomId)
    this.work()
    return draft
  }

  change(clientMsgId: string, make: (draft: Draft) => Draft | undefined): void {
    const draft = this.drafts.find((each) => each.clientMsgId === clientMsgId)
    if (!draft) return
    this.#keep(this.drafts.flatMap((each) => (each.clientMsgId === clientMsgId ? (make(each) ?? []) : each)))
    this.#tell(draft.roomId)
    this.work()
  }

  subscribe(hear: (roomId: string, stands?: Message) => void): () => void {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  /** Sends what waits, one after the other; where there are locks, one tab for all. */
  work(): void {
    if (this.#isWorking || this.#isClosed) return
    clearTimeout(this.#again)
    this.#isWorking = true
    const locks: LockManager | undefined = Reflect.get(globalThis, 'navigator')?.locks
    const sending = locks ? locks.request(KEY, () => this.#sendAll()) : this.#sendAll()
    void sending.catch(() => false).then((isDone) => this.#rest(isDone))
  }

  #rest(isDone: boolean): void {
    this.#isWorking = false
    const waits = this.#next() !== undefined
    if (isDone) this.#pause = FIRST_PAUSE
    // What was written meanwhile goes on at once; what failed waits for the network, and for a while at most.
    if (isDone && waits) return this.work()
    if (!waits || this.#isClosed) return
    this.#again = setTimeout(() => this.work(), this.#pause)
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  /** @returns false when it has to wait */
  async #sendAll(): Promise<boolean> {
    for (let draft = this.#next(); draft && !this.#isClosed; draft = this.#next())
      if (!(await this.#sendOne(draft))) return false
    return true
  }

  #next(): Draft | undefined {
    return this.own.find(({ status }) => status === 'SENDING')
  }

  async #sendOne({ roomId, clientMsgId, body }: Draft): Promise<boolean> {
    try {
      const stands = await this.#options.call('postChatRoomsByIdMessages', { path: { id: roomId }, body })
      this.#keep(this.drafts.filter((each) => each.clientMsgId !== clientMsgId))
      this.#tell(roomId, stands as Message)
      return true
    } catch (error) {
      if (!(error instanceof ProblemError) || error.isPassing || error.status === 401) return false
      const { status, code, detail } = error
      this.change(clientMsgId, (draft) => ({ ...draft, status: 'FAILED', problem: { status, code, detail } }))
      return true
    }
  }

  #keep(drafts: readonly Draft[]): void {
    if (drafts.length === 0) this.#options.storage.removeItem(KEY)
    else this.#options.storage.setItem(KEY, JSON.stringify(drafts))
  }

  #tell(roomId: string, stands?: Message): void {
    for (const hear of this.#hearers) callSafely(() => hear(roomId, stands))
  }
}
