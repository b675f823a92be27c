// What happened to an approval.

import { choice, instant, note, nullable, shape, Type, type Static } from '../../kit/declare/schema.ts'
import { PersonBrief } from '../../users/schema.ts'

const HISTORY_ACTIONS = [
  'asked',
  'informed',
  'reminded',
  'approved',
  'rejected',
  'step_expired',
  'expired',
  'escalated',
  'moved',
  'reassigned',
  'question',
  'answer',
  'comment',
  'withdrawn',
  'approved_by_policy',
  'rejected_by_policy',
] as const
export type HistoryAction = (typeof HISTORY_ACTIONS)[number]

export const ApprovalEntry = shape({
  at: instant('When.'),
  action: choice(HISTORY_ACTIONS, 'What happened.'),
  person: nullable(PersonBrief),
  onBehalfOf: nullable(PersonBrief),
  people: Type.Array(PersonBrief, {
    description: 'Who is asked, reminded, told, or no longer asked (moved, reassigned).',
  }),
  notes: nullable(note('Notes.')),
})
export type ApprovalEntry = Static<typeof ApprovalEntry>
