import { expect } from 'chai'
import { FairTurns } from '../../shared/kit/store/turns.ts'

describe('turns', () => {
  it('let a few jobs of each organisation go as they come, and more of one stand back', () => {
    const turns = new FairTurns(async () => undefined)
    const places = Array.from({ length: 25 }, () => turns.take('q', 'a', 0))
    expect(places.slice(0, 20)).to.deep.equal(Array.from({ length: 20 }, () => 0))
    expect(places.slice(20)).to.deep.equal([1, 2, 3, 4, 5])
    expect([turns.take('q', 'b', 0), turns.take('q', null, 0), turns.take('other', 'a', 0)]).to.deep.equal([
      0, 0, 0,
    ])
  })

  it('begin anew after a second when nobody stood back, without asking', () => {
    const turns = new FairTurns(async () => {
      throw new Error('It was asked.')
    })
    for (let n = 0; n < 20; n++) turns.take('q', 'a', 0)
    expect(turns.take('q', 'a', 1001)).to.equal(0)
  })

  it('go on from the place that is served while a flood lasts, for its own and for others', async () => {
    const turns = new FairTurns(async () => 300)
    for (let n = 0; n < 1020; n++) turns.take('q', 'a', 0)
    turns.take('q', 'a', 1001)
    await Promise.resolve()
    expect([
      turns.take('q', 'a', 1002),
      turns.take('q', 'b', 1002),
      turns.take('q', 'b', 1002),
    ]).to.deep.equal([1002, 300, 301])
  })

  it('begin anew once nobody stands back any more', async () => {
    const turns = new FairTurns(async () => undefined)
    for (let n = 0; n < 1000; n++) turns.take('q', 'a', 0)
    turns.take('q', 'a', 1001)
    await Promise.resolve()
    expect(turns.take('q', 'a', 1002)).to.equal(0)
  })
})
