// Shapes of people and sessions.

import { choice, id, instant, line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { PHONE_AS_TYPED } from '../kit/text/phone.ts'
import { ROLES, isOfOrganisation } from '../organisations/roles.ts'
import { LOCALES, NewOrganisation } from '../organisations/schema.ts'

/** Whom a decision may be asked of. */
export function mayBeAsked({ isActive, role }: Pick<User, 'isActive' | 'role'>): boolean {
  return isActive && isOfOrganisation(role)
}

export const USER_SEGMENTS = ['DAILY', 'SOMETIMES'] as const
/** Ascending. */
export const POSITION_LEVELS = [
  'STAFF',
  'SENIOR',
  'TEAM_LEAD',
  'MGR',
  'SR_MGR',
  'DIRECTOR',
  'VP',
  'C_LEVEL',
] as const
export type PositionLevel = (typeof POSITION_LEVELS)[number]
export const email = Type.String({
  format: 'email',
  maxLength: 254,
  description: 'Unique in the organisation, in any letter case.',
})
export const externalId = line('Their id in the system they come from. Unique in the organisation.')
const phone = Type.String({ description: 'E.164. Unique in the organisation.' })
const phoneAsTyped = Type.String({
  pattern: PHONE_AS_TYPED,
  description:
    "As people write it; a local number is one of the organisation's country, which follows from its time " +
    'zone. Unique in the organisation.',
})
const password = Type.String({ minLength: 8, maxLength: 200, description: 'Password.' })
export const role = choice(ROLES, 'Role of the user.')
const userSegment = choice(USER_SEGMENTS, 'DAILY: on fixed routes ("SIC").')
const positionLevel = choice(POSITION_LEVELS, 'Ascending; from MGR on bookings need no approval.')
export const locale = choice(LOCALES, 'Of what they are told.')
/** What everybody may know of people they share a room or a booking with. */
export const PersonBrief = shape({ id: id('Who.'), fullName: line('Full name.'), role })
export type PersonBrief = Static<typeof PersonBrief>

/** What people of the organisation may know of one another. */
export const PersonListed = shape({
  ...PersonBrief.properties,
  department: nullable(line('Department.')),
  positionLevel,
})
export type PersonListed = Static<typeof PersonListed>

export const User = shape({
  id: id('Who.'),
  orgId: id('Organisation.'),
  externalId: nullable(externalId),
  email,
  phone: nullable(phone),
  fullName: line('Full name.'),
  role,
  userSegment: nullable(userSegment),
  positionLevel,
  managerId: nullable(id('Who approves their bookings.')),
  department: nullable(line('Department.')),
  locale: nullable(locale),
  isActive: Type.Boolean({ description: 'False: cannot sign in, decides nothing.' }),
  mayBeInvited: Type.Boolean({ description: 'Active, with an address and without a password.' }),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})
export type User = Static<typeof User>
/** What is written of somebody: the rest follows from it. */
export type PersonFields = Omit<User, 'orgId' | 'mayBeInvited' | 'createdAt' | 'updatedAt'>

/** Something that waits on a person, or that they are to do. */
export const Holding = shape({
  id: id('Of the approval, ticket, room or booking.'),
  label: line('Its code, its number, or the customer.'),
  personName: line('Who asked for it, or whom it is for.'),
  dueAt: nullable(instant('When it is due or begins.')),
})
export type Holding = Static<typeof Holding>
/** As many of one kind as an answer names. */
export const MOST_HELD = 100

export const NewUser = shape({
  email,
  password: Type.Optional({
    ...password,
    description: 'Unless given, the person is invited by mail to choose it.',
  }),
  fullName: line('Full name.'),
  role,
  externalId: Type.Optional(externalId),
  phone: Type.Optional(phoneAsTyped),
  userSegment: Type.Optional(userSegment),
  positionLevel: Type.Optional(positionLevel),
  managerId: Type.Optional(id('Of the same organisation.')),
  department: Type.Optional(line('Department.')),
  locale: Type.Optional(locale),
})
export type NewUser = Static<typeof NewUser>

export const FirstRun = shape({
  code: Type.String({ maxLength: 40, description: 'As the log says it.' }),
  ...NewOrganisation.properties,
  fullName: line('Full name of the first ADMIN.'),
  email,
  password,
})
export type FirstRun = Static<typeof FirstRun>

export const UserPatch = Type.Partial(
  shape({
    email,
    externalId: nullable(externalId),
    phone: nullable(phoneAsTyped),
    fullName: line('Full name.'),
    role,
    userSegment: nullable(userSegment),
    positionLevel,
    managerId: nullable(id('Of the same organisation.')),
    department: nullable(line('Department.')),
    locale: nullable(locale),
    isActive: Type.Boolean({ description: 'False ends every session.' }),
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type UserPatch = Static<typeof UserPatch>

export const NewPassword = shape({ password })
export const OwnPassword = shape({
  current: Type.String({ maxLength: 200, description: 'Current password.' }),
  next: password,
})
export type OwnPassword = Static<typeof OwnPassword>

/** What people change of themselves. */
export const OwnProfile = Type.Partial(
  shape({ fullName: line('Full name.'), phone: nullable(phoneAsTyped), locale: nullable(locale) }),
  { additionalProperties: false, minProperties: 1 },
)
export type OwnProfile = Static<typeof OwnProfile>

export const ForgottenPassword = shape({
  email: Type.String({ format: 'email', maxLength: 254, description: 'Email.' }),
  org: Type.Optional(line('Slug, only where an address is known in several.')),
})
export type ForgottenPassword = Static<typeof ForgottenPassword>

export const PasswordByLink = shape({
  token: Type.String({ maxLength: 300, description: 'After `link=` in the mail.' }),
  password,
})

export const Invitation = shape({
  userId: id('User.'),
  expiresAt: instant('When it expires.'),
  isMailed: Type.Boolean({ description: 'Whether it is mailed.' }),
  link: nullable(
    Type.String({
      description: 'Only where no mail server is configured: to be handed over.',
    }),
  ),
})
export type Invitation = Static<typeof Invitation>

export const Login = shape({
  email: Type.Optional(Type.String({ maxLength: 254, description: 'Or emailOrPhone.' })),
  emailOrPhone: Type.Optional(Type.String({ maxLength: 254, description: 'Email or phone.' })),
  password: Type.String({ maxLength: 200, description: 'Password.' }),
  org: Type.Optional(line('Slug, only where an address is known in several.')),
})
/** A sign-in that needs it, and a code of an app or one for whoever lost it. */
const code = Type.String({
  minLength: 6,
  maxLength: 40,
  description: 'Six digits of the app, or a recovery code; each counts once.',
})
const challenge = Type.String({
  maxLength: 200,
  description: 'As the sign-in answered; good for 5 minutes.',
})
export const SecondStep = shape({ challenge, code })
export type SecondStep = Static<typeof SecondStep>
export const EnrolAsk = shape({ challenge })
export const OwnProof = shape({
  password: Type.String({ maxLength: 200, description: 'Current password.' }),
})
export const TotpCode = shape({ code })

export const SecondFactor = shape({
  isOn: Type.Boolean({ description: 'A sign-in asks for a code.' }),
  since: nullable(instant('Since its first code.')),
  isDemanded: Type.Boolean({ description: 'By the organisation, of the role.' }),
  recoveryCodesLeft: Type.Integer({ description: 'How many are left.' }),
})
export type SecondFactor = Static<typeof SecondFactor>

export const Enrolment = shape({
  secret: Type.String({ description: 'Base 32, to type into the app.' }),
  uri: Type.String({ description: 'otpauth://, for the app, also as a QR code.' }),
})
export type Enrolment = Static<typeof Enrolment>
const recoveryCodes = Type.Array(Type.String(), {
  description: 'Each signs in once in place of the app. Shown this once.',
})
export const RecoveryCodes = shape({ recoveryCodes })

export const RefreshRequest = shape({
  refreshToken: Type.String({
    maxLength: 200,
    description:
      'As login or the last refresh gave it; good once, and for some seconds again with the same answer.',
  }),
})
export const GuestRequest = shape({
  org: line('Slug.'),
  name: line('Name of the guest.'),
  email: Type.Optional(
    Type.String({ format: 'email', maxLength: 254, description: 'Where to answer; proves nothing.' }),
  ),
})

export const SignedIn = shape({
  accessToken: Type.String({ description: 'JWT (HS256), claims sub, org, role, email, name, sid.' }),
  refreshToken: Type.String({ description: 'Opaque, good once.' }),
  user: User,
  recoveryCodes: Type.Optional(recoveryCodes),
  access_token: Type.String({ description: 'As accessToken.' }),
  refresh_token: Type.String({ description: 'As refreshToken.' }),
})
export const SocketTicket = shape({
  ticket: Type.String({ description: 'Good once, for 30 seconds, at GET /ws?ticket=.' }),
  expiresAt: instant('When it expires.'),
})

export const Session = shape({
  id: id('Session.'),
  userAgent: nullable(Type.String({ description: 'User agent.' })),
  ip: nullable(Type.String({ description: 'At sign-in.' })),
  createdAt: instant('Sign-in.'),
  lastUsedAt: instant('Last refresh.'),
  expiresAt: instant('Unless refreshed.'),
  isCurrent: Type.Boolean({ description: 'The session that asks.' }),
})
export type Session = Static<typeof Session>
export const PresenceState = shape({
  userId: id('Who.'),
  isOnline: Type.Boolean({ description: 'On any device.' }),
})

/** More are not named one by one. */
export const MOST_NAMED = 100
export const PeopleChanged = shape({
  ids: nullable(
    Type.Array(id('Who.'), {
      maxItems: MOST_NAMED,
      description: 'Whom to read again; null: more than that.',
    }),
  ),
})
export const SessionEnded = shape({ sessionId: id('Session.') })
