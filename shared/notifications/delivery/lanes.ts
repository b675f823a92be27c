// One server that hangs must not hold every place that a process has for its kind: of the requests under way at a time at
// most half go to the same one. The others of its kind pass; its own wait a moment, and no attempt is charged.
// Promise: per process, and forgotten with it.

/** When each request under way began, by where it goes, on this process's own clock. */
const underway = new Map<string, number[]>()

/** @param places how many there are · @param longest milliseconds after which a request is over, whatever became of it · @returns undefined: go; else how long to wait */
export function enterLane(lane: string, places: number, longest: number): number | undefined {
  const now = performance.now()
  const begun = (underway.get(lane) ?? []).filter((at) => now - at < longest)
  const [oldest = now] = begun
  // As long as the slowest has taken so far: a moment where they are quick.
  if (begun.length >= Math.max(1, Math.floor(places / 2))) return Math.max(1000, now - oldest)
  underway.set(lane, [...begun, now])
  return undefined
}

export function leaveLane(lane: string): void {
  const [, ...rest] = underway.get(lane) ?? []
  if (rest.length > 0) underway.set(lane, rest)
  else underway.delete(lane)
}
