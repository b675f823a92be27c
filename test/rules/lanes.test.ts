import { expect } from 'chai'
import { ConcurrencyShares } from '../../shared/kit/process/concurrency-shares.ts'

const PLACES = { all: 10, longest: 60_000, slowAfter: 0 }

describe('lanes', () => {
  let now = 0
  let lanes = new ConcurrencyShares(() => now)
  beforeEach(() => {
    lanes = new ConcurrencyShares(() => now)
  })
  /** So many ask for a place. @returns how many got one */
  const enter = (name: string, count: number, places = PLACES): number =>
    Array.from({ length: count }, () => {
      const wait = lanes.enter(name, places)
      if (wait === undefined) lanes.begin(name)
      return wait
    }).filter((wait) => wait === undefined).length

  it('give a server that hangs half of the places, the next one half of what is left, and so on, so that one is left for others', () => {
    expect(['a', 'b', 'c', 'd'].map((server) => enter(server, 10))).to.deep.equal([5, 2, 1, 1])
  })

  it('give back the place of what is over, and of what never said so', () => {
    enter('a', 10)
    lanes.leave('a')
    expect(enter('a', 10)).to.equal(1)
    now += 60_000
    expect(enter('a', 10)).to.equal(5)
  })

  it('let those who must wait come back after a second at least, one after the other, within a minute', () => {
    enter('a', 5)
    now += 5000
    const waits = Array.from({ length: 1000 }, () => lanes.enter('a', PLACES) ?? 0)
    expect(waits.slice(0, 4)).to.deep.equal([1000, 2000, 3000, 4000])
    expect(waits.at(-1)).to.equal(60_000)
  })

  it('let somebody who is quick have all places, and half of them for a minute once something took long', () => {
    const places = { ...PLACES, longest: Infinity, slowAfter: 1000 }
    expect(enter('a', 10, places)).to.equal(10)
    now += 1001
    expect(enter('a', 1, places)).to.equal(0)
    for (let n = 0; n < 10; n++) lanes.leave('a')
    expect(enter('a', 10, places)).to.equal(5)
    for (let n = 0; n < 5; n++) lanes.leave('a')
    now += 60_001
    expect(enter('a', 10, places)).to.equal(10)
  })
  it('take nobody for slow whose work waits for a connection, as that of others does', () => {
    const places = { ...PLACES, longest: Infinity, slowAfter: 1000 }
    for (let n = 0; n < 10; n++) lanes.enter('a', places)
    now += 5000
    lanes.leave('a')
    expect(lanes.enter('a', places)).to.equal(undefined)
    for (let n = 0; n < 10; n++) lanes.begin('a')
    now += 1001
    for (let n = 0; n < 6; n++) lanes.leave('a')
    expect([lanes.enter('a', places), lanes.enter('a', places)]).to.deep.equal([undefined, 1000])
  })
})
