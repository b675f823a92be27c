// Takes words out of the event log. A stream has no place for a changed entry: the entry goes, and what is to be read in its stead lies
// beside the log under its number, for as long as the log reaches. Whoever reads finds a hole, looks there, and has every number again.
// An entry `redacted` tells the nodes, which hold the words in memory. Done again, it changes nothing more, and tells them again.

import type { Redis } from './redis.ts'
import { readEntry, type LogEntry, type Stream } from './stream.ts'

/** Heard by the nodes themselves: numbers of their partition whose entries are others now. */
export const REDACTED_SIGNAL = 'redacted'

/** Entries in one answer. */
const PAGE = 500

type Items = readonly [id: string, fields: string[]][]
type Keys = Pick<Stream, 'logKey' | 'besideKey'>

/** What the log has of these numbers, both included, a page at most; an entry whose words were taken out is as it is now. */
export async function readEntries(
  redis: Redis,
  keys: Keys,
  partition: number,
  first: number,
  last: number,
): Promise<LogEntry[]> {
  const items: Items = await redis.xrange(keys.logKey(partition), `${first}-0`, `${last}-0`, 'COUNT', PAGE)
  const found = items.map(([id, fields]) => readEntry(id, fields))
  const upTo = found.length === PAGE ? (found.at(-1)?.seq ?? last) : Math.min(last, first + PAGE - 1)
  return found.length === upTo - first + 1 ? found : fillHoles(redis, keys, partition, found, first, upTo)
}

async function fillHoles(
  redis: Redis,
  keys: Keys,
  partition: number,
  found: readonly LogEntry[],
  first: number,
  last: number,
): Promise<LogEntry[]> {
  const held = new Set(found.map(({ seq }) => seq))
  const missing = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at).filter(
    (seq) => !held.has(seq),
  )
  if (missing.length === 0) return [...found]
  const beside = await redis.mget(missing.map((seq) => keys.besideKey(partition, seq)))
  const filled = beside.flatMap((text): LogEntry[] => (text === null ? [] : [JSON.parse(text)]))
  return [...found, ...filled].toSorted((a, b) => a.seq - b.seq)
}

/** @returns what an entry's data are from now on; the same: it stays as it is */
export type Rewrite = (event: string, data: unknown) => unknown

/** Messages that were deleted or changed: found by the numbers that were kept of them when they were appended. */
export async function redactQuotes(
  redis: Redis,
  stream: Stream,
  messageId: string,
  rewrite: Rewrite,
  now: Date,
): Promise<void> {
  for (let partition = 0; partition < stream.partitions; partition++) {
    const seqs = (await redis.lrange(stream.quotesKey(partition, messageId), 0, -1)).map(Number)
    const entries = await Promise.all(seqs.map((seq) => readEntries(redis, stream, partition, seq, seq)))
    await replace(stream, partition, entries.flat(), rewrite, now)
  }
}

/** For what is seldom done: reads the log from its beginning. @param holds whether an entry may be concerned */
export async function redactWhole(
  redis: Redis,
  stream: Stream,
  holds: (entry: LogEntry) => boolean,
  rewrite: Rewrite,
  now: Date,
): Promise<void> {
  const { cursor } = await stream.positions()
  for (const [name, head] of Object.entries(cursor)) {
    const partition = Number(name)
    for (let first = Math.max(1, head - stream.longest); first <= head; first += PAGE) {
      const entries = await readEntries(redis, stream, partition, first, Math.min(head, first + PAGE - 1))
      await replace(stream, partition, entries.filter(holds), rewrite, now)
    }
  }
}

async function replace(
  stream: Stream,
  partition: number,
  entries: readonly LogEntry[],
  rewrite: Rewrite,
  now: Date,
): Promise<void> {
  if (entries.length === 0) return
  const changed = entries.flatMap((entry) => rewritten(entry, rewrite))
  if (changed.length > 0) await stream.putBeside(partition, changed)
  // Of all of them: where this is done again, because nodes could not be told, nothing is left to change.
  await stream.tellNodes(
    partition,
    REDACTED_SIGNAL,
    entries.map(({ seq }) => seq),
    now,
  )
}

function rewritten(entry: LogEntry, rewrite: Rewrite): LogEntry[] {
  const frame: { data?: unknown } = JSON.parse(entry.frame)
  const text = JSON.stringify({ ...frame, data: rewrite(entry.event, frame.data) })
  return text === entry.frame ? [] : [{ ...entry, frame: text }]
}
