// Shapes of organisations, their settings and their opening hours.

import { LOCALES, type Locale } from './locales.ts'
import { MEMBER_ROLES } from './roles.ts'
import {
  choice,
  day,
  id,
  line,
  nullable,
  shape,
  timeOfDay,
  Type,
  type Static,
} from '../kit/declare/schema.ts'

export { LOCALES, type Locale }
const locale = choice(LOCALES, 'Of what people are told.')
const timezone = Type.String({ format: 'time-zone', description: 'IANA time zone.' })

const NO_APPROVER_POLICIES = ['auto_approve', 'refuse'] as const
const CONFLICT_POLICIES = ['refuse', 'warn'] as const
const CHANGE_POLICIES = ['ask_again', 'keep'] as const
const EXPIRY_POLICIES = ['approve', 'cancel', 'escalate'] as const
const APPROVAL_HOURS = ['clock', 'open'] as const

const minutes = (description: string) => Type.Integer({ minimum: 1, maximum: 525_600, description })
const deadlines = shape({
  answerMinutes: minutes('Answer.'),
  solutionMinutes: minutes('Solution.'),
})

export const OrganisationSettings = shape({
  noApprover: Type.Optional(
    choice(NO_APPROVER_POLICIES, 'A booking that needs a manager, by somebody without.'),
  ),
  onExpiry: Type.Optional(choice(EXPIRY_POLICIES, 'An approval that nobody decided in time.')),
  approvalHours: Type.Optional(
    choice(
      APPROVAL_HOURS,
      'What reminders and deadlines count: all hours (clock, unless given), or opening hours.',
    ),
  ),
  conflicts: Type.Optional(
    choice(
      CONFLICT_POLICIES,
      'Resources or drivers elsewhere at that time, and resources too small: refused (unless given), or assigned with ' +
        'a warning.',
    ),
  ),
  onChange: Type.Optional(
    choice(
      CHANGE_POLICIES,
      'An approval whose booking changes in what the approval policy looks at: is asked anew (unless given), or stands.',
    ),
  ),
  durationMinutes: Type.Optional(
    Type.Partial(
      shape({
        SINGLE_TRIP: minutes('60 unless given.'),
        MULTI_STOP: minutes('180 unless given.'),
        BLOCK_SCHEDULE: minutes('On each day; 540 unless given.'),
      }),
      { additionalProperties: false, description: 'Of bookings that do not say it.' },
    ),
  ),
  secondFactorRoles: Type.Optional(
    Type.Array(choice(MEMBER_ROLES, 'Role.'), {
      uniqueItems: true,
      description: "Who signs in with an app's code, too; nobody unless given.",
    }),
  ),
  messageWindowMinutes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 525_600,
      description: 'How long its sender can change or take back a message; a day unless given.',
    }),
  ),
  answerFaqAfterHours: Type.Optional(
    Type.Boolean({
      description: 'Whether the FAQ answers while closed or nobody is there; false unless given.',
    }),
  ),
  offerFrom: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100,
      description: 'Score from which FAQs are offered where none is sure; 20 unless given, 100: never.',
    }),
  ),
  messageRetentionDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 36_500,
      description: 'Older messages lose their words; none unless given.',
    }),
  ),
  ticketDeadlines: Type.Optional(
    Type.Partial(shape({ low: deadlines, medium: deadlines, high: deadlines, urgent: deadlines }), {
      additionalProperties: false,
      description: 'Where they are not ours; in open minutes.',
    }),
  ),
  ticketTypes: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$', description: 'Ticket type.' }), {
      maxItems: 50,
      uniqueItems: true,
      description: 'Beside battery_issue, station_issue and other.',
    }),
  ),
})

export type OrganisationSettings = Static<typeof OrganisationSettings>

export const Organisation = shape({
  id: id('Organisation.'),
  name: line('Name.'),
  slug: line('Unique; in booking codes and guest sign-in.'),
  locale,
  timezone,
  settings: OrganisationSettings,
  version: Type.Integer({ description: 'Counts its changes; the ETag.' }),
})

export type Organisation = Static<typeof Organisation>

/** What makes a new one. */
export const NewOrganisation = shape({
  name: line('Name.'),
  slug: Type.String({
    pattern: '^[a-z\\d]+(-[a-z\\d]+)*$',
    maxLength: 40,
    description: 'Short name, unique: lower-case letters and digits, with single hyphens between them.',
  }),
  locale: Type.Unsafe<Locale>({ ...locale, default: 'vi' }),
  timezone: Type.String({ ...timezone, default: 'Asia/Ho_Chi_Minh' }),
})
export type NewOrganisation = Static<typeof NewOrganisation>

const slot = {
  from: timeOfDay('From.'),
  to: timeOfDay('On the next day unless later than `from`: 00:00 to 00:00 is the whole day.'),
}

const weekly = nullable(
  Type.Array(
    shape({
      day: Type.Integer({ minimum: 0, maximum: 6, description: 'On which it begins; 0 is Sunday.' }),
      ...slot,
    }),
    {
      maxItems: 100,
      description: 'Several a day may touch and overlap.',
    },
  ),
)

const holidays = Type.Array(
  shape({
    date: day("In the organisation's time zone; each once."),
    name: line('Name.'),
    slots: Type.Optional(
      Type.Array(shape(slot), { maxItems: 20, description: 'Open all the same; closed unless given.' }),
    ),
  }),
  {
    maxItems: 500,
    description: 'Days without the weekly hours; a night begun before is kept to its end.',
  },
)

export const OpeningCalendar = shape(
  { timezone, weekly, holidays, version: Type.Integer({ description: 'Counts its changes; the ETag.' }) },
  {
    description: 'Without weekly hours (null) open around the clock, but on holidays.',
  },
)

export type OpeningCalendar = Static<typeof OpeningCalendar>

export const CalendarAsk = shape({ timezone: Type.Optional(timezone), weekly, holidays })
export type CalendarAsk = Static<typeof CalendarAsk>

export const OrganisationPatch = Type.Partial(
  shape({
    name: line('Name.'),
    locale,
    timezone,
    settings: OrganisationSettings,
  }),
  { additionalProperties: false, minProperties: 1 },
)

export type OrganisationPatch = Static<typeof OrganisationPatch>
