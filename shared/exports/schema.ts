// Shapes of exports: what of the audit is exported, in which form.

import { AUDIT_SCOPES, AuditFilter, type KeptRow } from '../audit/schema.ts'
import { choice, id, instant, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { DAY } from '../kit/time/time.ts'

const EXPORT_FORMATS = ['pdf', 'csv', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
const STATUSES = ['PENDING', 'RUNNING', 'DONE', 'FAILED'] as const

/** How long what was made can be fetched. */
export const LINK_LIFE = DAY

const format = choice(EXPORT_FORMATS, 'pdf unless given.')

export const ExportQuery = shape({ format: Type.Optional(format), ...AuditFilter.properties })
export type ExportQuery = Static<typeof ExportQuery>

const scope = choice(AUDIT_SCOPES, 'chat: what happened in chat rooms.')

export const ExportRequest = shape({ scope: Type.Optional(scope), ...ExportQuery.properties })
export type ExportRequest = Static<typeof ExportRequest>

export const Export = shape({
  id: id('Export.'),
  scope,
  format,
  filter: AuditFilter,
  status: choice(
    STATUSES,
    "DONE: to be fetched. FAILED: POST …/retry begins it again. An organisation's are written one at a time.",
  ),
  percent: Type.Integer({ minimum: 0, maximum: 100, description: 'Percent.' }),
  reason: nullable(Type.String({ description: 'Why it failed.' })),
  size: nullable(Type.Integer({ description: 'Bytes.' })),
  createdAt: instant('When it was asked for.'),
  expiresAt: nullable(instant('Until when it can be fetched or retried.')),
  url: nullable(Type.String({ description: 'Without an access token; good until expiresAt.' })),
})
export type Export = Static<typeof Export>

export interface ExportRow extends Omit<Export, 'url'> {
  orgId: string
  askerId: string
  storageKey: string
  sha256: string | null
  jobId: string | null
  /** Until when whoever writes it has it to themselves. */
  claimedUntil: Date | null
}

/** A row as it is written: its description and the name of who did it are made as they are read; what was sealed stands beside. */
export type NamedRow = KeptRow & { actor: string | null; sealedDescription: string }

/** What stands above the rows. */
export interface ExportHeading {
  organisation: string
  locale: 'vi' | 'en'
  timezone: string
  at: Date
  scope: ExportRow['scope']
  filter: AuditFilter
}
