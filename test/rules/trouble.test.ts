import { expect } from 'chai'
import { pino } from 'pino'
import { plusMs } from '../../shared/kit/time/time.ts'
import { throttledWarning } from '../../shared/kit/process/throttled-log.ts'
import { VirtualClock } from '../support/clock.ts'

describe('trouble', () => {
  it('that comes again and again is told once in ten seconds, with how many were like it', () => {
    const clock = new VirtualClock()
    const lines: { msg: string; queue: string; alike?: number }[] = []
    const warn = throttledWarning({
      clock,
      log: pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) }),
    })
    for (let second = 0; second < 25; second++) {
      for (const queue of ['bookings', 'chat']) warn({ queue }, 'queue connection failed')
      clock.moveTo(plusMs(clock.now(), 1000))
    }
    expect(lines.map(({ msg, queue, alike }) => [msg, queue, alike])).to.deep.equal([
      ['queue connection failed', 'bookings', undefined],
      ['queue connection failed', 'bookings', 19],
      ['queue connection failed', 'bookings', 19],
    ])
  })
})
