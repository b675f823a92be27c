// Every frame in and out, with its schema. docs/PROTOCOL.md says what they mean.
// Promise: what comes out of `commandOf` is whole; a frame that is not names every problem in it.

import { eventFrame } from './event-frame.ts'
import { malformed, type ProblemObject } from '../kit/declare/errors.ts'
import {
  choice,
  compileSchema,
  id,
  instant,
  shape,
  Type,
  type Static,
  type TSchema,
} from '../kit/declare/schema.ts'
import { mustBeKeepable } from '../kit/text/text.ts'
import { ROLES } from '../organisations/roles.ts'
import { Message } from '../chat/schema.ts'
import { CHAT_FRAMES, type ChatFrame } from './chat-frames.ts'

export const Ref = Type.Union([Type.String({ maxLength: 64 }), Type.Integer()], {
  description: 'Chosen by the client; its reply carries it.',
})
export type Ref = Static<typeof Ref>

const ref = Type.Optional(Ref)
const token = Type.String({ maxLength: 4096, description: 'Access token.' })
const channel = Type.String({ minLength: 1, maxLength: 200, description: 'E.g. user:<id>.' })

const Positions = Type.Record(Type.String(), Type.Integer(), {
  description: 'Partition → number of its newest event.',
})
const Epochs = Type.Record(Type.String(), Type.String(), {
  description: 'Partition → its epoch. Numbers of two epochs cannot be compared.',
})

/** The one command that does not put its input under `data`. */
const Auth = shape({ c: Type.Literal('auth'), ref, token })
const Token = shape({ c: Type.Literal('token'), ref, data: shape({ token }) })
const Subscribe = shape({ c: Type.Literal('subscribe'), ref, data: shape({ channel }) })
const Unsubscribe = shape({ c: Type.Literal('unsubscribe'), ref, data: shape({ channel }) })
const Resume = shape({
  c: Type.Literal('resume'),
  ref,
  data: shape({ cursor: Positions, epochs: Type.Optional(Epochs) }),
})
const PresenceQuery = shape({
  c: Type.Literal('presence.query'),
  ref,
  data: shape({ userIds: Type.Array(id('Who.'), { maxItems: 100 }) }),
})
const Ping = shape({ c: Type.Literal('ping'), ref })

export type Command =
  | ChatFrame<Ref>
  | Static<typeof Auth>
  | Static<typeof Token>
  | Static<typeof Subscribe>
  | Static<typeof Unsubscribe>
  | Static<typeof Resume>
  | Static<typeof PresenceQuery>
  | Static<typeof Ping>

/** Whole frames, by their command. */
export const COMMAND_SHAPES: Readonly<Record<string, TSchema>> = {
  auth: Auth,
  token: Token,
  subscribe: Subscribe,
  unsubscribe: Unsubscribe,
  resume: Resume,
  'presence.query': PresenceQuery,
  ping: Ping,
  ...Object.fromEntries(
    Object.entries(CHAT_FRAMES).map(([c, data]) => [c, shape({ c: Type.Literal(c), ref, data })]),
  ),
}

const NOTHING = shape({})
const Renewed = shape({ tokenExpiresAt: instant('When the socket ends, unless it is renewed again.') })
const Heard = shape({ channel, cursor: Positions, epochs: Epochs })
const Done = shape({ success: Type.Literal(true) })

/** What the reply to each command carries as `data`. */
export const COMMAND_REPLIES: Readonly<Record<string, TSchema>> = {
  auth: Renewed,
  token: Renewed,
  subscribe: Heard,
  unsubscribe: shape({ channel }),
  resume: NOTHING,
  'presence.query': shape({ online: Type.Array(id('Who of them is online.')) }),
  ping: shape({ at: instant('The time of the server.') }),
  'message.send': Message,
  'message.edit': Message,
  'message.delete': Message,
  'messages.read': Done,
  'messages.delivered': Done,
  typing: NOTHING,
}

const COMMANDS = new Map(
  Object.entries(COMMAND_SHAPES).map(([c, whole]) => [
    c,
    compileSchema(whole) as (value: unknown, at: string) => Command,
  ]),
)

