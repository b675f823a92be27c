import { expect } from 'chai'
import { CLOSE } from '../../realtime/transport/close-codes.ts'
import type { StreamWriter } from '../../realtime/transport/http-response.ts'
import { EventStream } from '../../realtime/transport/sse.ts'
import { Topics } from '../../realtime/transport/topics.ts'
import { readCursor, writeCursor, type Positions } from '../../shared/kit/store/cursor.ts'
import type { HttpAnswer } from '../../shared/kit/process/health.ts'

const HELLO = { t: 'hello', channels: ['user:1'], cursor: { 0: 5, 1: 7 }, epochs: { 0: 'aaaa', 1: 'bbbb' } }
const event = (seq: number, text = ''): string =>
  `{"t":"event","id":"0:${seq}","ch":"user:1","ev":"test.told","data":"${text}"}`

/** A stream whose network takes what it is told to take. */
function aStream(from?: Positions) {
  const topics = new Topics()
  const seen = {
    written: '',
    ended: '',
    page: undefined as HttpAnswer | undefined,
    closed: [] as unknown[],
    isTaken: true,
    isOver: false,
  }
  const outlet: StreamWriter = {
    begin: () => undefined,
    write: (text) => {
      seen.written += text
      return seen.isTaken
    },
    end: (text) => {
      seen.ended = text
    },
    refuse: (page) => {
      seen.page = page
    },
  }
  const stream = new EventStream(outlet, topics, {
    address: '::1',
    partitionOf: () => 0,
    headers: {},
    from,
    refusal: ({ code }) => ({ status: code, headers: {}, body: '' }),
    over: () => {
      seen.isOver = true
    },
  })
  stream.receiver = { message: () => undefined, closed: (why) => seen.closed.push(why) }
  stream.subscribe('user:1')
  return {
    stream,
    topics,
    seen,
    say: async (frame: object | string) => {
      stream.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
      await Promise.resolve()
    },
  }
}
const idsIn = (text: string): (string | undefined)[] =>
  [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1])

describe('a stream of server-sent events', () => {
  it('says where its reader stands, of the partitions that it hears', async () => {
    const { seen, say } = aStream()
    await say(HELLO)
    await say(event(6))
    await say({
      t: 'refetch',
      reason: 'log_lost',
      channels: ['user:1'],
      cursor: { 0: 1 },
      epochs: { 0: 'cccc' },
    })
    expect(idsIn(seen.written)).to.deep.equal(['0:5@aaaa', '0:6@aaaa', '0:1@cccc'])
  })

  it('does not move its reader on by what the log says of itself, as long as something missed is to be told', async () => {
    const { seen, say } = aStream({ cursor: { 0: 2 }, epochs: { 0: 'aaaa' } })
    await say(HELLO)
    await say(event(3))
    await say({ t: 'tick', cursor: { 0: 9 } })
    await say({ t: 'resumed', count: 1, cursor: { 0: 9, 1: 7 }, epochs: HELLO.epochs })
    expect(idsIn(seen.written)).to.deep.equal(['0:2@aaaa', '0:3@aaaa', '0:3@aaaa', '0:9@aaaa'])
  })

  it('waits for a network that takes no more, and then goes on where it was', async () => {
    const { stream, seen, say } = aStream()
    await say(HELLO)
    seen.isTaken = false
    for (const seq of [6, 7, 8]) await say(event(seq))
    expect(idsIn(seen.written).at(-1)).to.equal('0:6@aaaa')
    expect(stream.backlog()).to.be.greaterThan(0)
    seen.isTaken = true
    stream.drained()
    expect(idsIn(seen.written)).to.deep.equal(['0:5@aaaa', '0:6@aaaa', '0:7@aaaa', '0:8@aaaa'])
    expect(stream.backlog()).to.equal(0)
  })

  it('ends at 2 MiB, whoever looks, and hears nothing more', async () => {
    const { topics, seen, say } = aStream()
    await say(HELLO)
    seen.isTaken = false
    for (let seq = 6; !seen.isOver && seq < 100; seq++) await say(event(seq, 'x'.repeat(100_000)))
    expect(seen.closed).to.deep.equal([CLOSE.slowReader])
    expect(seen.ended).to.match(
      /retry: \d+\nevent: close\ndata: {"t":"close","code":4201,"reason":"slow_reader"}\n\n$/,
    )
    expect(topics.publish('user:1', event(200))).to.equal(0)
  })

  it('is refused by a status when nothing was said yet, and by a message afterwards', async () => {
    const [before, after] = [aStream(), aStream()]
    before.stream.close(CLOSE.sessionEnded)
    expect(before.seen.page?.status).to.equal(4402)
    await after.say(HELLO)
    after.stream.close(CLOSE.sessionEnded)
    expect(after.seen.ended).to.equal(
      'event: close\ndata: {"t":"close","code":4402,"reason":"session_ended"}\n\n',
    )
  })

  it('shows that the way is open', async () => {
    const { stream, seen, say } = aStream()
    await say(HELLO)
    stream.beat()
    await Promise.resolve()
    expect(seen.written).to.match(/\n\n:\n\n$/)
  })
})

describe('a cursor as one word', () => {
  it('says the same when it is read and written', () => {
    const positions = { cursor: { 3: 117, 5: 9 }, epochs: { 3: 'Zk3mQ0pA', 5: 'aB3dE6gH' } }
    expect(readCursor(writeCursor(positions))).to.deep.equal(positions)
    for (const nonsense of ['', 'x', '3:', '3:1', '3:1@a,', '3:1@a b'])
      expect(readCursor(nonsense)).to.equal(undefined)
  })
})
