import path from 'node:path'
import { expect } from 'chai'
import { until } from '../support/until.ts'

/** Its types are those of a browser. */
const load = (file: string): Promise<any> => import(path.resolve(import.meta.dirname, '../..', file))
const { FollowedList } = await load('client/src/live-list.ts')
const { unreachable } = await load('client/src/problem-error.ts')
const { Followed } = await load('web/shared/part.ts')

const PAGE = 50

interface One {
  id: string
  createdAt: string
}

/** Of a million, the newest last. */
const one = (at: number): One => ({ id: `${at}`, createdAt: new Date(at * 1000).toISOString() })

describe('a list that is followed, where much happens', () => {
  let [newest, reads] = [1_000_000, 0]
  const open: { close(): void }[] = []
  beforeEach(() => {
    ;[newest, reads] = [1_000_000, 0]
    isAway = false
  })
  afterEach(() => {
    for (const list of open.splice(0)) list.close()
  })

  let isAway = false
  async function follow({ isFiltered = false } = {}): Promise<any> {
    const list = new FollowedList({
      ready: async () => undefined,
      read: async (size: number) => {
        reads++
        if (isAway) throw unreachable('away')
        const items = Array.from({ length: Math.min(size, newest + 1) }, (_, at) => one(newest - at))
        return { items, hasMore: newest + 1 > size }
      },
      keyOf: ({ id }: One) => id,
      isFiltered,
    })
    open.push(list)
    await until('it was read', async () => list.status === 'live' || list.problem)
    return list
  }

  it('shows no more of it than it was asked for, and the rest when it is asked for more', async () => {
    const list = await follow()
    for (let count = 0; count < 500; count++) list.place(one(++newest))
    expect(list.get()).to.deep.equal(Array.from({ length: PAGE }, (_, at) => one(newest - at)))
    await list.more()
    expect(list.get()).to.have.length(2 * PAGE)
    expect(reads, 'as it was opened, and as more was asked for').to.equal(2)
  })

  it('knows when all is there, also of as many as were asked for', async () => {
    newest = PAGE - 1
    const list = await follow()
    expect(list.get()).to.have.length(PAGE)
    expect(list.hasMore).to.equal(false)
    list.place(one(++newest))
    expect(list.get()).to.have.length(PAGE)
    expect(list.hasMore, 'one was put out by what came').to.equal(true)
    await list.more()
    expect(list.get()).to.have.length(PAGE + 1)
    expect(list.hasMore).to.equal(false)
  })

  it('has more while something of it went, and no more for what came beside', async () => {
    const list = await follow()
    list.remove(String(newest--))
    expect(list.get()).to.have.length(PAGE - 1)
    expect(list.hasMore).to.equal(true)
    newest = 29
    const room = await follow()
    const inOrder = (a: One, b: One): number => Number(a.id) - Number(b.id)
    for (let count = 0; count < 20; count++) room.put(one(++newest), inOrder)
    expect(room.get()).to.have.length(PAGE)
    expect(room.hasMore).to.equal(false)
  })

  it('leaves out what is changed before all that it shows, until more is asked for', async () => {
    const room = await follow()
    const inOrder = (a: One, b: One): number => Number(a.id) - Number(b.id)
    room.put(one(++newest), inOrder)
    room.put({ ...one(newest - 2 * PAGE), content: 'changed' }, inOrder)
    expect(room.get()).to.have.length(PAGE + 1)
    expect(room.get()[0]).to.deep.equal(one(newest - PAGE))
  })

  it('fills the place of what went from it', async () => {
    const list = await follow()
    list.remove(String(newest--))
    await until('it is full again', async () => list.get().length === PAGE)
    expect(list.get()[0]).to.deep.equal(one(newest))
  })

  it('asks again at most once a second, and after the last of all that happened', async () => {
    const list = await follow({ isFiltered: true })
    const began = Date.now()
    for (let round = 0; round < 60; round++) {
      for (let count = 0; count < 5; count++) list.place(one(++newest))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until('the last stands there', async () => list.get()[0]?.id === String(newest))
    expect(reads - 1).to.be.at.most(1 + (Date.now() - began) / 1000)
  })

  it('is not empty but not read yet where it could not be, until it can', async () => {
    isAway = true
    const list = await follow()
    expect(list).to.include({ status: 'loading', isMissing: true })
    isAway = false
    await list.reread()
    expect(list).to.include({ status: 'live', isMissing: false })
  })

  it('keeps what it shows where more could not be read, and says that it is missing', async () => {
    const list = await follow()
    isAway = true
    await list.more()
    expect(list).to.include({ status: 'stale', isMissing: true })
    expect(list.get()).to.have.length(PAGE)
    isAway = false
    await list.reread()
    expect(list.get()).to.have.length(2 * PAGE)
    expect(list.isMissing).to.equal(false)
    isAway = true
    await list.reread()
    expect(list, 'all that was asked for is there').to.include({ status: 'stale', isMissing: false })
  })

  it('is drawn once for all that happens together', async () => {
    let drawn = 0
    let shown = ''
    const list = await follow()
    const host = {
      addController: () => undefined,
      requestUpdate: () => {
        drawn++
        shown = list.get()[0]?.id ?? ''
      },
    }
    const followed = new Followed(host, () => list)
    followed.hostConnected()
    for (let count = 0; count < 500; count++) list.place(one(++newest))
    await until('the last is drawn', async () => shown === String(newest))
    expect(drawn).to.equal(1)
    list.place(one(++newest))
    await until('what comes later is drawn, too', async () => shown === String(newest))
    followed.hostDisconnected()
  })
})
