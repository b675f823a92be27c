// Shapes of the audit: what happened, and what is asked of it.

import {
  id,
  instant,
  instantGiven,
  line,
  nullable,
  opaque,
  shape,
  Type,
  type Static,
} from '../kit/declare/schema.ts'

export const AuditRow = shape({
  id: Type.Integer({ description: 'Grows with time, with gaps.' }),
  at: instant('When it happened.'),
  actorId: nullable(
    id('Who did it; null: the system itself, as at an expiry, or a program in its own name.'),
  ),
  onBehalfOf: nullable(id('In whose place it was done.')),
  action: line('What was done: noun_past, e.g. booking_created.'),
  entity: line('What it was done to: booking, message, user, …'),
  entityId: nullable(id('Which of them.')),
  description: Type.String({
    description: 'A sentence in the language of whoever reads it; empty once a person in it was erased.',
  }),
  metadata: opaque(
    'Ids and figures, `keyId` among them where a program asked; empty once a person in it was erased.',
  ),
  requestId: Type.String({ description: 'As in X-Request-Id; empty once a person in it was erased.' }),
  ip: nullable(Type.String({ description: 'Address that it came from.' })),
})
export type AuditRow = Static<typeof AuditRow>

export const AuditFilter = Type.Partial(
  shape({
    action: line('Only this, e.g. login.'),
    entity: line('Only what was done to these, e.g. booking.'),
    actorId: id('Only what this person did.'),
    roomId: id('Only what happened in this chat room.'),
    from: instantGiven('Not before this instant.'),
    to: instantGiven('Before this instant.'),
  }),
  { additionalProperties: false },
)
export type AuditFilter = Static<typeof AuditFilter>

/** Of the whole audit, or of what happened in chat rooms. */
export const AUDIT_SCOPES = ['all', 'chat'] as const
export type AuditScope = (typeof AUDIT_SCOPES)[number]

/** A row's place in the chain of its organisation (chain.ts). Digests are hexadecimal. */
export interface Seal {
  n: number
  commitment: string
  previousHash: string
  hash: string
}

/** A row as it is kept: its description is empty where SENTENCES have one for its action, and once it was erased, by the row `erasedBy`. */
export interface StoredRow extends AuditRow {
  erasedBy: number | null
}

/** A row with all that its seal is made of. */
export interface SealableRow extends StoredRow {
  orgId: string
  /** Null once a person in it was erased. */
  salt: string | null
}

/** A row with its seal, as far as it is sealed. */
export type KeptRow = SealableRow & { [K in keyof Seal]: Seal[K] | null }

/** What an admin's screen is told, and what an outside witness keeps: with `n` and `hash` of its seal. */
export const AuditRecorded = shape({
  ...AuditRow.properties,
  n: Type.Integer({ description: 'Place in the chain of the organisation: 1, 2, 3…' }),
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'Of its seal. Whoever keeps it can prove later what came before.',
  }),
})

const nullableNumber = (description: string) => nullable(Type.Integer({ description }))

export const AuditVerdict = shape({
  rows: Type.Integer({ description: 'Rows of the chain, from its first, that are as they were sealed.' }),
  next: nullableNumber('Ask on after this; null: all of it was looked at, or a flaw was found.'),
  flaw: nullable(
    shape({
      n: nullableNumber('Place in the chain; null: the row has none.'),
      id: nullableNumber('Row of the audit; null: which is not known.'),
      what: line('What is wrong there.'),
    }),
  ),
  head: nullable(
    shape({
      n: Type.Integer({ description: 'Place of the last row of this part.' }),
      hash: Type.String({ description: 'Keep it elsewhere: it proves later that the end was not cut off.' }),
    }),
  ),
  waiting: nullableNumber('Rows that are not sealed yet; null: not counted before the last part.'),
})
export type AuditVerdict = Static<typeof AuditVerdict>
