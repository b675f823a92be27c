// What a node remembers of the log: found by channel, whenever one asks, and as bytes until somebody hears it.

import { expect } from 'chai'
import { PartitionBuffer } from '../../realtime/log/partition-buffer.ts'
import { EntryPages, readUnopened, sizeOfFrame, UnopenedEntry } from '../../realtime/log/unopened-entry.ts'
import { readEntry, type LogEntry } from '../../shared/kit/store/stream.ts'

const FRAME =
  '{"t":"event","id":"3:7","ch":"room:1","ev":"message.created","data":{"content":"Xin chào, Bình Dương"}}'
const FIELDS = ['h', '1764496800000 mark before epoch message.created room:1', 'f', FRAME]
const OLD = [
  ['channel', 'room:1', 'event', 'message.created', 'at', '1764496800000', 'frame', FRAME],
  ['mark', 'mark', 'after', 'before', 'epoch', 'epoch'],
].flat()
const bytesOf = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text))
const plain = (entry: LogEntry): LogEntry => ({
  seq: entry.seq,
  channel: entry.channel,
  event: entry.event,
  at: entry.at,
  frame: entry.frame,
  mark: entry.mark,
  after: entry.after,
  epoch: entry.epoch,
})

describe('an entry that a node has read', () => {
  it('says the same whether it is opened at once, later, or after it was put away', () => {
    for (const fields of [FIELDS, OLD]) {
      const expected = readEntry('7-0', fields)
      expect(plain(readUnopened(Buffer.from('7-0'), bytesOf(fields)))).to.deep.equal(expected)
      const bytes = bytesOf(fields)
      const entry = readUnopened(Buffer.from('7-0'), bytes)
      expect(sizeOfFrame(entry)).to.equal(Buffer.byteLength(FRAME))
      if (entry instanceof UnopenedEntry) entry.keepIn(new EntryPages())
      // What it was read into is used for something else.
      for (const each of bytes) each.fill('x')
      expect([plain(entry), plain(entry)]).to.deep.equal([expected, expected])
    }
  })

  it('is put away beside others, and each keeps its own words', () => {
    const pages = new EntryPages()
    const entries = Array.from({ length: 3000 }, (_, seq) => {
      const frame = JSON.stringify({ seq, words: 'ố'.repeat(seq % 97) })
      const entry = new UnopenedEntry(seq, FIELDS[1] ?? '', Buffer.from(frame))
      entry.keepIn(pages)
      return { entry, frame }
    })
    const large = new UnopenedEntry(0, FIELDS[1] ?? '', Buffer.from(FRAME.repeat(2000)))
    large.keepIn(pages)
    expect(entries.filter(({ entry, frame }) => entry.frame !== frame)).to.deep.equal([])
    expect(large.frame).to.equal(FRAME.repeat(2000))
  })
})

describe('what a node remembers', () => {
  const CHANNELS = ['user:1', 'user:2', 'room:1']
  const entryOf = (seq: number): LogEntry => ({
    seq,
    channel: CHANNELS[(seq * 7) % 3] ?? '',
    event: 'test.said',
    at: 0,
    frame: `${seq}`,
    mark: '',
    after: '',
    epoch: undefined,
  })
  const entriesOf = (first: number, last: number): LogEntry[] =>
    Array.from({ length: last - first + 1 }, (_, at) => entryOf(first + at))

  it('is found by channel and number, whoever asked before and whatever was forgotten meanwhile', () => {
    const buffer = new PartitionBuffer(1, { entries: 20, bytes: 1_000_000 })
    buffer.reset(0, 100)
    const mustFind = (first: number, last: number): void => {
      for (const channels of [['user:1'], ['user:2', 'room:1'], ['nobody:1']])
        for (let seq = first - 1; seq <= last; seq++)
          expect(
            buffer.after(0, channels, seq).map((entry) => entry.seq),
            `${channels.join()} after ${seq}`,
          ).to.deep.equal(
            entriesOf(seq + 1, last)
              .filter(({ channel }) => channels.includes(channel))
              .map((entry) => entry.seq),
          )
    }
    let last = 100
    for (const [count, isAsked] of [
      [5, true],
      [3, false],
      [9, true],
      [14, true],
      [45, false],
      [1, true],
      [19, false],
      [20, true],
    ] as const) {
      buffer.append(0, entriesOf(last + 1, last + count))
      last += count
      if (isAsked) mustFind(buffer.first(0), last)
    }
    const first = buffer.first(0)
    buffer.prepend(0, entriesOf(first - 30, first - 1))
    buffer.append(0, entriesOf(last + 1, last + 2))
    mustFind(first - 30, last + 2)
    buffer.reset(0, 7)
    expect(buffer.after(0, CHANNELS, 0)).to.deep.equal([])
    buffer.append(0, entriesOf(8, 9))
    mustFind(8, 9)
  })
})
