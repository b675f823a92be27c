// Messages that were written and do not stand yet. They lie in the storage until they do, and are sent under the name that
// they got when they were written: once, however often they are tried. Each room has its own order, and waits for no other.

import type { CallOperation, InputOf, ReplyOf } from './api.ts'
import type { FileStorage } from './file-storage.ts'
import { OutboxFiles, type DraftFile } from './outbox-files.ts'
import { ProblemError } from './problem-error.ts'
import { holdLock, type SessionStorage, type TokenSource } from './session.ts'
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
  /** With `attachments` that are on the server already. */
  body: Words
  files?: readonly DraftFile[]
  status: 'SENDING' | 'FAILED'
  problem?: { status: number; code: string; detail: string }
  writtenAt: string
}

export interface Send {
  /**
   * Drawn at once, and sent as soon as can be, in the order of its room; files before it, from here. Up to 100 MB of them wait for
   * the network together; what is more, and what the device has no room for, fails when it cannot be sent at once.
   */
  message(roomId: string, words: string | Words, files?: readonly File[]): Draft
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
  /** Of what was written before it was known by whom, that is known now. @param nobody who it was until now */
  sign(nobody: string): void
  close(): void
}

interface OutboxOptions {
  call: CallOperation
  storage: SessionStorage
  files: FileStorage
  /** Whose tokens say nothing of them, e.g. keys of programs, are one to each other. */
  tokens: TokenSource
  onState: (hear: (state: State) => void) => unknown
}

const KEY = 'bellhop.outbox'
/** Milliseconds between tries. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000
/** Milliseconds for which the messages wait here of whoever is no longer signed in. */
const LEFT_FOR = 14 * 24 * 60 * 60 * 1000

export function openOutbox(options: OutboxOptions): Outbox {
  const outbox = new OutboxQueue(options)
  options.onState((state) => state === 'live' && outbox.work())
  const online = (): void => outbox.work()
  globalThis.addEventListener?.('online', online)
  outbox.work()
  outbox.sweep().catch(() => undefined)
  return {
    send: {
      message: (roomId, words, files = []) =>
        outbox.add(roomId, typeof words === 'string' ? { content: words } : words, files),
      retry: (clientMsgId) => outbox.change(clientMsgId, beginAgain),
      discard: (clientMsgId) => outbox.change(clientMsgId, () => undefined),
    },
    draftsIn: (roomId) => outbox.own.filter((draft) => draft.roomId === roomId),
    subscribe: (hear) => outbox.subscribe(hear),
    sign: (nobody) => outbox.sign(nobody),
    close() {
      globalThis.removeEventListener?.('online', online)
      outbox.close()
    },
  }
}

