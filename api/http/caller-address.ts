import type { IncomingMessage } from 'node:http'
import { clientAddress } from '../../shared/kit/outside/client-address.ts'
import type { Config } from '../../shared/kit/process/config.ts'

/** Express's `req.ip` takes whatever stands in the header, ports and words included. */
export function addressOf(
  config: Pick<Config, 'TRUST_PROXY' | 'JWT_SECRET'>,
  { socket, headers }: IncomingMessage,
): string {
  return clientAddress(config, {
    remote: socket.remoteAddress ?? '',
    forwarded: [headers['x-forwarded-for'] ?? []].flat().join(','),
  })
}
