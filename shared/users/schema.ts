// Shapes of people, organisations and sessions.

import { choice, day, id, instant, line, nullable, shape, timeOfDay, Type, type Static } from '../kit/schema.ts'
import { PHONE_AS_TYPED } from '../kit/phone.ts'

export const ROLES = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF', 'EMPLOYEE', 'DRIVER', 'CUSTOMER', 'GUEST'] as const
export type Role = (typeof ROLES)[number]
/** "Staff" of an organisation, wherever a rule says staff. */
export const STAFF_ROLES = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'] as const satisfies readonly Role[]

/** Guests talk, in their own room; they take no part in the business. */
export const MEMBER_ROLES = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF', 'EMPLOYEE', 'DRIVER', 'CUSTOMER'] as const satisfies readonly Role[]

/** Whoever works in the organisation. */
export const HOUSE_ROLES = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF', 'EMPLOYEE', 'DRIVER'] as const satisfies readonly Role[]

export function isStaff(role: Role): boolean {
  return STAFF_ROLES.some((each) => each === role)
}

/** Customers and guests are served by the organisation; they are no part of it. */
export function isOfHouse(role: Role): boolean {
  return role !== 'CUSTOMER' && role !== 'GUEST'
}

/** Whom a decision may be asked of. */
export function mayBeAsked({ isActive, role }: Pick<User, 'isActive' | 'role'>): boolean {
  return isActive && isOfHouse(role)
}

export const USER_SEGMENTS = ['DAILY', 'SOMETIMES'] as const
/** Ascending. */
export const POSITION_LEVELS = ['STAFF', 'SENIOR', 'TEAM_LEAD', 'MGR', 'SR_MGR', 'DIRECTOR', 'VP', 'C_LEVEL'] as const
export type PositionLevel = (typeof POSITION_LEVELS)[number]
export const LOCALES = ['vi', 'en'] as const
export type Locale = (typeof LOCALES)[number]

const email = Type.String({ format: 'email', maxLength: 254, description: 'Unique in the organisation, whatever the letter case.' })
const phone = Type.String({ description: 'E.164. Unique in the organisation.' })
const phoneAsTyped = Type.String({ pattern: PHONE_AS_TYPED, description: 'As people write it; a local number is one of the organisation\'s country, which follows from its time zone. Unique in the organisation.' })
const password = Type.String({ minLength: 8, maxLength: 200, description: 'At least 8 characters.' })
const role = choice(ROLES, 'What the person is in the organisation.')
const userSegment = choice(USER_SEGMENTS, 'DAILY: on fixed routes ("SIC"). SOMETIMES: travels now and then.')
const positionLevel = choice(POSITION_LEVELS, 'Ascending; MGR and above is management, whose bookings need no approval.')
const locale = choice(LOCALES, 'Language of what the person is told.')
const timezone = Type.String({ format: 'time-zone', description: 'IANA time zone.' })

/** What everybody may know of people they share a room or a booking with. */
export const PersonBrief = shape({ id: id('Who.'), fullName: line('Full name.'), role })
export type PersonBrief = Static<typeof PersonBrief>

/** What people of the house may know of one another. */
export const PersonListed = shape({ ...PersonBrief.properties, department: nullable(line('Department.')), positionLevel })
export type PersonListed = Static<typeof PersonListed>

export const User = shape({
  id: id('Who.'),
  orgId: id('Organisation.'),
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
  createdAt: instant('When the account was made.'),
  updatedAt: instant('When it last changed.'),
})
export type User = Static<typeof User>

export const NewUser = shape({
  email,
  password,
  fullName: line('Full name.'),
  role,
  phone: Type.Optional(phoneAsTyped),
  userSegment: Type.Optional(userSegment),
  positionLevel: Type.Optional(positionLevel),
  managerId: Type.Optional(id('A person of the same organisation.')),
  department: Type.Optional(line('Department.')),
  locale: Type.Optional(locale),
})
export type NewUser = Static<typeof NewUser>

export const UserPatch = Type.Partial(shape({
  email,
  phone: nullable(phoneAsTyped),
  fullName: line('Full name.'),
  role,
  userSegment: nullable(userSegment),
  positionLevel,
  managerId: nullable(id('A person of the same organisation.')),
  department: nullable(line('Department.')),
  locale: nullable(locale),
  isActive: Type.Boolean({ description: 'False ends every session of the person.' }),
}), { additionalProperties: false, minProperties: 1 })
export type UserPatch = Static<typeof UserPatch>

export const NewPassword = shape({ password })

export const NO_APPROVER_POLICIES = ['auto_approve', 'refuse'] as const
export const EXPIRY_POLICIES = ['approve', 'cancel', 'escalate'] as const
export const APPROVAL_HOURS = ['clock', 'open'] as const

const minutes = (description: string) => Type.Integer({ minimum: 1, maximum: 525_600, description })
const deadlines = shape({ answerMinutes: minutes('Until a ticket is to be answered.'), solutionMinutes: minutes('Until it is to be solved.') })