class OutboxQueue {
  readonly #options: OutboxOptions
  readonly #hearers = new Set<(roomId: string, stands?: Message) => void>()
  readonly #files: OutboxFiles
  /** Rooms whose messages are being sent from here. */
  readonly #working = new Set<string>()
  #isClosed = false
  #pause = FIRST_PAUSE
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#files = new OutboxFiles(options.files, options.call)
  }

  /** What a page left behind that ended, and what others wrote long ago, who did not come back. The next page tries again. */
  async sweep(): Promise<void> {
    // Whose it is that waits a token may have to say.
    if (this.drafts.length > 0) await this.#options.tokens.token()
    const isWanted = ({ writtenBy, writtenAt }: Draft): boolean =>
      writtenBy === this.#options.tokens.who || Date.now() - Date.parse(writtenAt) < LEFT_FOR
    this.#keep(this.drafts.filter(isWanted))
    await this.#files.sweep(() => filesOf(this.drafts))
  }

  get drafts(): Draft[] {
    return JSON.parse(this.#options.storage.getItem(KEY) ?? '[]')
  }

  /** Of whoever is signed in. */
  get own(): Draft[] {
    const { who } = this.#options.tokens
    return this.drafts.filter(({ writtenBy }) => writtenBy === who)
  }

  sign(nobody: string): void {
    const writtenBy = this.#options.tokens.who
    this.#keep(this.drafts.map((draft) => (draft.writtenBy === nobody ? { ...draft, writtenBy } : draft)))
    for (const { roomId } of this.own) this.#tell(roomId)
    this.work()
  }

  add(roomId: string, words: Words, chosen: readonly File[]): Draft {
    const clientMsgId = words.clientMsgId ?? crypto.randomUUID()
    const body = { ...words, clientMsgId }
    const files = chosen.map(nameFile)
    const draft: Draft = {
      clientMsgId,
      writtenBy: this.#options.tokens.who,
      roomId,
      body,
      ...(files.length > 0 && { files }),
      status: 'SENDING',
      writtenAt: new Date().toISOString(),
    }
    this.#keep([...this.drafts, draft])
    const waiting = filesOf(this.own).reduce((sum, { size }) => sum + size, 0)
    this.#files.take(files, chosen, waiting)
    this.#tell(roomId)
    this.work()
    return draft
  }

  change(clientMsgId: string, make: (draft: Draft) => Draft | undefined): void {
    const draft = this.#write(clientMsgId, make)
    if (!draft) return
    this.#tell(draft.roomId)
    this.work()
  }

  /** @returns as it was; undefined: it is no more, having been sent, or taken back */
  #write(clientMsgId: string, make: (draft: Draft) => Draft | undefined): Draft | undefined {
    const draft = this.drafts.find((each) => each.clientMsgId === clientMsgId)
    if (!draft) return undefined
    const now = make(draft)
    this.#keep(this.drafts.flatMap((each) => (each.clientMsgId === clientMsgId ? (now ?? []) : each)))
    if (!now) this.#files.forget(draft.files ?? []).catch(() => undefined)
    return draft
  }

  subscribe(hear: (roomId: string, stands?: Message) => void): () => void {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  /** Sends what waits: of a room one after the other; where there are locks, one tab for all. */
  work(): void {
    if (this.#isClosed) return
    clearTimeout(this.#again)
    this.#again = undefined
    for (const { roomId } of this.#waiting()) if (!this.#working.has(roomId)) void this.#workIn(roomId)
  }

  async #workIn(roomId: string): Promise<void> {
    this.#working.add(roomId)
    const { who } = this.#options.tokens
    const isDone = await holdLock(`${KEY}.${roomId}`, () => this.#sendAll(roomId)).catch(() => false)
    this.#working.delete(roomId)
    // What somebody else wrote need not wait for it.
    this.#rest(isDone || this.#options.tokens.who !== who)
  }

  #rest(isDone: boolean): void {
    if (isDone) this.#pause = FIRST_PAUSE
    // What was written meanwhile goes on at once; what failed waits for the network, and for a while at most.
    if (isDone) return this.work()
    if (this.#isClosed || this.#again !== undefined) return
    this.#again = setTimeout(() => this.work(), this.#pause)
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  /** @returns false when it has to wait */
  async #sendAll(roomId: string): Promise<boolean> {
    for (;;) {
      const draft = this.#waiting().find((each) => each.roomId === roomId)
      if (!draft || this.#isClosed) return true
      if (!(await this.#sendOne(draft))) return false
    }
  }

  #waiting(): Draft[] {
    return this.own.filter(({ status }) => status === 'SENDING')
  }

  async #sendOne(draft: Draft): Promise<boolean> {
    const { roomId, clientMsgId } = draft
    try {
      for (const file of draft.files ?? [])
        if (this.#wanted(clientMsgId) && !(await this.#sendFile(draft, file))) return false
      const body = this.#bodyOf(clientMsgId)
      if (!body) return true
      const stands = await this.#options.call('postChatRoomsByIdMessages', { path: { id: roomId }, body })
      this.#write(clientMsgId, () => undefined)
      this.#tell(roomId, stands as Message)
      return true
    } catch (error) {
      if (!(error instanceof ProblemError) || error.isPassing || error.status === 401) return false
      const { status, code, detail } = error
      this.change(clientMsgId, (failed) => ({
        ...failed,
        status: 'FAILED',
        problem: { status, code, detail },
      }))
      return true
    }
  }

  /** @returns false when it has to wait */
  async #sendFile({ clientMsgId, writtenAt }: Draft, file: DraftFile): Promise<boolean> {
    const id = file.id ?? (await this.#files.send(file, writtenAt))
    if (id === undefined) return false
    this.#write(clientMsgId, (draft) => ({
      ...draft,
      files: (draft.files ?? []).map((each) => (each.key === file.key ? { ...each, id } : each)),
    }))
    return true
  }

  /** @returns undefined: it was taken back meanwhile, somebody else is signed in, or this is closed */
  #wanted(clientMsgId: string): Draft | undefined {
    return this.#isClosed ? undefined : this.own.find((each) => each.clientMsgId === clientMsgId)
  }

  #bodyOf(clientMsgId: string): Words | undefined {
    const draft = this.#wanted(clientMsgId)
    const sent = (draft?.files ?? []).flatMap(({ id }) => id ?? [])
    return draft && { ...draft.body, attachments: [...(draft.body.attachments ?? []), ...sent] }
  }

  #keep(drafts: readonly Draft[]): void {
    if (drafts.length === 0) this.#options.storage.removeItem(KEY)
    else this.#options.storage.setItem(KEY, JSON.stringify(drafts))
  }

  #tell(roomId: string, stands?: Message): void {
    for (const hear of this.#hearers) callSafely(() => hear(roomId, stands))
  }
}

const filesOf = (drafts: readonly Draft[]): DraftFile[] => drafts.flatMap(({ files }) => files ?? [])

function nameFile({ name, size }: File): DraftFile {
  const key = crypto.randomUUID()
  return { key, name, size, sentAs: key }
}

/** Files, too: the server forgets those that no message took within a day. */
const beginAgain = ({ problem: _, ...draft }: Draft): Draft => ({
  ...draft,
  ...(draft.files && {
    files: draft.files.map(({ key, name, size }) => ({ key, name, size, sentAs: crypto.randomUUID() })),
  }),
  status: 'SENDING',
})
