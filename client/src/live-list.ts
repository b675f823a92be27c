// A list that loads, follows what happens, and says when it may be out of date.
// Promise: once things are quiet, it shows what reading it again would show.

import { ProblemError } from './problem-error.ts'
import { callSafely } from './socket/listeners.ts'

/**
 * loading: nothing yet; live: as on the server; stale: it may be older; failed: refused. What is loading or stale is tried again by
 * itself. See `problem`, too.
 */
export type LiveStatus = 'loading' | 'live' | 'stale' | 'failed'

export interface LiveList<Item> {
  /** The same array as long as nothing changed. */
  get(): readonly Item[]
  /** @returns what ends it */
  subscribe(hear: () => void): () => void
  /** Reads further back: a page, or so many. */
  more(by?: number): Promise<void>
  /** False once all is there. */
  readonly hasMore: boolean
  readonly status: LiveStatus
  readonly problem: ProblemError | undefined
  /** Of what was asked for some, or all, could not be read: `problem` says why. */
  readonly isMissing: boolean
  /** Reads again at once. Never rejects: what went wrong is its status. */
  reread(): Promise<void>
  close(): void
}

interface Versioned {
  createdAt?: string
  version?: number
  updatedAt?: string | null
}

/** What is shown of a list. */
export interface ListPart<Item> {
  items: Item[]
  hasMore: boolean
}

export interface ListSource<Item> {
  /** Resolves once everything that happens from now on will be heard. */
  ready: () => Promise<unknown>
  /** @param size how many, newest first */
  read: (size: number) => Promise<ListPart<Item>>
  keyOf: (item: Item) => string
  /** Whether what an event carries can only be placed by reading again. */
  isFiltered: boolean
}

const PAGE = 50
/** Milliseconds in which events that ask for reading again are taken together. */
const TOGETHER = 100
/** Between two readings that events ask for, however many they are. */
const APART = 1000
const RETRY = 2000

export class FollowedList<Item extends object> implements LiveList<Item> {
  readonly #source: ListSource<Item>
  readonly #hearers = new Set<() => void>()
  #items: readonly Item[] = []
  #status: LiveStatus = 'loading'
  #problem: ProblemError | undefined
  #wasRead = false
  #size = PAGE
  #hasMore = false
  /** What happened while it was read. */
  #meanwhile: ((items: readonly Item[]) => readonly Item[])[] = []
  #reading: Promise<void> | undefined
  /** By a clock that nobody sets. */
  #readAt = -APART
  #isDirty = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  readonly #ends: (() => void)[] = []

  constructor(source: ListSource<Item>) {
    this.#source = source
    void this.reread()
  }

  get = (): readonly Item[] => this.#items

  get status(): LiveStatus {
    return this.#status
  }

  get problem(): ProblemError | undefined {
    return this.#problem
  }

