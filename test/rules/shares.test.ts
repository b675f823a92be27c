import { expect } from 'chai'
import { setImmediate as turn } from 'node:timers/promises'
import { openShares, type Kind } from '../../shared/kit/shares.ts'

describe('shares of ten connections', () => {
  let now = 0
  let shares = openShares(10, () => now)
  beforeEach(() => { shares = openShares(10, () => now) })

  /** So many begin at once and last until they are ended. */
  const begin = (kind: Kind, count: number): { begun: number; end(): void } => {
    const ends: (() => void)[] = []
    const group = { begun: 0, end: () => ends.shift()?.() }
    for (let n = 0; n < count; n++) {
      void shares.hold(kind, () => {
        group.begun++
        return new Promise<void>((resolve) => { ends.push(resolve) })
      })
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

  it('leave half of them to others while some of it has been under way for more than a second', async () => {
    const many = begin({ part: 'bookings' }, 20)
    await turn()
    now += 1001
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
    now += 1001
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

  it('give the place back of what failed', async () => {
    for (let n = 0; n < 20; n++) await shares.hold({ part: 'chat' }, () => Promise.reject(new Error('no'))).catch(() => undefined)
    const next = begin({ part: 'chat' }, 8)
    await turn()
    expect(next.begun).to.equal(8)
  })
})
