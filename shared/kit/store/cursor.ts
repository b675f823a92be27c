// A cursor as one word, for headers: what X-Cursor and the id of a server-sent event carry, and `resume` takes.
// 3:117@Zk3mQ0pA,5:9@aB3dE6gH is entry 117 of partition 3 in that epoch, and entry 9 of partition 5.

/** Partition → number of its newest entry, and partition → epoch. */
export interface Positions {
  cursor: Record<string, number>
  epochs: Record<string, string>
}

export function writeCursor({ cursor, epochs }: Positions): string {
  return Object.entries(cursor)
    .map(([partition, seq]) => `${partition}:${seq}@${epochs[partition] ?? ''}`)
    .join(',')
}

/** @returns undefined for what is no cursor */
export function readCursor(text: string): Positions | undefined {
  const parts = text.split(',').map((part) => /^(\d{1,3}):(\d{1,15})@([\w-]{0,40})$/.exec(part))
  const positions: Positions = { cursor: {}, epochs: {} }
  for (const part of parts) {
    const [, partition, seq, epoch] = part ?? []
    if (!partition || !seq) return undefined
    positions.cursor[partition] = Number(seq)
    if (epoch) positions.epochs[partition] = epoch
  }
  return positions
}
