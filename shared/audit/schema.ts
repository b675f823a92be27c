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
  actorId: nullable(id('null: the system, as at an expiry, or a program in its own name.')),
  onBehalfOf: nullable(id('On whose behalf.')),
  action: line('noun_past, e.g. booking_created.'),
  entity: line('booking, message, user, …'),
  entityId: nullable(id('Entity.')),
  description: Type.String({
    description:
      "A sentence in the reader's language; as metadata and requestId empty once a person in it was erased.",
  }),
  metadata: opaque('Ids and figures; keyId: a program asked.'),
  requestId: Type.String({ description: 'As in X-Request-Id.' }),
  ip: nullable(Type.String({ description: 'Address.' })),
})
export type AuditRow = Static<typeof AuditRow>

export const AuditFilter = Type.Partial(
  shape({
    action: line('E.g. login.'),
    entity: line('E.g. booking.'),
    actorId: id('Actor.'),
    roomId: id('Room.'),
    from: instantGiven('From this instant on.'),
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
  rows: Type.Integer({ description: 'Rows, from the first, that are as sealed.' }),
  next: nullableNumber('Ask on after this; null: all was looked at, or a flaw found.'),
  flaw: nullable(
    shape({
      n: nullableNumber('Place in the chain; null: the row has none.'),
      id: nullableNumber('Row; null: unknown.'),
      what: line('What is wrong.'),
    }),
  ),
  head: nullable(
    shape({
      n: Type.Integer({ description: "Of this part's last row." }),
      hash: Type.String({ description: 'Kept elsewhere, it proves later that the end was not cut off.' }),
    }),
  ),
  waiting: nullableNumber('Rows not sealed yet; null: counted with the last part.'),
})
export type AuditVerdict = Static<typeof AuditVerdict>
