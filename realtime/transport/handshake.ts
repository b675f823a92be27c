// What a client must bring along to be let in at all, whoever it is.

import { forbidden, malformed } from '../../shared/kit/declare/errors.ts'
import { CLIENT_HEADER, type SeenAddress } from '../../shared/kit/outside/client-address.ts'

export const SUBPROTOCOL = 'bellhop.v1'

/** A request, as each library has it. Names of headers are small letters. */
export interface RawRequest {
  /** Address of the connection. */
  remote: string
  /** @returns '' when it is absent */
  header: (name: string) => string
  query: (name: string) => string | undefined
}

/** What an upgrade request says. Absent headers are ''. */
export interface WebSocketHandshake {
  /** Where it comes from, as far as our proxies can be believed. */
  address: string
  authorization: string
  ticket: string | undefined
  origin: string
  host: string
  /** As in the header: separated by commas. */
  protocols: string
}

/** What a request for server-sent events says. */
export interface StreamHandshake extends WebSocketHandshake {
  /** Of the header or the query; '' when it wants what comes from now on. */
  lastEventId: string
}

type AddressOf = (seen: SeenAddress) => string

export function handshakeIn({ remote, header, query }: RawRequest, addressOf: AddressOf): WebSocketHandshake {
  return {
    address: addressOf({ remote, forwarded: header('x-forwarded-for'), signed: header(CLIENT_HEADER) }),
    authorization: header('authorization'),
    ticket: query('ticket'),
    origin: header('origin'),
    host: header('host'),
    protocols: header('sec-websocket-protocol'),
  }
}

/** Polyfills that can set no header say it in the query; a browser that comes back by itself says the newer one in the header. */
export function streamHandshakeIn(request: RawRequest, addressOf: AddressOf): StreamHandshake {
  return {
    ...handshakeIn(request, addressOf),
    lastEventId: request.header('last-event-id') || (request.query('lastEventId') ?? ''),
  }
}

/** Naming none is fine, and gets none; a client that names some and not ours speaks something else. @throws AppError 400 */
export function mustSpeakOurs({ protocols }: WebSocketHandshake): void {
  if (protocols === '' || listed(protocols).includes(SUBPROTOCOL)) return
  throw malformed([{ path: '/headers/sec-websocket-protocol', message: `must offer ${SUBPROTOCOL}` }])
}

/**
 * Browsers let any page open a socket anywhere and only say which page it was; everybody else sends no Origin.
 * @throws AppError 403
 */
export function mustComeFromOurPages(
  { origin, host }: Pick<WebSocketHandshake, 'origin' | 'host'>,
  allowed: readonly string[],
): void {
  if (origin === '' || allowed.includes(origin)) return
  if (URL.canParse(origin) && new URL(origin).host === host.toLowerCase()) return
  throw forbidden('Pages of this origin may not open sockets here')
}

export function subprotocolFor({ protocols }: WebSocketHandshake): string {
  return protocols === '' ? '' : SUBPROTOCOL
}

const listed = (header: string): string[] => header.split(',').map((name) => name.trim())
