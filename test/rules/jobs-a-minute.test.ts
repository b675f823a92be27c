import { expect } from 'chai'
import { countByMinute } from '../../api/http/pulse.ts'

describe('jobs that were done in each minute of the last hour', () => {
  const at = (clock: string): Date => new Date(`2031-03-12T${clock}Z`)
  const lately = (meta: { count: number; prevCount: number }, data: number[], now: string): number[] =>
    countByMinute({ meta: { ...meta, prevTS: at('09:10:05').getTime() }, data }, at(now)).slice(-4)

  it('are those that were noted, without the minute that is not over', () => {
    expect(lately({ count: 12, prevCount: 9 }, [5, 0, 4], '09:10:50')).to.deep.equal([0, 4, 0, 5])
  })

  it('are also those of the last minute in which a queue did something, as soon as it is over, however long it rests', () => {
    expect(lately({ count: 12, prevCount: 9 }, [5, 0, 4], '09:11:00')).to.deep.equal([4, 0, 5, 3])
    expect(lately({ count: 12, prevCount: 9 }, [5, 0, 4], '09:13:59')).to.deep.equal([5, 3, 0, 0])
    expect(lately({ count: 12, prevCount: 9 }, [5, 0, 4], '10:20:00')).to.deep.equal([0, 0, 0, 0])
  })

  it('are none of a queue that never did anything', () => {
    const never = { meta: { count: 0, prevCount: 0, prevTS: 0 }, data: [] }
    expect(countByMinute(never, at('09:10:50'))).to.deep.equal(Array(60).fill(0))
  })
})
