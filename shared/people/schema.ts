import { id, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { externalId, Holding, MOST_HELD, UserPatch } from '../users/schema.ts'

const Held = shape({
  items: Type.Array(Holding, { description: `First ${MOST_HELD}, by when they are due.` }),
  hasMore: Type.Boolean({ description: 'Whether there are more.' }),
})

/** What goes elsewhere when somebody leaves. */
export const Holdings = shape({ approvals: Held, tickets: Held, conversations: Held, bookings: Held })
export type Holdings = Static<typeof Holdings>

export const HandOver = shape({ to: id('To whom.') })

const count = Type.Integer({ description: 'How many.' })
export const HandedOver = shape({
  handedOver: shape({ approvals: count, tickets: count, conversations: count, bookings: count }),
  holdings: Holdings,
})
export type HandedOver = Static<typeof HandedOver>

const { email, fullName, role, phone, userSegment, positionLevel, department, locale, isActive } =
  UserPatch.properties

/** What is not named stays as it is. */
export const PersonPut = shape({
  email: Type.Required(Type.Object({ email })).properties.email,
  fullName: Type.Required(Type.Object({ fullName })).properties.fullName,
  role,
  phone,
  userSegment,
  positionLevel,
  managerExternalId: Type.Optional(nullable(externalId)),
  department,
  locale,
  isActive,
})
export type PersonPut = Static<typeof PersonPut>
