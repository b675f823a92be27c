// Fills an entry of the catalogue in: days, instants and money as people of the reader's language write them.

import { formatDay, formatInstant, formatMessage, formatMoney, type Money } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import { CATALOGUE, type NotificationType, type Parameters, type ParametersOf } from './catalogue.ts'
import type { Text } from './catalogue/entry.ts'

/** An entry in one language. */
export function wordsFor<T extends NotificationType>(
  type: T,
  reader: { locale: Locale; timezone: string },
  parameters: ParametersOf<T>,
): Text {
  const written = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, write(name, value, reader)]),
  )
  const text: Text = CATALOGUE[type][reader.locale]
  return {
    title: formatMessage(text.title, reader.locale, written),
    message: formatMessage(text.message, reader.locale, written),
  }
}

function write(name: string, value: unknown, reader: { locale: Locale; timezone: string }): string {
  if (value instanceof Date) return formatInstant(value, reader.locale, reader.timezone)
  if (isMoney(value)) return formatMoney(value, reader.locale)
  if (isLocalised(value)) return value[reader.locale]
  return name === 'date' ? formatDay(String(value), reader.locale) : String(value)
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'currency' in value
}

function isLocalised(value: unknown): value is Parameters['details'] {
  return typeof value === 'object' && value !== null && 'vi' in value
}
