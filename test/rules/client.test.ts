import { expect } from 'chai'
import { Backoff, returnAdviceFor } from '../../client/src/socket/backoff.ts'
import { Cursor } from '../../client/src/socket/cursor.ts'
import { CLOSE, reconnectAdviceFor as asTheServerSays } from '../../realtime/transport/close-codes.ts'
import { writeCursor } from '../../shared/kit/store/cursor.ts'

const EPOCHS = { 0: 'aaaa', 1: 'bbbb' }

describe('where a client stands', () => {
  it('lets an event pass once, in each partition', () => {
    const cursor = new Cursor({ cursor: { 0: 5, 1: 7 }, epochs: EPOCHS })
    expect(['0:5', '0:6', '0:6', '1:8', '0:4', '1:7', '0:9'].filter((id) => cursor.pass(id))).to.deep.equal([
      '0:6',
      '1:8',
      '0:9',
    ])
    expect(cursor.positions()).to.deep.equal({ cursor: { 0: 9, 1: 8 }, epochs: EPOCHS })
  })

  it('goes back only when it is told to, to another log', () => {
    const cursor = new Cursor({ cursor: { 0: 5, 1: 7 }, epochs: EPOCHS })
    cursor.raise({ cursor: { 0: 3, 1: 9 } })
    cursor.raise({ cursor: { 0: 8 }, epochs: { 0: 'another' } })
    expect(cursor.positions().cursor).to.deep.equal({ 0: 5, 1: 9 })
    cursor.adopt({ cursor: { 0: 1 }, epochs: { 0: 'cccc' } })
    expect(cursor.positions()).to.deep.equal({ cursor: { 0: 1, 1: 9 }, epochs: { 0: 'cccc', 1: 'bbbb' } })
  })

  it('begins at an X-Cursor, and at nothing else that is text', () => {
    const positions = { cursor: { 3: 117, 5: 9 }, epochs: { 3: 'Zk3mQ0pA', 5: 'aB-dE6g_' } }
    expect(new Cursor(writeCursor(positions)).positions()).to.deep.equal(positions)
    expect(new Cursor().isSet).to.equal(false)
    expect(() => new Cursor('nonsense')).to.throw('This is no cursor: nonsense')
  })
})

describe('when a client comes back', () => {
  const ceiling = (backoff: Backoff, code: number, lived = 0): number | undefined => {
    const { random } = Math
    Math.random = () => 1
    try {
      return backoff.next(code, lived)
    } finally {
      Math.random = random
    }
  }

  it('is said by the range of the code, as the server means it', () => {
    for (const { code } of [
      ...Object.values(CLOSE),
      { code: 1000 },
      { code: 1006 },
      { code: 4199 },
      { code: 4399 },
      { code: 4999 },
    ])
      expect(returnAdviceFor(code)).to.equal(asTheServerSays(code))
  })

  it('waits a part of a pause that doubles, even the first time, and begins small again after a good connection', () => {
    const backoff = new Backoff({ first: 500, longest: 10_000 })
    expect([1006, 1006, 1006, 1006].map((code) => ceiling(backoff, code))).to.deep.equal([
      2000, 4000, 8000, 10_000,
    ])
    expect(ceiling(backoff, 4000, 10_000)).to.equal(500)
    expect(ceiling(backoff, 4402)).to.equal(undefined)
    const some = Array.from(
      { length: 20 },
      () => new Backoff({ first: 500, longest: 10_000 }).next(4000, 0) ?? 500,
    )
    expect(new Set(some).size).to.equal(20)
    expect(Math.max(...some)).to.be.lessThan(500)
  })
})
