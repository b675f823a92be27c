import { id, shape, Type, type Static } from '../kit/declare/schema.ts'
import { Holding, MOST_HELD } from '../users/schema.ts'

const Held = shape({
  items: Type.Array(Holding, { description: `The first ${MOST_HELD}, as soon as they are due.` }),
  hasMore: Type.Boolean({ description: 'There are more than are named.' }),
})

/** What goes elsewhere when somebody leaves. */
export const Holdings = shape({ approvals: Held, tickets: Held, conversations: Held, bookings: Held })
export type Holdings = Static<typeof Holdings>

export const HandOver = shape({ to: id('Who takes it over.') })

const count = Type.Integer({ description: 'How many went over.' })
export const HandedOver = shape({
  handedOver: shape({ approvals: count, tickets: count, conversations: count, bookings: count }),
  holdings: Holdings,
})
export type HandedOver = Static<typeof HandedOver>
