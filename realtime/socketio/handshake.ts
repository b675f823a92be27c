// Who a Socket.IO client says it is, and where it comes from.

import { CLIENT_HEADER, clientAddress } from '../../shared/kit/address.ts'
import type { Config } from '../../shared/kit/config.ts'
import { unauthorized } from '../../shared/kit/errors.ts'
import type { House } from '../../shared/kit/house.ts'
import { passOfToken, type Proof } from '../admission.ts'

export interface Handshake {
  readonly auth: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Of the connection. */
  readonly address: string
}

export function proofOf(house: House, handshake: Handshake): Proof {
  return async () => {
    const token = tokenIn(handshake, house.config)
    if (!token) throw unauthorized('An access token is missing (auth.token)')
    return passOfToken(house, token)
  }
}

/** In this order: auth.token, the Authorization header, and the address only while a setting allows it there. */
function tokenIn({ auth, headers, query }: Handshake, { SOCKET_QUERY_TOKEN }: Config): string | undefined {
  const given = [auth['token'], headers['authorization'], SOCKET_QUERY_TOKEN && query['token']]
  const token = given.find((each) => typeof each === 'string' && each !== '')
  return typeof token === 'string' ? token.replace(/^Bearer /i, '') : undefined
}

export function addressIn({ address, headers }: Handshake, config: Config): string {
  return clientAddress(config, { remote: address, forwarded: String(headers['x-forwarded-for'] ?? ''), signed: String(headers[CLIENT_HEADER] ?? '') })
}
