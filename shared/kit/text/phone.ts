// Telephone numbers: one spelling, E.164, for however somebody types them.

import { getTimezone } from 'countries-and-timezones'
import {
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'
import { foldCase } from './fold.ts'

/** What stands in a number beside its digits, as people write it. */
export const PHONE_AS_TYPED = String.raw`^[\p{Nd}\p{Zs}+＋().\-‐-―－/]{6,40}$`

/** A local number is one of the country that most people of the time zone live in. @returns undefined for what is no number */
export function toE164(typed: string, timeZone: string): string | undefined {
  const country = getTimezone(timeZone)?.countries[0]
  const international = foldCase(typed)
    .trim()
    .replace(/^00(?=[1-9])/, '+')
  const parsed = parsePhoneNumberFromString(
    international,
    country && isSupportedCountry(country) ? country : undefined,
  )
  return parsed?.isPossible() && !parsed.ext ? parsed.number : undefined
}

/** A part of a number as somebody types it to find it, for `like`. @returns null for what is none */
export function phonePatternOf(typed: string): string | null {
  const digits = foldCase(typed).replace('(0)', '').replaceAll(/\D/g, '').replace(/^0+/, '')
  return new RegExp(PHONE_AS_TYPED.replace('{6,40}', '+'), 'u').test(typed) && digits.length >= 3
    ? `%${digits}%`
    : null
}

/** Every number that this may be, where nobody knows in which country it was typed. */
export function possibleNumbers(typed: string): string[] {
  const [digits, isInternational] = [
    foldCase(typed).replaceAll(/\D/g, ''),
    /^\s*(\+|00)/.test(foldCase(typed)),
  ]
  if (digits.length < 6 || digits.length > 17 || /\p{L}|@/u.test(typed)) return []
  if (isInternational) return [toE164(typed, 'UTC') ?? `+${digits}`]
  const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))]
  return [
    `+${digits}`,
    ...codes.flatMap((code) =>
      [...new Set([digits, digits.replace(/^0+/, '')])].map((national) => `+${code}${national}`),
    ),
  ]
}
