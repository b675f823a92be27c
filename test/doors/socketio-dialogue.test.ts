import { expect } from 'chai'
import { openTranslator, type NamespaceTranslator } from '../../realtime/socketio/namespace-translator.ts'
import { NAMESPACES } from '../../realtime/socketio/vocabulary/all.ts'
import type { Lookups } from '../../realtime/socketio/vocabulary/mapping.ts'

const HELLO = { t: 'hello', user: { id: 'me', orgId: 'org' } }
const said = (seq: number): object => ({
  t: 'event',
  id: `0:${seq}`,
  ch: 'room:r',
  ev: 'message.created',
  at: '',
  data: { id: `m${seq}`, roomId: 'r', seq, senderId: 'you', status: 'SENT', readBy: [], attachments: [] },
})
const typing = (ch: string, isTyping: boolean): object => ({
  t: 'event',
  ch,
  ev: 'typing',
  at: '',
  data: { roomId: 'r', userId: 'you', isTyping },
})
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a translation that has to be looked up first', () => {
  let answer: (kind: 'DIRECT' | 'GROUP') => void
  let fail: (error: Error) => void
  let heard: [name: string, payload: any][]
  let dialogue: NamespaceTranslator

  beforeEach(() => {
    heard = []
    const kind = new Promise<'DIRECT' | 'GROUP'>((resolve, reject) => {
      ;[answer, fail] = [resolve, reject]
    })
    const knowledge: Lookups = { kindOf: () => kind, nameOf: () => 'Lan', newlyMarked: async () => [] }
    const words = NAMESPACES['/']
    if (!words) throw new Error('never')
    dialogue = openTranslator(words, knowledge, {
      out: (name, payload) => void heard.push([name, payload]),
      letIn: () => undefined,
      fileAnswered: () => undefined,
    })
    tell(HELLO)
  })

  const tell = (frame: object): void => dialogue.tell(JSON.stringify(frame))
  const names = (): string[] => heard.map(([name]) => name)

  it('holds up what comes after it, so that the order stays, and counts what waits', async () => {
    tell(said(1))
    tell(said(2))
    tell({ t: 'refetch', reason: 'trimmed', channels: [] })
    expect(heard).to.deep.equal([])
    expect(dialogue.waiting()).to.be.greaterThan(JSON.stringify(said(1)).length * 2)
    answer('GROUP')
    await soon()
    expect(names()).to.deep.equal(['message_received', 'message_received', 'refetch'])
    expect(heard.slice(0, 2).map(([, { seq, groupId }]) => [seq, groupId])).to.deep.equal([
      [1, 'r'],
      [2, 'r'],
    ])
    expect(dialogue.waiting()).to.equal(0)
  })

  it('that fails says that something may be missing, and in which channel', async () => {
    tell(said(1))
    fail(new Error('The database is away'))
    await soon()
    expect(heard).to.deep.equal([['refetch', { reason: 'unreachable', channels: ['room:r'] }]])
  })

  it('tells nobody anything whose connection has ended meanwhile', async () => {
    tell(said(1))
    dialogue.end('session_ended')
    answer('DIRECT')
    await soon()
    expect(names()).to.deep.equal(['error'])
  })

  it('tells a whisper once that came by two channels, and again when it is another one', async () => {
    answer('DIRECT')
    for (const [channel, isTyping] of [
      ['room:r', true],
      ['org:x:STAFF', true],
      ['room:r', false],
      ['room:r', true],
    ] as const)
      tell(typing(channel, isTyping))
    await soon()
    await soon()
    expect(heard.map(([, { isTyping }]) => isTyping)).to.deep.equal([true, false, true])
  })
})
