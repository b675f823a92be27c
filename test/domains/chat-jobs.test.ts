// The jobs of chat get the tests of every job: once, twice, too late.

import { expect } from 'chai'
import { deleteMessage, editMessage, postMessage } from '../../shared/chat/actions/post.ts'
import { readMessages } from '../../shared/chat/actions/receipts.ts'
import { openConversation } from '../../shared/chat/actions/rooms.ts'
import { roomChannel } from '../../shared/chat/events.ts'
import { fanOutRoomJob, notifyAbsentJob } from '../../shared/chat/jobs.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { actorOf, carryOut, eventsOn, ringAgain, stateOf, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

/** All that a conversation leaves behind. */
const STORY = ['rooms', 'messages', 'notifications', 'deliveries', 'audit_log', 'jobs']

describe('jobs of chat that ring once, twice, and too late', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
    await w.settle()
  })
  afterEach(() => w.end())

  async function changesNothing(work: () => Promise<unknown>): Promise<void> {
    const before = await stateOf(w, ...STORY)
    await work()
    expect(await stateOf(w, ...STORY)).to.deep.equal(before)
  }

  /** Of the employee and the manager. @returns its id */
  async function aConversation(): Promise<string> {
    const [employee, managerId] = [await actorOf(w, 'employee'), await w.idOf('manager')]
    return w.change(async (change) => (await openConversation(change, employee, managerId)).id)
  }

  /** The employee says something. @param before what happens before it can be told @returns its id */
  async function say(
    roomId: string,
    content: string,
    before?: (change: Change, id: string) => Promise<unknown>,
  ): Promise<string> {
    const employee = await actorOf(w, 'employee')
    return w.change(async (change) => {
      const { id } = await postMessage(change, employee, roomId, { content })
      await before?.(change, id)
      return id
    })
  }

  describe('chat.fanOut', () => {
    const told = async (roomId: string): Promise<[string, unknown][]> =>
      (await eventsOn(w, roomChannel(roomId))).map(({ ev, data }) => [ev, data['content'] ?? data['seq']])

    it('once: tells what happened, in the order in which it did', async () => {
      const roomId = await aConversation()
      await say(roomId, 'Một')
      await say(roomId, 'Hai')
      await w.settle()
      expect(await told(roomId)).to.deep.equal([
        ['room.created', undefined],
        ['message.created', 'Một'],
        ['message.created', 'Hai'],
      ])
      expect(await w.runtime.db('roomEvents')).to.deep.equal([])
    })

    it('twice: there is nothing left to tell', async () => {
      const roomId = await aConversation()
      await say(roomId, 'Một')
      await w.settle()
      const before = await told(roomId)
      await changesNothing(async () => expect(await ringAgain(w, fanOutRoomJob.name)).to.be.at.least(1))
      await changesNothing(() => carryOut(w, fanOutRoomJob.name, { roomId }))
      expect(await told(roomId)).to.deep.equal(before)
    })

    it('twice, when a worker died between telling and noting it: it is told once', async () => {
      const roomId = await aConversation()
      const event = {
        roomId,
        n: 99,
        name: 'message.created',
        subjectId: await say(roomId, 'Một'),
        at: w.clock.now(),
      }
      await w.settle()
      await w.runtime.db('rooms').where({ id: roomId }).update({ lastEvent: 99 })
      for (const _ of ['once', 'twice']) {
        await w.runtime.db('roomEvents').insert(event)
        await carryOut(w, fanOutRoomJob.name, { roomId })
      }
      expect(await told(roomId)).to.deep.equal([
        ['room.created', undefined],
        ['message.created', 'Một'],
        ['message.created', 'Một'],
      ])
    })

    it('too late: what was taken back meanwhile is told without its text', async () => {
      const roomId = await aConversation()
      await w.settle()
      const employee = await actorOf(w, 'employee')
      await w.change(async (change) => {
        const { id } = await postMessage(change, employee, roomId, { content: 'Mật' })
        await editMessage(change, employee, id, { content: 'Rất mật' })
        await deleteMessage(change, employee, id)
      })
      await w.settle()
      expect(await told(roomId)).to.deep.equal([
        ['room.created', undefined],
        ['message.created', ''],
        ['message.changed', ''],
        ['message.deleted', 1],
      ])
    })

    it('for nothing: a room that does not exist', () =>
      changesNothing(() =>
        carryOut(w, fanOutRoomJob.name, { roomId: '00000000-0000-4000-8000-000000000000' }),
      ))
  })

  describe('chat.notifyAbsent', () => {
    it('once: tells whoever is away, and not the one who spoke', async () => {
      await say(await aConversation(), 'Chị đâu rồi?')
      await w.settle()
      expect([await toldTo(w, 'manager'), await toldTo(w, 'employee')]).to.deep.equal([
        ['NEW_CHAT_MESSAGE'],
        [],
      ])
    })

    it('twice: they are told once', async () => {
      await say(await aConversation(), 'Chị đâu rồi?')
      await w.settle()
      await changesNothing(async () => expect(await ringAgain(w, notifyAbsentJob.name)).to.equal(1))
    })

    it('too late: nobody is told of what they have read meanwhile', async () => {
      const roomId = await aConversation()
      const manager = await actorOf(w, 'manager')
      const messageId = await say(roomId, 'Chị đâu rồi?', (change) => readMessages(change, manager, roomId))
      await w.settle()
      await changesNothing(() => carryOut(w, notifyAbsentJob.name, { messageId }))
      expect(await toldTo(w, 'manager')).to.deep.equal([])
    })

    it('too late: nobody is told of what was taken back meanwhile', async () => {
      const roomId = await aConversation()
      const employee = await actorOf(w, 'employee')
      const messageId = await say(roomId, 'Nhầm', async (change, id) => deleteMessage(change, employee, id))
      await w.settle()
      await changesNothing(() => carryOut(w, notifyAbsentJob.name, { messageId }))
      expect(await toldTo(w, 'manager')).to.deep.equal([])
    })

    it('for nothing: a message that does not exist', () =>
      changesNothing(() =>
        carryOut(w, notifyAbsentJob.name, { messageId: '00000000-0000-4000-8000-000000000000' }),
      ))
  })
})
