// Why a socket is closed. The range tells a client that knows no code what to do: 4000–4199 come back at once,
// 4200–4399 come back after a pause, 4400–4999 do not come back as you are: it takes other credentials or another client.

export interface CloseCode {
  readonly code: number
  /** Goes into the close frame and into the metric. */
  readonly reason: string
  readonly about: string
}

export const CLOSE = {
  goingAway: {
    code: 4000,
    reason: 'going_away',
    about: 'This node ends, e.g. for a deploy. Another one is there.',
  },
  tokenExpired: {
    code: 4001,
    reason: 'token_expired',
    about: 'The access token ended and was not renewed. Refresh it and come back.',
  },
  unavailable: { code: 4200, reason: 'unavailable', about: 'Something failed on our side.' },
  slowReader: {
    code: 4201,
    reason: 'slow_reader',
    about: 'More than 1 MiB waited for this client. Everything up to the close frame is without a gap.',
  },
  rateLimited: {
    code: 4202,
    reason: 'rate_limited',
    about: 'Commands kept coming after many were refused for coming too fast.',
  },
  authTimeout: { code: 4203, reason: 'auth_timeout', about: 'No token came within 5 seconds.' },
  tooManySockets: {
    code: 4204,
    reason: 'too_many_sockets',
    about: 'This person has as many sockets on this node as it takes.',
  },
  protocolError: { code: 4400, reason: 'protocol_error', about: 'A binary frame.' },
  badToken: {
    code: 4401,
    reason: 'bad_token',
    about: 'The ticket was refused, or the first frame was not auth, or its token was refused.',
  },
  sessionEnded: {
    code: 4402,
    reason: 'session_ended',
    about: 'Signed out here or elsewhere, or the person was deactivated.',
  },
} as const satisfies Record<string, CloseCode>

type ReconnectAdvice = 'at once' | 'after a pause' | 'not'

export function reconnectAdviceFor(code: number): ReconnectAdvice {
  if (code >= 4400) return 'not'
  return code >= 4000 && code < 4200 ? 'at once' : 'after a pause'
}
