// Days and instants as people of a language write them.

import { IntlMessageFormat } from 'intl-messageformat'

const TAGS: Readonly<Record<string, string>> = { vi: 'vi-VN', en: 'en-GB' }

/** In whose order names stand: PostgreSQL's collation of a language, for `order by … collate`. */
export function collationOf(locale: string | null | undefined): string {
  return locale === 'en' ? '"en-x-icu"' : '"vi-x-icu"'
}

/** @param day YYYY-MM-DD */
export function formatDay(day: string, locale: string): string {
  return new Intl.DateTimeFormat(TAGS[locale], { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

export function formatInstant(at: Date, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(TAGS[locale], { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    at,
  )
}

export interface Money {
  amount: number
  /** ISO 4217. */
  currency: string
}

export function formatMoney({ amount, currency }: Money, locale: string): string {
  return new Intl.NumberFormat(TAGS[locale], { style: 'currency', currency }).format(amount)
}

/** For many instants: to the second, and each in a microsecond. */
export function instantWriter(locale: string, timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat(TAGS[locale], { dateStyle: 'short', timeStyle: 'medium', timeZone })
  return (at) => format.format(at)
}

/** Parsed once: an export formats a million rows. Patterns come from our catalogues, so that there are some hundreds. */
const parsed = new Map<string, IntlMessageFormat>()

/** An ICU message in a language. What is put in stays as it is, tags and braces included. */
export function formatMessage(
  pattern: string,
  locale: string,
  parameters: Record<string, string | number>,
): string {
  const key = `${locale}|${pattern}`
  const format = parsed.get(key) ?? new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true })
  parsed.set(key, format)
  return String(format.format(parameters))
}
