// To see requests come together: how many of a route have come to a line since one looked. Call it inside of a `describe`.

import { Gathering } from '../../shared/kit/store/gathering.ts'
import { until } from './until.ts'

export interface Gatherings {
  /** From now on. */
  begin(): void
  untilJoined(count: number): Promise<void>
}

export function watchGatherings(path: string): Gatherings {
  const join = Reflect.get(Gathering.prototype, 'join')
  let joined = 0
  before(() => {
    Gathering.prototype.join = function (this: Gathering<unknown, unknown>, ...given) {
      // Jobs of the same process come together, too.
      if (given[0].startsWith(`${path} `)) joined++
      return Reflect.apply(join, this, given)
    }
  })
  after(() => {
    Gathering.prototype.join = join
  })
  return {
    begin() {
      joined = 0
    },
    untilJoined: (count) => until('all of them have come', async () => joined === count),
  }
}
