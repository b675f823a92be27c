// What the processes of the bench tell each other, and how figures are summed up.

export interface Load {
  server: 'bellhop' | 'documents'
  via: 'http' | 'socket'
  port: number
  socketPort: number
  rooms: readonly { id: string; tokens: readonly string[] }[]
  inFlight: number
  seconds: number
  calmRate: number
  calmSeconds: number
}

export interface LoadFigures {
  perSecond: number
  toldPerSecond: number
  p50: number
  p95: number
  p99: number
  refused: number
  missing: number
}

export function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
