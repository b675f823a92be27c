// Loads what makes traces only where they go somewhere.

import type { Config } from './config.ts'
import { NO_TRACING, type Tracing } from './tracing.ts'

/** @param service api, workers or realtime */
export async function openTracing(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  service: string,
): Promise<Tracing> {
  if (endpoint === undefined) return NO_TRACING
  const { openOtlpTracing } = await import('./otlp-tracing.ts')
  return openOtlpTracing(endpoint, service)
}
