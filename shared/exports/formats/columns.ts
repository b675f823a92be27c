// The columns of csv and json. Enough of each row for its seal to be verified by whoever has the file and nothing else.

import type { NamedRow } from '../schema.ts'

export const COLUMNS = [
  'n',
  'id',
  'at',
  'actor',
  'actorId',
  'onBehalfOf',
  'action',
  'entity',
  'entityId',
  'description',
  'metadata',
  'requestId',
  'ip',
  'sealedDescription',
  'orgId',
  'salt',
  'erasedBy',
  'commitment',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof NamedRow)[]

export type Column = (typeof COLUMNS)[number]
