// Who a Socket.IO client says it is, and where it comes from.

import { CLIENT_HEADER, clientAddress } from '../../shared/kit/outside/client-address.ts'
import type { Config } from '../../shared/kit/process/config.ts'
import { unauthorized } from '../../shared/kit/declare/errors.ts'
import { tokenSourceOf, type TokenSource } from '../session/authenticate.ts'
import type { RealtimeContext } from '../session/context.ts'

interface SocketioHandshake {
  readonly auth: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Of the connection. */
  readonly address: string
}

export function handshakeSource(
  context: RealtimeContext,
  handshake: SocketioHandshake,
  address: string,
): TokenSource {
  return async () => {
    const token = tokenIn(handshake, context.runtime.config)
    if (!token) throw unauthorized('An access token is missing (auth.token)')
    return tokenSourceOf(context, token, address)()
  }
}

/** In this order: auth.token, the Authorization header, and the address only while a setting allows it there. */
function tokenIn(
  { auth, headers, query }: SocketioHandshake,
  { SOCKET_QUERY_TOKEN }: Config,
): string | undefined {
  const given = [auth['token'], headers['authorization'], SOCKET_QUERY_TOKEN && query['token']]
  const token = given.find((each) => typeof each === 'string' && each !== '')
  return typeof token === 'string' ? token.replace(/^Bearer /i, '') : undefined
}

export function addressIn({ address, headers }: SocketioHandshake, config: Config): string {
  return clientAddress(config, {
    remote: address,
    forwarded: String(headers['x-forwarded-for'] ?? ''),
    signed: String(headers[CLIENT_HEADER] ?? ''),
  })
}
