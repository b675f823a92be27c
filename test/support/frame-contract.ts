// Every frame that a socket of the tests hears, held against what AsyncAPI says of it.

import { declaredEvents } from '../../shared/kit/declare/event.ts'
import { compileSchema, type SchemaCheck } from '../../shared/kit/declare/schema.ts'
import { eventFrame } from '../../shared/protocol/event-frame.ts'
import { COMMAND_REPLIES, SERVER_FRAMES } from '../../shared/protocol/frames.ts'

const checks = new Map<string, SchemaCheck<unknown>>()

function checkOf(
  key: string,
  make: () => Parameters<typeof compileSchema>[0] | undefined,
): SchemaCheck<unknown> | undefined {
  const schema = checks.has(key) ? undefined : make()
  if (schema) checks.set(key, compileSchema(schema, { isReply: true }))
  return checks.get(key)
}

/** @throws Error for a frame that is not as declared; of one that only a test knows nothing is said */
export function holdFrame(frame: { t: string; ev?: string }): void {
  const check =
    frame.t === 'event' ? eventCheck(frame.ev ?? '') : checkOf(frame.t, () => SERVER_FRAMES[frame.t]?.schema)
  check?.(frame, `${frame.t} ${frame.ev ?? ''}`)
}

function eventCheck(name: string): SchemaCheck<unknown> | undefined {
  const event = declaredEvents().find((each) => each.name === name)
  return event && checkOf(`event ${name}`, () => eventFrame(event.schema, name, event.isEphemeral))
}

/** @throws Error for a reply whose data is not what is declared of its command */
export function holdReply(c: string, reply: Readonly<Record<string, unknown>>): void {
  if (reply['ok']) checkOf(`reply ${c}`, () => COMMAND_REPLIES[c])?.(reply['data'], `reply to ${c}`)
}
