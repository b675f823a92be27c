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
      description:
        'What it is, such as INVOICE; rules of the approval policy can look at it. BOOKING is ours.',
    }),
    id: line('What it is called where it comes from. It waits for one decision at a time.'),
    title: line('What it is, in words.'),
    fields: Type.Optional(
      Type.Array(shape({ label: line('What it says.', 100), value: prose('As people write it.', 1000) }), {
        maxItems: 30,
        description: 'All that a decision needs.',
      }),
    ),
    url: Type.Optional(webAddress('Where it can be looked at.')),
    amount: Type.Optional(Type.Number({ description: 'For rules that look at the amount.' })),
  }),
  requester: Type.Optional({
    ...PersonNamed,
    description: 'Who needs it, by one of the two. A program has to say; a person asks for themselves.',
  }),
  policy: Type.Optional(
    line(
      'For programs: the name of the rule of the approval policy that holds, whatever its conditions.',
      100,
    ),
  ),
})
export type ApprovalRequest = Static<typeof ApprovalRequest>

export const ApprovalSimulation = shape({
  ...ApprovalRequest.properties,
  at: Type.Optional(instantGiven('The moment of asking; now unless given.')),
})
export type ApprovalSimulation = Static<typeof ApprovalSimulation>
export const SimulatedApproval = shape({
  ...SimulatedPlan.properties,
  status: choice([...APPROVAL_STATUSES, 'REFUSED'], 'How it would begin; REFUSED: it would not be taken.'),
})
export type SimulatedApproval = Static<typeof SimulatedApproval>

const text = (description: string) => prose(description, 1000)
export const AskedBack = shape({ question: text('What the requester is asked.') })
export const Answer = shape({ answer: text('What they say to it.') })
export const ApprovalComment = shape({ text: text('What there is to say.') })
export const ApprovalWithdrawal = shape({ notes: Type.Optional(note('Why.')) })

export const Reassignment = shape({
  toId: id('Who decides instead.'),
  fromId: Type.Optional(id('In whose place; has to be said where several are asked.')),
  reason: text('Why.'),
})
export type Reassignment = Static<typeof Reassignment>

export const ManyDecisions = shape({
  decisions: Type.Array(
    shape({
      id: id('Approval.'),
      decision: choice(DECISIONS, 'What is decided.'),
      version: Type.Optional(
        Type.Integer({ description: 'Of the approval as it was seen; of another 412.' }),
      ),
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
        description: 'As if it had been decided alone: 201, 400, 403, 404, 409 or 412.',
      }),
      approval: nullable(Approval),
      problem: nullable(
        shape({
          code: Type.String({ description: 'Of the problem.' }),
          detail: Type.String({ description: 'Why it was not taken.' }),
        }),
      ),
    }),
    { description: 'An answer to each, in their order.' },
  ),
})
export type DecisionsTaken = Static<typeof DecisionsTaken>
