// A description that only says names over again (the `name` of a room: "Name.", its `updatedAt`: "When it last changed.") is left
// out of the document: whoever reads it has read the names of the field and of what it is in. What some names mean, the
// document says once.

import { BETWEEN, DATA } from './repeated-schemas.ts'

/** Part of a name → what it says as well. */
const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  action: ['happened'],
  at: ['happened'],
  booking: ['trip'],
  count: ['many'],
  created: ['made'],
  email: ['e', 'mail'],
  expires: ['until', 'good', 'deadline'],
  faqs: ['faq'],
  ip: ['address'],
  kind: ['type'],
  name: ['call', 'organisation', 'people'],
  org: ['organisation', 'slug'],
  permissions: ['role'],
  reason: ['why', 'failed', 'skipped'],
  requester: ['person'],
  revoked: ['taken', 'back'],
  roles: ['role'],
  rotated: ['last', 'renewed'],
  responded: ['decided'],
  starts: ['begins'],
  status: ['state', 'stands'],
  support: ['ticket'],
  type: ['kind'],
  updated: ['last', 'changed'],
  url: ['address'],
  user: ['person', 'people'],
  version: ['counts', 'changes', 'e', 'tag'],
}

export const MEANINGS_OF_NAMES =
  '`createdAt` is when a thing was made, `updatedAt` when it last changed; `version` counts its changes and is its ETag. '

const SMALL_WORDS: ReadonlySet<string> = new Set(
  (
    'a an are at be been by for from has have how in is it its many of on one only or since that the their there these ' +
    'they this those to until was were what when where whether which who whom whose'
  ).split(' '),
)

/** @param way the names that lead to it @returns the same without descriptions that say no more than those */
export function withoutEmptyDescriptions<T>(value: T, way: readonly string[] = []): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withoutEmptyDescriptions(each, way)) as T
  const said = Object.entries(value).filter(
    ([key, each]) =>
      !(key === 'description' && typeof each === 'string' && isOptional(value) && isEmpty(each, way, value)),
  )
  return Object.fromEntries(
    said.map(([key, each]) => [
      key,
      DATA.has(key) ? each : withoutEmptyDescriptions(each, BETWEEN.has(key) ? way : [...way, key]),
    ]),
  ) as T
}

/** Answers and headers need theirs. */
const isOptional = (value: object): boolean => ['type', 'enum', 'anyOf', 'in'].some((key) => key in value)

function isEmpty(description: string, way: readonly string[], value: object): boolean {
  const names = [...way.slice(-2), 'in' in value && 'name' in value ? String(value.name) : '']
  const known = names.flatMap(wordsOf).flatMap((word) => [word, ...(MEANINGS[word] ?? [])])
  const roots = new Set(known.map(rootOf))
  return wordsOf(description).every((word) => SMALL_WORDS.has(word) || roots.has(rootOf(word)))
}

const wordsOf = (text: string): string[] =>
  (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z’']+|\d+/g) ?? []).map((word) => word.toLowerCase())

/** booking, of bookings; cancell, of cancelled. */
const rootOf = (word: string): string => (word.length > 3 ? word.replace(/(s|ed)$/, '') : word)
