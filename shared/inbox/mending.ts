// Typing errors: which known word was meant. Pure.
// Words within two errors share what is left of them with up to two letters taken out: looked up, never compared with all.

import { fold } from '../kit/fold.ts'
import { isSyllable, type Mend } from './words.ts'

/** Shorter words lie too close to one another. */
const ONE_ERROR = 4
const TWO_ERRORS = 8
const LONGEST = 24
const SWAPPED = 0.9
const PER_ERROR = 0.15

/** @param known tokens, or two with a space between that may be written as one; the first of those that are as near is meant */
export function menderOf(known: Iterable<string>): Mend {
  const [plain, accented, pairs] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const byRest = new Map<string, string[]>()
  for (const token of known) {
    const word = joined(token)
    const words = token.includes(' ') ? pairs : word === token ? plain : accented
    if (words.has(word)) continue
    words.add(word)
    if (word.length < ONE_ERROR - 1 || word.length > LONGEST) continue
    for (const rest of restsOf(word)) byRest.set(rest, [...(byRest.get(rest) ?? []), token])
  }
  return (token, isVietnamese) => {
    const word = fold(token)
    if (word === token ? plain.has(word) || (isVietnamese && accented.has(word)) : accented.has(word)) return undefined
    if (word.length < 3 || word.length > LONGEST || /\d/.test(word) || (isVietnamese && isSyllable(word))) return undefined
    const meant = nearest(word, new Set([...restsOf(word)].flatMap((rest) => byRest.get(rest) ?? []).filter((each) => isVietnamese && word !== token ? fold(each) !== each : isVietnamese || fold(each) === each)))
    return meant && { tokens: meant.token.split(' '), quality: meant.quality }
  }
}

const joined = (token: string): string => fold(token).replace(' ', '')

function nearest(word: string, candidates: Iterable<string>): { token: string; quality: number } | undefined {
  let best: { token: string; quality: number } | undefined
  for (const token of candidates) {
    const quality = likeness(word, joined(token))
    if (quality > (best?.quality ?? 0)) best = { token, quality }
  }
  return best
}

/** 0: another word. */
function likeness(one: string, other: string): number {
  if (one === other) return 1
  const errors = errorsBetween(one, other)
  const length = Math.max(one.length, other.length)
  if (errors > (length >= TWO_ERRORS ? 2 : length >= ONE_ERROR ? 1 : 0)) return isSwapped(one, other) ? SWAPPED : 0
  return isSwapped(one, other) ? SWAPPED : 1 - PER_ERROR * errors
}

const isSwapped = (one: string, other: string): boolean =>
  one.length === other.length && errorsBetween(one, other) === 1 && [...one].toSorted().join('') === [...other].toSorted().join('')

/** With up to two letters taken out, of short words one. */
function restsOf(word: string): Set<string> {
  const once = withoutOne(word)
  return new Set([word, ...once, ...(word.length >= TWO_ERRORS - 1 ? once.flatMap(withoutOne) : [])])
}

const withoutOne = (word: string): string[] => Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))

/** Letters put in, left out, mistaken, or two neighbours swapped (optimal string alignment). */
function errorsBetween(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= one.length; row++) {
    const next = [row]
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1]
      let errors = Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (isSame ? 0 : 1))
      if (one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) errors = Math.min(errors, (before[at - 2] ?? 0) + 1)
      next.push(errors)
    }
    ;[before, last] = [last, next]
  }
  return last[other.length] ?? 0
}
