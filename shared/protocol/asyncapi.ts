// AsyncAPI 3 out of the declared events, frames and commands: everything that goes over a socket, in either direction.
// docs/PROTOCOL.md says what has to be known around it.

import type { EventDeclaration } from '../kit/declare/event.ts'
import type { TSchema } from '../kit/declare/schema.ts'
import { VERSION } from '../kit/process/version.ts'
import { eventFrame } from './event-frame.ts'
import { COMMAND_REPLIES, COMMAND_SHAPES, SERVER_FRAMES } from './frames.ts'

/** Writes a shape that has a name as a reference to it. */
interface ShapeWriter {
  refer(schema: TSchema): unknown
  used(): Record<string, object>
}

interface Message {
  name: string
  summary: string
  payload: unknown
}

export function asyncApi(events: readonly EventDeclaration<unknown>[], shapes: ShapeWriter): object {
  const heard = [...framesOf(shapes), ...events.map((event) => eventMessage(event, shapes))]
  const said = commandsOf(shapes)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Bellhop events',
      version: VERSION,
      description:
        'What happens, for people who are watching, and what they may ask for. Subprotocol bellhop.v1 of the WebSocket.',
    },
    defaultContentType: 'application/json',
    channels: { socket: { ...SOCKET, messages: referTo([...heard, ...said]) } },
    operations: operationsOf(heard, said),
    components: {
      messages: Object.fromEntries([...heard, ...said].map((message) => [message.name, message])),
      schemas: shapes.used(),
    },
  }
}

const SOCKET = {
  address: '/ws',
  description:
    'A socket hears the channels user:<id> of its person, org:<organisation>:<role> of its role, and room:<id> of its rooms.',
  bindings: { ws: { method: 'GET' } },
}

const referTo = (messages: readonly Message[]): object =>
  Object.fromEntries(messages.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]))

function operationsOf(heard: readonly Message[], said: readonly Message[]): object {
  const channel = { $ref: '#/channels/socket' }
  const refs = (messages: readonly Message[]): object[] =>
    messages.map(({ name }) => ({ $ref: `#/channels/socket/messages/${name}` }))
  return {
    hear: { action: 'send', channel, summary: 'What the server sends.', messages: refs(heard) },
    say: {
      action: 'receive',
      channel,
      summary: 'What a client may ask for. Each is answered by one reply.',
      messages: refs(said),
      reply: { channel, messages: refs(heard.filter(({ name }) => name === 'reply')) },
    },
  }
}

/** `x-fact`: webhooks may hear of it. */
function eventMessage(
  event: EventDeclaration<unknown>,
  shapes: ShapeWriter,
): Message & { 'x-fact': boolean } {
  const { name, schema, about, isEphemeral } = event
  const payload = shapes.refer(eventFrame(schema, name, isEphemeral))
  return { name, summary: about, payload, 'x-fact': 'isFact' in event }
}

function framesOf(shapes: ShapeWriter): Message[] {
  return Object.entries(SERVER_FRAMES).map(([name, { about, schema }]) => ({
    name,
    summary: about,
    payload: shapes.refer(schema),
  }))
}

/** What its reply carries stands beside it: one reply answers all, and says which by its ref. */
function commandsOf(shapes: ShapeWriter): (Message & { 'x-reply': unknown })[] {
  return Object.entries(COMMAND_SHAPES).map(([c, schema]) => ({
    name: `command.${c}`,
    summary: `The command ${c}.`,
    payload: shapes.refer(schema),
    'x-reply': COMMAND_REPLIES[c] && shapes.refer(COMMAND_REPLIES[c]),
  }))
}
