// Is the log that we followed still the log? Reading on from our numbers says nothing when it began anew below them:
// only its heads tell.

import type { Head } from '../../shared/kit/store/stream.ts'
import type { LogReader } from './log-reader.ts'

/** How far we read a partition: the number and mark of the last entry that we have, and its epoch. */
export interface PartitionPosition extends Head {
  readonly partition: number
}

interface LogChanges {
  /** Where the log stands whose epoch is another. */
  lost: PartitionPosition[]
  /** Our places in a log that went back to an older state. */
  rolledBack: PartitionPosition[]
}

/** Where a reader's partitions stand. @param beat writes an entry into each: a partition without any has no epoch */
export async function positionsInLog(
  reader: LogReader,
  beat: () => Promise<void>,
): Promise<PartitionPosition[]> {
  let heads = await reader.heads()
  if (heads.some(({ epoch }) => epoch === '')) {
    await beat()
    heads = await reader.heads()
  }
  return reader.partitions.flatMap((partition, at) => (heads[at] ? [{ partition, ...heads[at] }] : []))
}

/** @param before ours · @param now the log's, of the same partitions */
export function compareLogs(
  before: readonly PartitionPosition[],
  now: readonly PartitionPosition[],
): LogChanges {
  const changes: LogChanges = { lost: [], rolledBack: [] }
  for (const [at, place] of before.entries()) {
    const head = now[at]
    if (!head) continue
    if (head.epoch !== place.epoch) changes.lost.push(head)
    else if (hasGoneBack(place, head)) changes.rolledBack.push(place)
  }
  return changes
}

/** Once the head is above ours, the next entry tells. */
function hasGoneBack(place: Head, head: Head): boolean {
  return head.seq < place.seq || (head.seq === place.seq && head.mark !== place.mark)
}
