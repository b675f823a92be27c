// Shapes of the business inbox: conversations of customers with the organisation, its FAQ, its automatic replies.

import { OwnRoom, ROOM_STATUSES } from '../chat/schema.ts'
import {
  choice,
  id,
  instant,
  line,
  nullable,
  opaque,
  prose,
  shape,
  timeOfDay,
  Type,
  type Static,
} from '../kit/declare/schema.ts'
import { PersonBrief } from '../users/schema.ts'

const CONVERSATION_PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const

const rating = Type.Integer({ minimum: 1, maximum: 5, description: 'Rating.' })
const tags = Type.Array(line('Tag.', 40), {
  maxItems: 20,
  uniqueItems: true,
  description: 'To find it by.',
})
const priority = choice(CONVERSATION_PRIORITIES, 'Priority.')

/** What the staff sees of a customer's room beside the room. */
const facts = {
  customer: shape({
    ...PersonBrief.properties,
    email: nullable(Type.String({ description: 'Of a guest as given, not verified.' })),
    phone: nullable(Type.String({ description: 'Of a guest likewise.' })),
  }),
  assignee: nullable(PersonBrief),
  priority,
  tags,
  waitingSince: nullable(
    instant('When the oldest message came that no person has answered; null: nobody waits.'),
  ),
  notesRoomId: nullable(id('Of the notes about it, once there are any.')),
  rating: nullable(rating),
}
const waitingSeconds = Type.Integer({ minimum: 0, description: 'Waiting seconds.' })

/** Enough to keep a list of conversations as a fresh read would show it. */
export const ConversationNews = shape({
  roomId: id('Room.'),
  status: choice(ROOM_STATUSES, 'Of the room.'),
  ...facts,
})
export type ConversationNews = Static<typeof ConversationNews>

/** A customer's room as the staff sees it. */
export const Conversation = shape({ ...OwnRoom.properties, ...facts, waitingSeconds })
export type Conversation = Static<typeof Conversation>

/** Whatever kind of room it is, for whoever looks; a customer sees of the facts their own rating. */
export const ListedRoom = shape({
  ...OwnRoom.properties,
  ...Type.Partial(shape({ ...facts, waitingSeconds })).properties,
})
export type ListedRoom = Static<typeof ListedRoom>

export const NewCustomerRoom = shape({
  userId: Type.Optional(id('The customer, where the staff opens it; else whoever asks.')),
  userName: Type.Optional(line('Not needed: we know who asks.')),
  userEmail: Type.Optional(
    Type.String({
      format: 'email',
      maxLength: 254,
      description:
        'Of the customer, where the staff opens it without their id; of a guest their own, kept for the staff.',
    }),
  ),
  userPhone: Type.Optional(Type.String({ maxLength: 40, description: 'Likewise.' })),
})
export type NewCustomerRoom = Static<typeof NewCustomerRoom>

export const ConversationAssignment = shape({
  assigneeId: Type.Optional(nullable(id('Of the staff; null: nobody; yourself unless given.'))),
})
export const ConversationPatch = Type.Partial(shape({ priority, tags }), {
  additionalProperties: false,
  minProperties: 1,
})
export type ConversationPatch = Static<typeof ConversationPatch>
export const ConversationRating = shape({ rating })

const ATTENTION_REASONS = ['unanswered', 'unhelpful_answer', 'assigned'] as const
export const Attention = shape({
  roomId: id('Room.'),
  reason: choice(
    ATTENTION_REASONS,
    'Why a person is needed: nobody answered, an FAQ did not help, or it was handed over.',
  ),
  customer: PersonBrief,
  assigneeId: nullable(id('Whose it is.')),
  messageId: nullable(id('The message that it is about.')),
  text: Type.String({ description: 'That message, cut at 100 characters; empty: none.' }),
  waitingSince: nullable(instant('Since when the customer waits.')),
})
export type Attention = Static<typeof Attention>

const question = line('As a customer would ask.', 500)
const answer = prose('What is answered.', 5000)
const keywords = Type.Array(line('Keyword.', 60), {
  maxItems: 50,
  uniqueItems: true,
  description: 'Words that hint at it.',
})
const alternativeQuestions = Type.Array(line('Alternative question.', 500), {
  maxItems: 50,
  uniqueItems: true,
  description: 'Alternative questions.',
})
const category = line('Category.', 100)
const confidenceThreshold = Type.Integer({
  minimum: 0,
  maximum: 100,
  description: 'Score from which it answers by itself; 70 unless given.',
})
const rank = Type.Integer({
  minimum: -1000,
  maximum: 1000,
  description: 'Of those above their threshold the highest answers, then the best score; 0 unless given.',
})
const count = (description: string) => Type.Integer({ minimum: 0, description })

export const Faq = shape({
  id: id('FAQ.'),
  question,
  answer,
  keywords,
  alternativeQuestions,
  category: nullable(category),
  confidenceThreshold,
  priority: rank,
  isActive: Type.Boolean({ description: 'Whether it is active.' }),
  usageCount: count('Times it answered.'),
  helpfulCount: count('How many were helpful.'),
  unhelpfulCount: count('How many were unhelpful.'),
  version: Type.Integer({ description: 'Its ETag.' }),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})
