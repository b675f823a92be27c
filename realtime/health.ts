// The pages beside the socket: alive, ready, metrics.

import { OPERATIONS_PATHS, operationsPage, type Page } from '../shared/kit/health.ts'
import type { Door } from './door.ts'

export function healthPages(door: Door): Record<string, (authorization: string) => Promise<Page>> {
  return Object.fromEntries(OPERATIONS_PATHS.map((path) => [path, (authorization: string) => operationsPage(door.house, path, authorization, () => checksOf(door))]))
}

/** A node whose partition stays silent is not ready, whatever its sockets say. */
function checksOf({ broker, isClosing }: Door): Record<string, string> {
  const silent = broker.heartbeat.silentPartitions()
  return {
    log: silent.length === 0 ? 'ok' : `partitions ${silent.join(', ')} are silent`,
    node: isClosing ? 'going away' : 'ok',
  }
}
