// On which day a stop is, where only its time is typed.

export interface StopTime {
  /** HH:mm, in the organisation's zone; empty: none. */
  time: string
  /** Of a stop that stood in the trip already: its time then, and how many days after the first it was. */
  known?: { time: string; days: number } | undefined
}

/**
 * A stop whose time is as it was stays on its day, whatever is changed around it: the server says where that does not fit. Any
 * other time before that of the stop before, or of the beginning, is the next day's.
 * @param begins HH:mm @returns of each how many days after the first
 */
export function daysOf(stops: readonly StopTime[], begins: string): number[] {
  let [days, before] = [0, begins]
  return stops.map(({ time, known }) => {
    if (!time) return days
    if (known?.time === time) days = known.days
    else if (known && known.days > days) days = known.days
    else if (time < before) days++
    before = time
    return days
  })
}
