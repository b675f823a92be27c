// Clients that spell keys_like_this are those of chat in pairs: wherever an answer holds a message, it
// carries the names that they read on their socket, too. Found by the reply's declaration, so that no route can forget it.

import { nameForPair } from '../../shared/chat/names.ts'
import { Message, WorkplaceMessage } from '../../shared/chat/schema.ts'
import type { TSchema } from '../../shared/kit/declare/schema.ts'

export function addPairNames(schema: TSchema | undefined, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || schema === undefined) return value
  if (isMessage(schema, value)) return { ...value, ...nameForPair(value) }
  if (Array.isArray(value)) return value.map((each) => addPairNames(schema['items'], each))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, addPairNames(schema['properties']?.[name], inner)]),
  )
}

/** Instants are text by now; they are passed on as they are. */
function isMessage(schema: TSchema, _value: object): _value is Message {
  return schema === Message || schema === WorkplaceMessage
}
