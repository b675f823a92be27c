// The pages beside the socket: alive, ready, metrics, stats.

import { OPERATIONS_PATHS, operationsPage, type HttpAnswer } from '../shared/kit/process/health.ts'
import type { RealtimeContext } from './session/context.ts'
import { statsPage } from './stats.ts'

export function healthPages(
  context: RealtimeContext,
): Record<string, (authorization: string) => Promise<HttpAnswer>> {
  const operations = OPERATIONS_PATHS.map(
    (path) =>
      [
        path,
        (authorization: string) =>
          operationsPage(context.runtime, path, authorization, { checks: () => checksOf(context) }),
      ] as const,
  )
  const stats = ['', '/api', '/api/v1'].map(
    (base) =>
      [`${base}/realtime/stats`, (authorization: string) => statsPage(context, authorization)] as const,
  )
  return Object.fromEntries([...operations, ...stats])
}

/** A node whose partition stays silent is not ready, whatever its sockets say. */
function checksOf({ broker, isClosing }: RealtimeContext): Record<string, string> {
  const silent = broker.heartbeat.silentPartitions()
  return {
    log: silent.length === 0 ? 'ok' : `partitions ${silent.join(', ')} are silent`,
    node: isClosing ? 'going away' : 'ok',
  }
}