/** @returns undefined for what is not JSON */
export function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The ref of a frame that may be wrong in everything else. */
export function refOf(value: unknown): Ref | null {
  const given = isObject(value) ? value['ref'] : undefined
  if (typeof given === 'string') return given.slice(0, 64)
  return typeof given === 'number' && Number.isInteger(given) ? given : null
}

/** @throws AppError 400 */
export function commandOf(value: unknown): Command {
  if (!isObject(value)) throw malformed([{ path: '', message: 'must be a JSON object' }])
  mustBeKeepable(value, '')
  const check = typeof value['c'] === 'string' ? COMMANDS.get(value['c']) : undefined
  if (!check) throw malformed([{ path: '/c', message: `must be one of ${[...COMMANDS.keys()].join(', ')}` }])
  return check(value, '')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const channels = Type.Array(channel)

export const Hello = shape({
  t: Type.Literal('hello'),
  user: shape({
    id: id('Who you are.'),
    orgId: id('Your organisation.'),
    role: choice(ROLES, 'Your role.'),
    fullName: Type.String(),
  }),
  node: Type.String({ description: 'Which process answers; for support only.' }),
  epochs: Epochs,
  cursor: Positions,
  heartbeat: Type.Integer({ description: 'Seconds between the pings of the server.' }),
  tokenExpiresAt: instant('When the socket ends, unless `token` renews it.'),
  channels,
})
export const EventFrame = eventFrame(Type.Unknown(), undefined, true)
const CommandReply = shape({
  t: Type.Literal('reply'),
  ref: Type.Union([Ref, Type.Null()]),
  ok: Type.Boolean(),
  data: Type.Optional(Type.Unknown({ description: 'When ok.' })),
  error: Type.Optional(
    Type.Unsafe<ProblemObject>({
      type: 'object',
      required: ['type', 'title', 'status', 'code', 'detail'],
      properties: {
        type: Type.String(),
        title: Type.String(),
        status: Type.Integer(),
        code: Type.String(),
        detail: Type.String(),
      },
      description: 'When not ok: RFC 9457, as REST answers it.',
    }),
  ),
})
export const Resumed = shape({
  t: Type.Literal('resumed'),
  count: Type.Integer({ description: 'Events that were missed and now told.' }),
  epochs: Epochs,
  cursor: Positions,
})
const REFETCH_REASONS = ['trimmed', 'log_lost', 'rolled_back', 'unreachable'] as const
export const Refetch = shape({
  t: Type.Literal('refetch'),
  reason: choice(REFETCH_REASONS, 'Why events may be missing.'),
  channels,
  epochs: Epochs,
  cursor: Positions,
})
export const Tick = shape({ t: Type.Literal('tick'), cursor: Positions })
export const Bye = shape({
  t: Type.Literal('bye'),
  reconnect: Type.Boolean(),
  after: Type.Integer({ description: 'Milliseconds to wait first.' }),
})

/** What the server says beside events, by its `t`. */
export const SERVER_FRAMES: Readonly<Record<string, { schema: TSchema; about: string }>> = {
  hello: { schema: Hello, about: 'You are in. Every event of `channels` after `cursor` will come.' },
  reply: { schema: CommandReply, about: 'The one answer to the command with this `ref`.' },
  resumed: { schema: Resumed, about: 'What was missed has been told; from here on it is live.' },
  refetch: {
    schema: Refetch,
    about: 'Events of `channels` may be missing: read again what you show of them.',
  },
  tick: {
    schema: Tick,
    about: 'Now and then, so that the cursor of somebody to whom nothing is said does not age.',
  },
  bye: { schema: Bye, about: 'This node ends. Come back after so many milliseconds.' },
}

export type OutgoingFrame =
  | Static<typeof Hello>
  | Static<typeof CommandReply>
  | Static<typeof Resumed>
  | Static<typeof Refetch>
  | Static<typeof Tick>
  | Static<typeof Bye>

export function encodeFrame(outgoing: OutgoingFrame): string {
  return JSON.stringify(outgoing)
}
