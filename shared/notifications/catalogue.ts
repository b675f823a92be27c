// The one message catalogue: every type of notification in every language (ICU MessageFormat).
// The compiler refuses a type or a language that is missing; a test formats each entry with its own parameters.

import type { Money } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import { APPROVALS_CATALOGUE } from './catalogue/approvals.ts'
import { BOOKINGS_CATALOGUE } from './catalogue/bookings.ts'
import { CONVERSATIONS_CATALOGUE } from './catalogue/conversations.ts'
import { SUPPORT_CATALOGUE } from './catalogue/support.ts'
import { BUSINESS_CATALOGUE } from './catalogue/business.ts'
import type { CatalogueEntry, Text } from './catalogue/entry.ts'
import type { Deed } from './schema.ts'

export const CATALOGUE = {
  ...APPROVALS_CATALOGUE,
  ...BOOKINGS_CATALOGUE,
  ...CONVERSATIONS_CATALOGUE,
  ...SUPPORT_CATALOGUE,
  ...BUSINESS_CATALOGUE,
} as const satisfies Record<string, CatalogueEntry>

export type NotificationType = keyof typeof CATALOGUE

/** What a text may speak of. Days and instants come as they are and are written in the reader's language and zone. */
export interface Parameters {
  requester: string
  approver: string
  code: string
  /** YYYY-MM-DD */
  date: string
  /** HH:mm */
  time: string
  deadline: Date
  /** Written in every language by whoever knows what it is about. */
  details: Readonly<Record<Locale, string>>
  number: string
  outcome: string
  decidedBy: string
  reason: string
  resource: string
  driver: string
  sender: string
  customer: string
  text: string
  kind: string
  subject: string
  before: string
  after: string
  amount: Money
  address: string
}

/** The parameters of an entry, read by the compiler from its English text. */
type Named<S extends string> = S extends `${string}{${infer Rest}` ? Word<Rest> | Named<Rest> : never
type Word<S extends string> = S extends `${infer Name}}${string}`
  ? Name extends `${infer First},${string}`
    ? First
    : Name
  : never
export type ParametersOf<T extends NotificationType> = Pick<
  Parameters,
  Extract<Named<(typeof CATALOGUE)[T]['en'][keyof Text]>, keyof Parameters>
>

/** @returns what a notification of this type asks for; null: it only tells. @throws Error on deeds of another kind, or none */
export function deedsOf(type: NotificationType, asked: readonly Deed[] = []): readonly Deed[] | null {
  const { settledBy = [] }: CatalogueEntry = CATALOGUE[type]
  const isFitting = asked.every((deed) => settledBy.some((kind) => deed.startsWith(`${kind}:`)))
  if (!isFitting || (asked.length === 0) !== (settledBy.length === 0))
    throw new Error(
      `${type} is settled by ${settledBy.join(' or ') || 'nothing'}, not by ${asked.join(', ') || 'nothing'}`,
    )
  return asked.length > 0 ? asked : null
}
