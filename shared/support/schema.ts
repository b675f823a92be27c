// Shapes of support tickets.

import {
  choice,
  id,
  instant,
  line,
  nullable,
  prose,
  shape,
  Type,
  type Static,
} from '../kit/declare/schema.ts'
import { PRIORITIES } from '../notifications/schema.ts'
import { Resource } from '../resources/schema.ts'
import { PersonBrief } from '../users/schema.ts'

export const TICKET_STATUSES = ['open', 'in_progress', 'closed'] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]
/** What every organisation has; its settings add others. */
export const TICKET_TYPES = ['battery_issue', 'station_issue', 'other'] as const
const TIMELINE_ENTRIES = [
  'created',
  'changed',
  'closed',
  'reopened',
  'rated',
  'deleted',
  'answer_missed',
  'solution_missed',
] as const
export type TimelineWhat = (typeof TIMELINE_ENTRIES)[number]

const type = line("battery_issue, station_issue, other, or the organisation's own.", 50)
const priority = choice(PRIORITIES, 'Its deadlines follow from it.')
const status = choice(TICKET_STATUSES, 'Where it stands.')
const description = prose('What is wrong.', 5000)
const response = Type.String({ maxLength: 5000, description: 'Response.' })
const rating = Type.Integer({ minimum: 1, maximum: 5, description: 'Rating.' })

export const Ticket = shape({
  id: id('Ticket.'),
  supportId: Type.Integer({ description: 'Counts up in the organisation.' }),
  userId: id('User.'),
  user: PersonBrief,
  stationId: nullable(id('The resource it is about.')),
  station: nullable(Type.Pick(Resource, ['id', 'kind', 'name'], { additionalProperties: false })),
  roomId: id('Of its owner and the staff.'),
  type,
  priority,
  description,
  status,
  response: nullable(response),
  assigneeId: nullable(id('Of the staff.')),
  rating: nullable(rating),
  answeredAt: nullable(
    instant('When the staff first answered: by a response, in its room, or by closing it.'),
  ),
  answerDueAt: nullable(instant('null once answered, and while closed.')),
  solutionDueAt: nullable(instant('null while closed.')),
  answerMissedAt: nullable(instant('When it was told that nobody answered in time.')),
  solutionMissedAt: nullable(instant('When it was told that it was not solved in time.')),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
  resolvedAt: nullable(instant('When it was closed.')),
  deletedAt: nullable(instant('When it was deleted.')),
})
export type Ticket = Static<typeof Ticket>

const value = nullable(Type.String({ description: 'As text.' }))
export const FieldChange = shape({
  field: Type.String({ description: 'Which field.' }),
  from: value,
  to: value,
})
export type FieldChange = Static<typeof FieldChange>

export const TimelineEntry = shape({
  at: instant('When.'),
  actor: nullable(PersonBrief),
  what: choice(TIMELINE_ENTRIES, 'What happened.'),
  changes: Type.Array(FieldChange, { description: 'Changes.' }),
})
export type TimelineEntry = Static<typeof TimelineEntry>

export const WholeTicket = shape({
  ...Ticket.properties,
  timeline: Type.Array(TimelineEntry, { description: 'Oldest first.' }),
})
export type WholeTicket = Static<typeof WholeTicket>

export const NewTicket = shape({
  description,
  type: Type.Optional({ ...type, default: 'other' }),
  priority: Type.Optional({ ...priority, default: 'medium' }),
  stationId: Type.Optional(nullable(id('The resource it is about.'))),
  userId: Type.Optional(Type.Unknown({ description: 'Ignored: it is whom the token names.' })),
})
export type NewTicket = Static<typeof NewTicket>

export const TicketPatch = Type.Partial(
  shape({
    status,
    response: nullable(response),
    priority,
    assigneeId: nullable(id('Of the staff; null: nobody.')),
    rating,
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type TicketPatch = Static<typeof TicketPatch>
export const StatusPatch = shape({ status })
export const RatingPatch = shape({ rating })

const count = Type.Integer({ description: 'How many.' })
const counts = (of: string) => Type.Record(Type.String(), count, { description: `By ${of}.` })
const average = (description: string) => nullable(Type.Number({ description }))
export const TicketStatistics = shape({
  total: count,
  byStatus: counts('status'),
  byPriority: counts('priority'),
  byType: counts('type'),
  unassigned: Type.Integer({ description: 'Not closed.' }),
  overdue: Type.Integer({ description: 'Not closed.' }),
  averageRating: average('Of the rated ones.'),
  averageSolutionMinutes: average('From opening to closing.'),
})
export type TicketStatistics = Static<typeof TicketStatistics>
