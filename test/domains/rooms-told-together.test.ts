// What happened in several rooms of one organisation at the same time is told in one transaction.

import { expect } from 'chai'
import { postCounted } from '../../shared/chat/actions/post.ts'
import { publishRoomEvents } from '../../shared/chat/actions/publish.ts'
import { roomChannel } from '../../shared/chat/events.ts'
import { fanOutRoomJob } from '../../shared/chat/jobs.ts'
import { createGroup } from '../../shared/chat/actions/groups.ts'
import { makeChanges } from '../../shared/kit/store/change.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { lockRoom } from '../../shared/chat/table/rooms.ts'
import { gate } from '../support/gate.ts'
import { actorOf, eventsOn } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('rooms that are told together', () => {
  let w: World
  let speaker: Actor
  let rooms: string[]
  beforeEach(async () => {
    // Nobody tells but this test.
    w = await aWorld({ with: [] })
    speaker = await actorOf(w, 'manager')
    const employee = await w.idOf('employee')
    rooms = []
    for (const name of ['Một', 'Hai', 'Ba']) {
      const group = { name, memberIds: [employee] }
      rooms.push(await w.change(async (change) => (await createGroup(change, speaker, group)).id))
    }
    await tell(rooms)
  })
  afterEach(() => w.end())

  const say = (roomId: string, content: string): Promise<unknown> =>
    w.change((change) => postCounted(change, speaker, roomId, { content }))

  /** In one transaction, as jobs that wait together are carried out. */
  const tell = (roomIds: readonly string[]): Promise<void> =>
    makeChanges(w.runtime, (begin) =>
      publishRoomEvents(roomIds.map((roomId) => ({ roomId, change: begin({ requestId: roomId }) }))),
    )

  async function saidIn(roomId: string): Promise<unknown[]> {
    const events = await eventsOn(w, roomChannel(roomId))
    return events.filter(({ ev }) => ev === 'message.created').map(({ data }) => data['content'])
  }
  const left = async (): Promise<number> => (await w.runtime.db('roomEvents')).length

  it('say what each of them holds, in its order', async () => {
    for (const word of ['a', 'b', 'c']) for (const room of rooms) await say(room, `${word} ${room}`)
    await tell(rooms)
    for (const room of rooms)
      expect(await saidIn(room)).to.deep.equal([`a ${room}`, `b ${room}`, `c ${room}`])
    expect(await left()).to.equal(0)
  })

  it('say it once, where two jobs are about the same room', async () => {
    await say(rooms[0] ?? '', 'a')
    await tell([rooms[0] ?? '', rooms[0] ?? '', rooms[1] ?? ''])
    expect(await saidIn(rooms[0] ?? '')).to.deep.equal(['a'])
    expect(await left()).to.equal(0)
  })

  it('leave a room to whoever is telling it already, and wait for nobody', async () => {
    const [first = '', second = ''] = rooms
    await say(first, 'a')
    const hold = gate()
    const isTelling = gate()
    const other = w.change(async (change) => {
      await publishRoomEvents([{ change, roomId: first }])
      isTelling.open()
      await hold.opened
    })
    await isTelling.opened
    await say(second, 'b')
    await tell([first, second])
    expect(await saidIn(second)).to.deep.equal(['b'])
    hold.open()
    await other
    expect(await saidIn(first)).to.deep.equal(['a'])
    expect(await left()).to.equal(0)
  })

  it('are all kept where one of them cannot be told, and told once afterwards', async () => {
    const [first = '', second = ''] = rooms
    await say(first, 'a')
    await say(second, 'b')
    const unknown = {
      roomId: second,
      n: 1000,
      name: 'of.the.next.release',
      subjectId: second,
      at: new Date(),
    }
    await w.runtime.db('roomEvents').insert(unknown)
    expect(await tell([first, second]).catch(String)).to.include('of an unknown name')
    expect(await left()).to.equal(3)
    await w.runtime.db('roomEvents').where({ n: 1000 }).delete()
    await tell([first, second])
    expect([await saidIn(first), await saidIn(second)]).to.deep.equal([['a'], ['b']])
    expect(await left()).to.equal(0)
  })

  it('are told while somebody holds the row of one of them, which is looked at again until nothing is left', async () => {
    const [first = '', second = ''] = rooms
    await say(first, 'a')
    await say(second, 'b')
    const hold = gate()
    const isHeld = gate()
    const holder = w.change(async (change) => {
      await lockRoom(change.db, speaker.orgId, first)
      isHeld.open()
      await hold.opened
    })
    await isHeld.opened
    await w.runtime.db('jobs').delete()
    await tell([first, second])
    expect([await saidIn(first), await saidIn(second)]).to.deep.equal([['a'], ['b']])
    const ordered = async (): Promise<unknown[]> => {
      const jobs = await w.runtime.db('jobs').where({ name: fanOutRoomJob.name })
      await w.runtime.db('jobs').delete()
      return jobs.map(({ payload, dueAt }) => [payload.roomId, dueAt && dueAt > w.clock.now()])
    }
    expect(await ordered(), 'at once, for something may have been said').to.deep.equal([[first, null]])
    await tell([first])
    expect(await ordered(), 'in a moment, for nothing was').to.deep.equal([[first, true]])
    hold.open()
    await holder
    await tell([first])
    expect(await ordered()).to.deep.equal([])
    await say(first, 'c')
    expect(await ordered(), 'whoever speaks next orders it').to.deep.equal([[first, null]])
  })

  it('share what one transaction tells, and what is left is ordered for each', async () => {
    const [first = '', second = ''] = rooms
    await say(first, 'a')
    for (let n = 0; n < 120; n++) await say(second, `b${n}`)
    await w.runtime.db('jobs').delete()
    await tell([first, second])
    const jobs = await w.runtime.db('jobs').where({ name: fanOutRoomJob.name })
    expect(jobs.map(({ payload }) => payload)).to.deep.equal([{ roomId: second }])
    expect(await saidIn(first)).to.deep.equal(['a'])
    await tell([second])
    expect((await saidIn(second)).length).to.equal(120)
    expect(await left()).to.equal(0)
  })
})
