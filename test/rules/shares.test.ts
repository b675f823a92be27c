import { expect } from 'chai'
import { setImmediate as turn } from 'node:timers/promises'
import { AppError, unavailable } from '../../shared/kit/declare/errors.ts'
import { openPoolShares, type WorkKind } from '../../shared/kit/store/pool-shares.ts'

describe('shares of ten connections', () => {
  let now = 0
  let shares = openPoolShares(10, () => now)
  beforeEach(() => {
    shares = openPoolShares(10, () => now)
  })

  /** So many begin at once and last until they are ended. */
  const begin = (kind: WorkKind, count: number): { begun: number; end(): void } => {
    const ends: (() => void)[] = []
    const group = { begun: 0, end: () => ends.shift()?.() }
    for (let n = 0; n < count; n++) {
      void shares
        .hold(kind, () => {
          group.begun++
          return new Promise<void>((resolve) => {
            ends.push(resolve)
          })
        })
        .catch(() => undefined)
    }
    return group
  }

  it('leave two of them to others, however much one part has to do', async () => {
    const [many, other] = [begin({ part: 'bookings' }, 20), begin({ part: 'chat' }, 2)]
    await turn()
    expect([many.begun, other.begun]).to.deep.equal([8, 2])
    many.end()
    await turn()
    expect(many.begun).to.equal(9)
  })

  it('leave half of them to others while some of it has been under way for more than three seconds', async () => {
    const many = begin({ part: 'bookings' }, 20)
    await turn()
    now += 3001
    for (let ended = 0; ended < 3; ended++) many.end()
    await turn()
    expect(many.begun).to.equal(8)
    many.end()
    await turn()
    expect(many.begun).to.equal(9)
  })

  it('give one thing three of them, and two while it is slow, so that the other things of its part are served', async () => {
    const held = begin({ part: 'chat', thing: 'a room' }, 20)
    await turn()
    expect(held.begun).to.equal(3)
    now += 3001
    const other = begin({ part: 'chat', thing: 'another' }, 2)
    await turn()
    expect([held.begun, other.begun]).to.deep.equal([3, 2])
    held.end()
    await turn()
    expect(held.begun).to.equal(3)
    held.end()
    await turn()
    expect(held.begun).to.equal(4)
  })

  /** Whoever waits learns within a second of real time whether they still may; `now` is the only clock that it depends on. */
  const wait = (kind: WorkKind): Promise<string> =>
    shares
      .hold(kind, async () => 'served')
      .catch((error: unknown) => (error instanceof AppError ? error.code : 'a fault'))

  it('refuse nobody while the line moves, however slowly, and somebody of whose kind nothing was done for ten seconds', async () => {
    const [busy, locked] = [begin({ part: 'bookings' }, 8), begin({ part: 'chat' }, 8)]
    await turn()
    const [served, refused] = [wait({ part: 'bookings' }), wait({ part: 'chat' })]
    now += 9000
    busy.end()
    now += 9000
    expect(await refused).to.equal('unavailable')
    for (let ended = 0; ended < 8; ended++) busy.end()
    expect(await served).to.equal('served')
    for (let ended = 0; ended < 8; ended++) locked.end()
    await turn()
    expect(await wait({ part: 'chat' })).to.equal('served')
  })

  it('take it for no progress that something was given up because of a lock', async () => {
    const ends: (() => void)[] = []
    for (let n = 0; n < 8; n++)
      void shares
        .hold(
          { part: 'bookings' },
          () =>
            new Promise((_, reject) => {
              ends.push(() => reject(unavailable('locked')))
            }),
        )
        .catch(() => undefined)
    await turn()
    const refused = Promise.all([1, 2, 3, 4, 5].map(() => wait({ part: 'bookings' })))
    now += 6000
    for (const end of ends.splice(0, 2)) end()
    await turn()
    now += 6000
    expect(await refused).to.include('unavailable')
  })

  it('let nobody wait for longer than a minute, moving or not', async () => {
    const busy = begin({ part: 'bookings' }, 20)
    await turn()
    const refused = wait({ part: 'bookings' })
    for (let n = 0; n < 7; n++) {
      now += 9000
      busy.end()
    }
    expect(await refused).to.equal('unavailable')
  })

  it('give the place back of what failed', async () => {
    for (let n = 0; n < 20; n++)
      await shares.hold({ part: 'chat' }, () => Promise.reject(new Error('no'))).catch(() => undefined)
    const next = begin({ part: 'chat' }, 8)
    await turn()
    expect(next.begun).to.equal(8)
  })
})
