// Shapes of an import: a line of a file, and what becomes of all of them.

import { choice, line, nullable, shape, Type, type Static } from '../../kit/declare/schema.ts'
import { ROLES } from '../../organisations/roles.ts'
import { LOCALES } from '../../organisations/schema.ts'
import { email, externalId, POSITION_LEVELS, USER_SEGMENTS } from '../../users/schema.ts'

export const IMPORT_FORMATS = ['text/csv', 'application/x-ndjson'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** What is not named stays as it is. */
export const ImportedPerson = Type.Partial(
  shape({
    externalId,
    email,
    fullName: line('Full name.'),
    role: choice(
      ROLES.filter((role) => role !== 'GUEST'),
      'EMPLOYEE for somebody new, unless given.',
    ),
    phone: nullable(Type.String({ maxLength: 40, description: 'As people write it.' })),
    userSegment: nullable(choice(USER_SEGMENTS, 'How they travel.')),
    positionLevel: choice(POSITION_LEVELS, 'STAFF for somebody new, unless given.'),
    manager: nullable(line('Address or external id of somebody of the organisation, or of this file.', 254)),
    department: nullable(line('Department.')),
    locale: nullable(choice(LOCALES, 'Language.')),
    isActive: Type.Boolean({ description: 'False: they left.' }),
  }),
  { additionalProperties: false },
)
export type ImportedPerson = Static<typeof ImportedPerson>
export const IMPORT_FIELDS = Object.keys(ImportedPerson.properties)

export const ImportProblem = shape({
  line: Type.Integer({ description: 'From 1.' }),
  field: nullable(Type.String({ description: 'Where it is about one field.' })),
  message: Type.String({ description: 'What is wrong.' }),
})
export type ImportProblem = Static<typeof ImportProblem>

const count = (description: string) => Type.Integer({ description })
export const ImportReport = shape({
  created: count('Created.'),
  changed: count('Changed.'),
  unchanged: count('Unchanged.'),
  invited: count('Of those created, by mail.'),
  isPreview: Type.Boolean({ description: 'Nothing was done: what would be.' }),
  problems: Type.Array(ImportProblem, { description: 'Of a preview, by line, at most 1000.' }),
})
export type ImportReport = Static<typeof ImportReport>
