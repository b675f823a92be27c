// Words that were taken out of the log are told to the nodes, also where that failed at first.

import { expect } from 'chai'
import { readEntries, redactQuotes, REDACTED_SIGNAL } from '../../shared/kit/store/log-redaction.ts'
import type { LogEntry, Stream } from '../../shared/kit/store/stream.ts'
import { aWorld, type World } from '../support/world.ts'

describe('words that are taken out of the log', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: [] })
  })
  after(() => w.end())

  it('are told to the nodes again where they could not be told', async () => {
    const { redis, stream, clock } = w.runtime
    const [messageId, channel] = ['11111111-1111-4111-8111-111111111111', 'room:1']
    const id = await stream.append({
      key: 'said',
      channel,
      event: 'message.created',
      at: clock.now(),
      data: { content: 'lời' },
      quotes: messageId,
    })
    const [partition = 0, seq = 0] = id.split(':').map(Number)
    const entries = (): Promise<LogEntry[]> => readEntries(redis, stream, partition, 1, seq + 10)
    const signals = async (): Promise<string[]> =>
      (await entries()).filter(({ event }) => event === REDACTED_SIGNAL).map(({ frame }) => frame)
    const deaf: Stream = { ...stream, tellNodes: () => Promise.reject(new Error('Command timed out')) }
    const take = (through: Stream): Promise<void> =>
      redactQuotes(redis, through, messageId, () => ({ content: '' }), clock.now())

    expect(await take(deaf).catch(String)).to.include('timed out')
    expect(JSON.stringify(await entries())).not.to.include('lời')
    expect(await signals()).to.deep.equal([])
    await take(stream)
    const [signal = '{}'] = await signals()
    expect(JSON.parse(signal).data).to.deep.equal({ seqs: [seq] })
  })
})