  get isMissing(): boolean {
    if (this.#problem === undefined) return false
    return this.#status !== 'stale' || (this.#hasMore && this.#items.length < this.#size)
  }

  subscribe = (hear: () => void): (() => void) => {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }

  async more(by = PAGE): Promise<void> {
    this.#size = Math.max(this.#size, this.#items.length) + by
    await this.reread()
  }

  get hasMore(): boolean {
    return this.#hasMore
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const end of this.#ends.splice(0)) end()
  }

  /** @param end runs when the list is closed, and whoever filled it shall no longer */
  onClose(end: () => void): void {
    this.#ends.push(end)
  }

  /** Newer than what is there: it takes its place; not there yet: it goes where it is by its time, unless a filter decides. */
  place(item: Item & { createdAt: string }): void {
    const key = this.#source.keyOf(item)
    let isPlaced = true
    this.#apply((items) => {
      const before = items.find((each) => this.#source.keyOf(each) === key)
      if (before) return isOlder(item, before) ? items : items.map((each) => (each === before ? item : each))
      if (this.#source.isFiltered) return items
      const at = items.findIndex((each) => timeOf(each) <= item.createdAt)
      // Which of two of one moment comes first, the server knows.
      isPlaced = at < 0 || timeOf(items[at]) !== item.createdAt
      const after = at < 0 ? [...items, item] : items.toSpliced(at, 0, item)
      const most = Math.max(this.#size, items.length)
      // What was not asked for is read by whoever asks for more.
      if (after.length > most) this.#hasMore = true
      return after.slice(0, most)
    })
    if (this.#source.isFiltered || !isPlaced) this.rereadSoon()
  }

  /** In its place by an order that begins with the oldest, whether it was there or not; what is older than all that is shown is not. */
  put(item: Item, order: (one: Item, other: Item) => number): void {
    const key = this.#source.keyOf(item)
    this.#apply((items) => {
      const before = items.find((each) => this.#source.keyOf(each) === key)
      if (before && isOlder(item, before)) return items
      if (this.#hasMore && items[0] && order(item, items[0]) < 0) return items
      return [...items.filter((each) => each !== before), item].toSorted(order)
    })
  }

  /** What is shown beside it has changed. */
  touch(): void {
    this.#items = [...this.#items]
    this.#tell()
  }

  remove(key: string): void {
    this.#apply((items) => items.filter((each) => this.#source.keyOf(each) !== key))
    if (this.#hasMore && this.#items.length < this.#size) this.rereadSoon()
  }

  change(make: (item: Item) => Item): void {
    this.#apply((items) => items.map(make))
  }

  rereadSoon(delay = TOGETHER): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined
        void this.reread()
      },
      Math.max(delay, this.#readAt + APART - performance.now()),
    )
  }

  /** The connection is gone: what is shown may be older than what is. */
  away(): void {
    if (this.#status === 'live') this.#become('stale')
  }

  /** It is back, and has told what was missed. */
  back(): void {
    if (this.#status !== 'stale') return
    if (this.#isDirty) return void this.reread()
    this.#become('live')
  }

  reread(): Promise<void> {
    this.#isDirty = true
    this.#reading ??= this.#readWhileDirty().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readWhileDirty(): Promise<void> {
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false
      try {
        await this.#source.ready()
        this.#meanwhile = []
        this.#readAt = performance.now()
        const { items, hasMore } = await this.#source.read(this.#size)
        this.#hasMore = hasMore
        this.#items = this.#meanwhile.reduce((now, apply) => apply(now), this.#kept(items))
        this.#problem = undefined
        this.#wasRead = true
        this.#become('live')
      } catch (error) {
        return this.#failed(error)
      }
    }
  }

  /** What has not changed stays the same object. */
  #kept(read: readonly Item[]): readonly Item[] {
    const known = new Map(this.#items.map((item) => [this.#source.keyOf(item), item]))
    return read.map((item) => {
      const before = known.get(this.#source.keyOf(item))
      return before && JSON.stringify(before) === JSON.stringify(item) ? before : item
    })
  }

  #failed(error: unknown): void {
    const problem = error instanceof ProblemError ? error : undefined
    this.#problem = problem
    this.#isDirty = true
    const isFinal = problem !== undefined && !problem.isPassing
    // What was never read is not empty.
    this.#become(isFinal ? 'failed' : this.#wasRead ? 'stale' : 'loading')
    if (!isFinal) this.rereadSoon(RETRY)
  }

  #apply(apply: (items: readonly Item[]) => readonly Item[]): void {
    if (this.#reading) this.#meanwhile.push(apply)
    if (this.#status === 'loading') return
    const after = apply(this.#items)
    if (after === this.#items) return
    this.#items = after
    this.#tell()
  }

  #become(status: LiveStatus): void {
    this.#status = status
    this.#tell()
  }

  #tell(): void {
    for (const hear of this.#hearers) callSafely(hear)
  }
}

const timeOf = (item: object | undefined): string => String(Reflect.get(item ?? {}, 'createdAt'))

function isOlder(now: Versioned, before: Versioned): boolean {
  return (now.version ?? 0) < (before.version ?? 0) || (now.updatedAt ?? '') < (before.updatedAt ?? '')
}
