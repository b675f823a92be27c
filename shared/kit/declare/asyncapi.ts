// AsyncAPI 3 out of the declared events: what a client of the event stream can be told, and in which frame.
// Not in here: the other frames and the commands, which docs/PROTOCOL.md describes.

import type { EventDeclaration } from './event.ts'
import { choice, instant, shape, Type, type TSchema } from './schema.ts'
import { VERSION } from '../process/version.ts'

/** The frame in which the log keeps an event and every client gets it. */
export function eventFrame<S extends TSchema>(data: S, name?: string) {
  return shape({
    t: Type.Literal('event'),
    id: Type.String({
      pattern: '^\\d+:\\d+$',
      description: 'Partition and number of the event. Numbers of one partition only grow.',
    }),
    ch: Type.String({ description: 'Channel it was said on.' }),
    ev:
      name === undefined
        ? Type.String({ description: 'Name of the event.' })
        : choice([name], 'Name of the event.'),
    at: instant('When it happened.'),
    data,
  })
}

export function asyncApi(events: readonly EventDeclaration<unknown>[]): object {
  const refs = events.map((event) => ({ $ref: `#/channels/socket/messages/${event.name}` }))
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Bellhop events',
      version: VERSION,
      description:
        'What happens, for people who are watching. Delivered on the WebSocket subprotocol bellhop.v1.',
    },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/ws',
        description:
          'A socket hears the channels user:<id> of its person and org:<organisation>:<role> of its role.',
        messages: Object.fromEntries(
          events.map((event) => [event.name, { $ref: `#/components/messages/${event.name}` }]),
        ),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: {
      hear: {
        action: 'send',
        channel: { $ref: '#/channels/socket' },
        summary: 'What the server sends.',
        messages: refs,
      },
    },
    components: { messages: Object.fromEntries(events.map((event) => [event.name, messageOf(event)])) },
  }
}

function messageOf({ name, schema, about }: EventDeclaration<unknown>): object {
  return { name, summary: about, payload: eventFrame(schema, name) }
}