export const OrganisationSettings = shape({
  noApprover: Type.Optional(choice(NO_APPROVER_POLICIES, 'A booking that needs a manager, by somebody who has none.')),
  onExpiry: Type.Optional(choice(EXPIRY_POLICIES, 'An approval that nobody decided in time.')),
  approvalHours: Type.Optional(choice(APPROVAL_HOURS, 'What reminders and deadlines of approvals are counted in: all hours (clock, unless given), or those in which the organisation is open.')),
  messageWindowMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 525_600, description: 'How long a message can be changed or taken back by its sender; a day unless given.' })),
  answerFaqAfterHours: Type.Optional(Type.Boolean({ description: 'Whether the FAQ answers customers while closed or nobody is there; false unless given.' })),
  offerFrom: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'The score from which on questions that no FAQ is sure of are offered to choose from; 20 unless given, 100: never.' })),
  messageRetentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500, description: 'The words of older messages are forgotten; none unless given.' })),
  ticketDeadlines: Type.Optional(Type.Partial(shape({ low: deadlines, medium: deadlines, high: deadlines, urgent: deadlines }), { additionalProperties: false, description: 'Where they are others than ours. In open minutes.' })),
  ticketTypes: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$', description: 'In lower case.' }), { maxItems: 50, uniqueItems: true, description: 'Types of support tickets beside battery_issue, station_issue and other.' })),
})
export type OrganisationSettings = Static<typeof OrganisationSettings>

export const Organisation = shape({
  id: id('Organisation.'),
  name: line('Name.'),
  slug: line('Short name, unique, in booking codes and guest sign-in.'),
  locale,
  timezone,
  settings: OrganisationSettings,
  version: Type.Integer({ description: 'Counts its changes; the ETag.' }),
})
export type Organisation = Static<typeof Organisation>

const slot = {
  from: timeOfDay('Opens, HH:mm.'),
  to: timeOfDay('Closes, HH:mm; on the next day unless it is later than `from`, so that 00:00 to 00:00 is the whole day.'),
}
const weekly = nullable(Type.Array(shape({ day: Type.Integer({ minimum: 0, maximum: 6, description: 'On which it begins; 0 is Sunday.' }), ...slot }), {
  maxItems: 100, description: 'Several a day if need be; they may touch and overlap.',
}))
const holidays = Type.Array(shape({
  date: day('In the organisation\'s time zone; each once.'),
  name: line('What it is called.'),
  slots: Type.Optional(Type.Array(shape(slot), { maxItems: 20, description: 'Open then all the same; closed unless given.' })),
}), { maxItems: 500, description: 'Days on which the weekly hours do not hold. A night that begins on the day before is kept to its end.' })

export const OpeningCalendar = shape({ timezone, weekly, holidays, version: Type.Integer({ description: 'Counts its changes; the ETag.' }) }, {
  description: 'When the organisation is open. Without weekly hours (null) around the clock, but for the holidays.',
})
export type OpeningCalendar = Static<typeof OpeningCalendar>

export const CalendarAsk = shape({ timezone: Type.Optional(timezone), weekly, holidays })
export type CalendarAsk = Static<typeof CalendarAsk>

export const OrganisationPatch = Type.Partial(shape({
  name: line('Name.'),
  locale,
  timezone,
  settings: OrganisationSettings,
}), { additionalProperties: false, minProperties: 1 })
export type OrganisationPatch = Static<typeof OrganisationPatch>

export const Login = shape({
  email: Type.Optional(Type.String({ maxLength: 254, description: 'Either this or emailOrPhone.' })),
  emailOrPhone: Type.Optional(Type.String({ maxLength: 254, description: 'E-mail address or phone number.' })),
  password: Type.String({ maxLength: 200, description: 'Password.' }),
  org: Type.Optional(line('Slug of the organisation: only where an address is known in several.')),
})
export const RefreshRequest = shape({ refreshToken: Type.String({ maxLength: 200, description: 'As login or the last refresh gave it; good once, and for some seconds once more with the same answer.' }) })
export const GuestRequest = shape({
  org: line('Slug of the organisation.'),
  name: line('What the staff calls the guest.'),
  email: Type.Optional(Type.String({ format: 'email', maxLength: 254, description: 'Where to answer; proves nothing.' })),
})

export const SignedIn = shape({
  accessToken: Type.String({ description: 'JWT (HS256), claims sub, org, role, email, name, sid.' }),
  refreshToken: Type.String({ description: 'Opaque, good once.' }),
  user: User,
  access_token: Type.String({ description: 'The same as accessToken.' }),
  refresh_token: Type.String({ description: 'The same as refreshToken.' }),
})
export const SocketTicket = shape({ ticket: Type.String({ description: 'Good once, for 30 seconds, at GET /ws?ticket=.' }), expiresAt: instant('End of its life.') })

export const Session = shape({
  id: id('Session.'),
  userAgent: nullable(Type.String({ description: 'As the client named itself.' })),
  ip: nullable(Type.String({ description: 'Address at sign-in.' })),
  createdAt: instant('Sign-in.'),
  lastUsedAt: instant('Last refresh.'),
  expiresAt: instant('End, unless refreshed.'),
  isCurrent: Type.Boolean({ description: 'The session that asks.' }),
})
export type Session = Static<typeof Session>
export const PresenceState = shape({ userId: id('Who.'), isOnline: Type.Boolean({ description: 'On any device.' }) })
export const SessionEnded = shape({ sessionId: id('Session.') })

/** Who acts: what a door knows of the person behind a token, as the database says now. */
export interface Actor {
  id: string
  orgId: string
  role: Role
  email: string
  fullName: string
  sessionId: string
  /** End of the access token that they came with; undefined where they came without one. */
  tokenExpiresAt?: Date
  /** What they read; undefined where only a token speaks for them, on sockets. */
  locale?: Locale | null
}
