import { choice, instant, shape, Type, type TSchema } from '../kit/declare/schema.ts'

const id = Type.String({
  pattern: '^\\d+:\\d+$',
  description: 'Partition and number of the event. Numbers of one partition only grow.',
})

/** The frame in which the log keeps an event and every client gets it; an ephemeral one is in no log and has no id. */
export function eventFrame<S extends TSchema>(data: S, name?: string, isEphemeral = false) {
  return shape({
    t: Type.Literal('event'),
    id: isEphemeral ? Type.Optional(id) : id,
    ch: Type.String({ description: 'Channel it was said on.' }),
    ev:
      name === undefined
        ? Type.String({ description: 'Name of the event.' })
        : choice([name], 'Name of the event.'),
    at: instant('When it happened.'),
    data,
  })
}