export type Faq = Static<typeof Faq>
export const FaqChange = shape({
  id: Faq.properties.id,
  version: Faq.properties.version,
  isDeleted: Type.Boolean({ description: 'Whether it is gone.' }),
})

const isActive = Type.Boolean({ description: 'True unless given.' })
export const NewFaq = shape({
  question,
  answer,
  keywords: Type.Optional(keywords),
  alternativeQuestions: Type.Optional(alternativeQuestions),
  category: Type.Optional(nullable(category)),
  confidenceThreshold: Type.Optional(confidenceThreshold),
  priority: Type.Optional(rank),
  isActive: Type.Optional(isActive),
})
export type NewFaq = Static<typeof NewFaq>
export const FaqPatch = Type.Partial(NewFaq, { additionalProperties: false, minProperties: 1 })
export type FaqPatch = Static<typeof FaqPatch>

export const FaqMatch = shape({
  faqId: id('FAQ.'),
  question,
  confidenceThreshold,
  priority: rank,
  score: Type.Number({ minimum: 0, maximum: 100, description: '100: this is the question.' }),
  why: opaque('What the score is made of.'),
  isSure: Type.Boolean({ description: 'Whether it may answer by itself.' }),
  outcome: choice(['answered', 'offered', 'left'], 'What the desk would do.'),
})

const OFFER_CHOICES = ['faq', 'something_else'] as const
export const FaqOffer = shape({
  messageId: id('Message.'),
  roomId: id('Where.'),
  text: Type.String({ description: 'Empty once deleted.' }),
  offered: Type.Array(shape({ faqId: id('FAQ.'), score: Type.Number({ description: 'Score.' }) }), {
    description: 'The best first.',
  }),
  choice: nullable(choice(OFFER_CHOICES, 'null: nothing.')),
  chosenFaqId: nullable(id('Which FAQ.')),
  at: instant('When it was offered.'),
})
export type FaqOffer = Static<typeof FaqOffer>

export const Suggestion = shape({
  text: Type.String({ description: 'As last asked.' }),
  askers: Type.Integer({ description: 'In how many rooms.' }),
  lastAskedAt: instant('When.'),
})
export type Suggestion = Static<typeof Suggestion>

const RESPONSE_TYPES = ['welcome', 'offline', 'busy', 'away', 'closing-soon', 'holiday', 'custom'] as const
const TRIGGER_EVENTS = ['user-joined', 'after-hours', 'no-staff-available', 'high-load', 'manual'] as const
export type TriggerEvent = (typeof TRIGGER_EVENTS)[number]

export const Conditions = Type.Partial(
  shape({
    dayOfWeek: Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: '0 is Sunday.',
    }),
    timeRange: shape(
      {
        start: timeOfDay('Start.'),
        end: timeOfDay('Exclusive; at or before the start: on the next day.'),
      },
      { description: 'In the organisation’s zone. One over midnight belongs to the day on which it starts.' },
    ),
    maxWaitTime: Type.Integer({
      minimum: 0,
      maximum: 86_400,
      description: 'Seconds; once somebody waits longer.',
    }),
    queueSize: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Once at least so many wait.' }),
  }),
  { additionalProperties: false },
)
export type Conditions = Static<typeof Conditions>

const Trigger = shape({
  event: choice(TRIGGER_EVENTS, 'Event.'),
  conditions: Type.Optional(Conditions),
})
type Trigger = Static<typeof Trigger>

/** What a customer may choose instead of typing. */
export const QuickReply = shape({
  text: line('On the button, and said when chosen.', 200),
  faqId: Type.Optional(id('Answers it; unless given, the one that fits the text.')),
  callStaff: Type.Optional(Type.Boolean({ description: 'Whether it calls the staff.' })),
})
export type QuickReply = Static<typeof QuickReply>

const message = prose('May hold {name}, {organisation}, {nextOpening} and {waitingTime}.', 5000)
const quickReplies = Type.Array(Type.Union([line('On the button.', 200), QuickReply]), {
  maxItems: 10,
  description: 'Texts, or what choosing them does.',
})
export const AutoResponse = shape({
  id: id('Automatic reply.'),
  name: line('Name.', 120),
  responseType: choice(RESPONSE_TYPES, 'What it is for.'),
  message,
  trigger: Trigger,
  quickReplies: Type.Array(QuickReply),
  isActive: Type.Boolean({ description: 'Whether it is active.' }),
  usageCount: count('Times it was sent.'),
  version: Type.Integer({ description: 'Its ETag.' }),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})
export type AutoResponse = Static<typeof AutoResponse>
export const NewAutoResponse = shape({
  name: line('Name.', 120),
  responseType: choice(RESPONSE_TYPES, 'What it is for.'),
  message,
  trigger: Trigger,
  quickReplies: Type.Optional(quickReplies),
  isActive: Type.Optional(isActive),
})
export type NewAutoResponse = Static<typeof NewAutoResponse>
export const AutoResponsePatch = Type.Partial(NewAutoResponse, {
  additionalProperties: false,
  minProperties: 1,
})
export type AutoResponsePatch = Static<typeof AutoResponsePatch>
