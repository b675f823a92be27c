import { expect } from 'chai'
import { readPushed } from '../../realtime/log/unopened-entry.ts'
import { openBlocking } from '../../shared/kit/store/redis.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { readEntry, type LogEntry } from '../../shared/kit/store/stream.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the event log', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({
      with: [],
      env: { STREAM_PARTITIONS: '256', STREAM_MAX_LENGTH: '100', STREAM_MAX_AGE: '1h' },
    })
  })
  afterEach(() => w.end())

  const append = (key: string, channel = 'user:1', data: unknown = {}): Promise<string> =>
    w.runtime.stream.append({ key, channel, event: 'test.said', at: w.clock.now(), data })

  async function entriesOf(channel = 'user:1'): Promise<LogEntry[]> {
    const entries = await w.runtime.redis.xrange(
      w.runtime.stream.logKey(w.runtime.stream.partitionOf(channel)),
      '-',
      '+',
    )
    return entries.map(([id, fields]) => readEntry(id, fields))
  }

  const epochOf = (channel = 'user:1'): Promise<string | null> =>
    w.runtime.redis.hget(w.runtime.stream.headKey(w.runtime.stream.partitionOf(channel)), 'epoch')

  // The published vectors of FNV-1a, 32 bit: 811c9dc5, e40c292c, bf9cf968. Another function would lose every client's place.
  for (const [channel, partition] of [
    ['', 0xc5],
    ['a', 0x2c],
    ['foobar', 0x68],
  ] as const) {
    it(`always keeps the channel "${channel}" in partition ${partition}`, () =>
      expect(w.runtime.stream.partitionOf(channel)).to.equal(partition))
  }

  it('spreads people over all partitions', () => {
    const used = new Set(Array.from({ length: 5000 }, (_, n) => w.runtime.stream.partitionOf(`user:${n}`)))
    expect(used.size).to.equal(256)
  })

  it('numbers consecutively, also when many write at once', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => append(`k${n}`)))
    const partition = w.runtime.stream.partitionOf('user:1')
    expect(ids.toSorted((a, b) => seqOf(a) - seqOf(b))).to.deep.equal(
      Array.from({ length: 50 }, (_, n) => `${partition}:${n + 1}`),
    )
    expect((await entriesOf()).map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: 50 }, (_, n) => n + 1),
    )
  })

  it('takes a thing once, however often it is said, and answers where it stands', async () => {
    const first = await append('same')
    await append('other')
    expect(await Promise.all([append('same'), append('same')])).to.deep.equal([first, first])
    expect(await entriesOf()).to.have.length(2)
  })

  it('lets every entry name the one before, so that a log that went back to an older state shows', async () => {
    for (const n of [1, 2, 3]) await append(`k${n}`)
    const entries = await entriesOf()
    expect(entries.map(({ after }) => after)).to.deep.equal(['', entries[0]?.mark, entries[1]?.mark])
    expect(new Set(entries.map(({ mark }) => mark)).size).to.equal(3)
  })

  it('keeps the frame as clients get it', async () => {
    const id = await append('k', 'user:1', { name: 'Nguyễn "Mai"\n', n: 1 })
    const [entry] = await entriesOf()
    expect(JSON.parse(entry?.frame ?? '')).to.deep.equal({
      t: 'event',
      id,
      ch: 'user:1',
      ev: 'test.said',
      at: w.clock.now().toISOString(),
      data: { name: 'Nguyễn "Mai"\n', n: 1 },
    })
    expect(entry).to.include({ channel: 'user:1', event: 'test.said', at: w.clock.now().getTime() })
  })

  it('pushes what it appended, once, to whoever listens: all of a turn together, as it can be read', async () => {
    const subscriber = openBlocking(w.runtime.config)
    const pushed: LogEntry[][] = []
    subscriber.on('messageBuffer', (_channel, message: Buffer) => pushed.push(readPushed(message)))
    await subscriber.subscribe(w.runtime.stream.logKey(w.runtime.stream.partitionOf('user:1')))
    await append('one', 'user:1', { words: 'Xin chào\n' })
    await Promise.all([append('one'), append('two', 'user:1', { words: 'ố'.repeat(1000) }), append('three')])
    await append('two')
    await append('four')
    await until('all was pushed', async () => pushed.flat().length >= 4)
    expect(pushed.map((entries) => entries.length)).to.deep.equal([1, 2, 1])
    const plain = (entries: readonly LogEntry[]) =>
      entries.map(({ seq, channel, event, at, frame, mark, after, epoch }) => {
        return { seq, channel, event, at, frame, mark, after, epoch }
      })
    expect(plain(pushed.flat())).to.deep.equal(plain(await entriesOf()))
    subscriber.disconnect()
  })

  it('begins a new epoch when its head was lost, so that nobody takes new numbers for old ones', async () => {
    await append('one')
    await append('two')
    const before = await epochOf()
    await append('three')
    expect(await epochOf()).to.equal(before)
    await w.runtime.redis.del(w.runtime.stream.headKey(w.runtime.stream.partitionOf('user:1')))
    const id = await append('four')
    expect(await epochOf()).not.to.equal(before)
    expect(seqOf(id)).to.equal(1)
    expect((await entriesOf()).map(({ seq }) => seq)).to.deep.equal([1])
  })

  it('begins a new epoch when somebody saw it go back, once, and above what they saw', async () => {
    await append('one')
    const partition = w.runtime.stream.partitionOf('user:1')
    const seen = { seq: 7, epoch: (await epochOf()) ?? '' }
    const heads = await Promise.all([
      w.runtime.stream.renewEpoch(partition, seen),
      w.runtime.stream.renewEpoch(partition, { ...seen, seq: 9 }),
    ])
    expect(heads[0]).to.deep.include({ seq: 7, epoch: await epochOf() })
    expect(heads[1]).to.deep.equal(heads[0])
    expect(heads[0]?.epoch).not.to.equal(seen.epoch)
    expect(seqOf(await append('two'))).to.equal(8)
  })

  it('keeps no more entries than it should, and the newest of them', async () => {
    for (let n = 1; n <= 130; n++) await append(`k${n}`)
    const seqs = (await entriesOf()).map(({ seq }) => seq)
    expect([seqs.length, seqs[0], seqs.at(-1)]).to.deep.equal([100, 31, 130])
  })

  it('reads what the release before writes in seven fields, and lets it grow old as anything else', async () => {
    await append('first')
    const [written] = await entriesOf()
    const log = w.runtime.stream.logKey(w.runtime.stream.partitionOf('user:1'))
    const { channel = '', event = '', at = 0, frame = '', mark = '', after = '', epoch = '' } = written ?? {}
    const fields = { ch: channel, ev: event, at, f: frame, mark, after, ep: epoch }
    await w.runtime.redis.xdel(log, '1-0')
    await w.runtime.redis.xadd(log, '1-1', ...Object.entries(fields).flat())
    expect(await entriesOf()).to.deep.equal([written])
    w.clock.moveTo(plusMs(w.clock.now(), HOUR + 1))
    await append('second')
    expect((await entriesOf()).map(({ seq }) => seq)).to.deep.equal([2])
  })

  it('forgets what is older than it should be, and keeps counting', async () => {
    for (let n = 1; n <= 4; n++) await append(`old${n}`)
    w.clock.moveTo(plusMs(w.clock.now(), HOUR))
    await append('on the border')
    expect((await entriesOf()).map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4, 5])
    w.clock.moveTo(plusMs(w.clock.now(), 1))
    await append('new1')
    await append('new2')
    expect((await entriesOf()).map(({ seq }) => seq)).to.deep.equal([5, 6, 7])
  })
})

const seqOf = (id: string): number => Number(id.split(':')[1])
