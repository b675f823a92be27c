// What people and programs send about approvals, beside deciding on one.

import {
  choice,
  id,
  instantGiven,
  line,
  note,
  nullable,
  prose,
  shape,
  Type,
  webAddress,
  type Static,
} from '../../kit/declare/schema.ts'
import { externalId } from '../../users/schema.ts'
import { Approval, APPROVAL_STATUSES, DECISIONS, SimulatedPlan } from '../schema.ts'

const PersonNamed = shape({
  id: Type.Optional(id('Person.')),
  externalId: Type.Optional(externalId),
})

export const ApprovalRequest = shape({
  subject: shape({
    type: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]*$',
      maxLength: 60,
      description: 'Such as INVOICE, for rules of the approval policy. BOOKING is ours.',
    }),
    id: line('Its id in that program; waits for one decision at a time.'),
    title: line('Title.'),
    fields: Type.Optional(
      Type.Array(shape({ label: line('Label.', 100), value: prose('As people write it.', 1000) }), {
        maxItems: 30,
        description: 'What a decision needs.',
      }),
    ),
    url: Type.Optional(webAddress('Address.')),
    amount: Type.Optional(Type.Number({ description: 'For rules that look at the amount.' })),
  }),
  requester: Type.Optional({
    ...PersonNamed,
    description: 'By one of the two. Programs must say; a person asks for themselves.',
  }),
  policy: Type.Optional(
    line("For programs: name of the policy's rule that holds, whatever its conditions.", 100),
  ),
})
export type ApprovalRequest = Static<typeof ApprovalRequest>

export const ApprovalSimulation = shape({
  ...ApprovalRequest.properties,
  at: Type.Optional(instantGiven('When it is asked; now unless given.')),
})
export type ApprovalSimulation = Static<typeof ApprovalSimulation>
export const SimulatedApproval = shape({
  ...SimulatedPlan.properties,
  status: choice([...APPROVAL_STATUSES, 'REFUSED'], 'As it would begin; REFUSED: not taken.'),
})
export type SimulatedApproval = Static<typeof SimulatedApproval>

const text = (description: string) => prose(description, 1000)
export const AskedBack = shape({ question: text('Question.') })
export const Answer = shape({ answer: text('Answer.') })
export const ApprovalComment = shape({ text: text('Text.') })
export const ApprovalWithdrawal = shape({ notes: Type.Optional(note('Why.')) })

export const Reassignment = shape({
  toId: id('Who decides instead.'),
  fromId: Type.Optional(id('In whose place; needed where several are asked.')),
  reason: text('Why.'),
})
export type Reassignment = Static<typeof Reassignment>

export const ManyDecisions = shape({
  decisions: Type.Array(
    shape({
      id: id('Approval.'),
      decision: choice(DECISIONS, 'Decision.'),
      version: Type.Optional(Type.Integer({ description: 'As seen; of another 412.' })),
      notes: Type.Optional(note('Shown to the requester.')),
    }),
    { minItems: 1, maxItems: 50, description: 'Each stands or falls by itself.' },
  ),
})
export type ManyDecisions = Static<typeof ManyDecisions>

export const DecisionsTaken = shape({
  results: Type.Array(
    shape({
      id: id('Approval.'),
      status: Type.Integer({
        description: 'As if decided alone: 201, 400, 403, 404, 409 or 412.',
      }),
      approval: nullable(Approval),
      problem: nullable(
        shape({
          code: Type.String({ description: 'Of the problem.' }),
          detail: Type.String({ description: 'Detail of the problem.' }),
        }),
      ),
    }),
    { description: 'In their order.' },
  ),
})
export type DecisionsTaken = Static<typeof DecisionsTaken>
