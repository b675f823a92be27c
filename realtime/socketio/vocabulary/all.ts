// What existing Socket.IO clients say and hear, beside what it is natively: one file per document they were written to, one
// row per event and command, and nothing else of ours knows these words. What a command does is decided where it is native.

import { dashboard } from './dashboard.ts'
import { pairedChat } from './paired-chat.ts'
import type { CommandMapping, Namespace } from './mapping.ts'
import { support } from './support.ts'
import { tripChat } from './trip-chat.ts'
import { workplaceChat } from './workplace.ts'

export const NAMESPACES: Readonly<Record<string, Namespace>> = {
  '/': { greets: false, dialects: [workplaceChat] },
  '/chat': { greets: true, dialects: [tripChat, pairedChat] },
  '/notifications': { greets: true, dialects: [support] },
  '/realtime': { greets: true, dialects: [dashboard] },
}

/** Access tokens are short: whoever says this in time with a newer one need not reconnect. Not in the documents, hence of no dialect. */
export const RENEWAL: CommandMapping = {
  name: 'token',
  command: (data) => ({ c: 'token', data }),
  says: 'token_renewed',
}

/** Why a connection ends, in words; reasons without any are told otherwise or need none. */
export const GOODBYE_EVENTS: Readonly<Record<string, string>> = {
  token_expired: 'The access token has expired',
  session_ended: 'The session has ended',
  rate_limited: 'Too many commands',
  too_many_sockets: 'This person has too many sockets',
  unavailable: 'Something went wrong on our side',
}
