// Typing errors: which known word was meant. Pure.
// Words within two errors share what is left of their first letters with up to two taken out (SymSpell): looked up, never compared
// with all. Few letters at the front are enough, and keep what is stored for one word small however long it is.

import { foldText } from '../../kit/text/fold.ts'
import { isSyllable, KNOWN_TOKENS, type WordCorrection } from './words.ts'

/** Shorter words lie too close to one another. */
const ONE_ERROR = 4
const TWO_ERRORS = 8
const LONGEST = 24
const SWAPPED = 0.9
const PER_ERROR = 0.15
const FRONT = 7
/** More than any business has; what comes after them is known, but no error is mended to it. */
const MAX_WORDS = 20_000
/** Many more than any language has so near to one word. */
const MAX_COMPARED = 128

/** Known tokens, or two with a space between that may be written as one, by what may be left of them. */
export class KnownWords {
  readonly #plain = new Set<string>()
  readonly #accented = new Set<string>()
  readonly #pairs = new Set<string>()
  readonly #tokens: string[] = []
  /** By the hash of a rest the newest entry; each leads to the one before it. */
  readonly #newest = new Map<number, number>()
  readonly #entries: { token: number; before: number | undefined }[] = []

  /** Of what is stored to find them by. */
  get size(): number {
    return this.#entries.length
  }

  add(token: string): void {
    const word = joined(token)
    const words = token.includes(' ') ? this.#pairs : word === token ? this.#plain : this.#accented
    if (words.has(word)) return
    words.add(word)
    if (word.length < ONE_ERROR - 1 || word.length > LONGEST || this.#tokens.length >= MAX_WORDS) return
    const at = this.#tokens.push(token) - 1
    for (const rest of restsOf(word)) {
      const hash = hashOf(rest)
      this.#newest.set(hash, this.#entries.push({ token: at, before: this.#newest.get(hash) }) - 1)
    }
  }

  /** As it stands; without accents, where there are any, it may be another word. */
  has(token: string, isVietnamese: boolean): boolean {
    const word = foldText(token)
    return word === token
      ? this.#plain.has(word) || (isVietnamese && this.#accented.has(word))
      : this.#accented.has(word)
  }

  /** Tokens that may have this rest, the earliest first; two of the same hash may have others. */
  having(rest: string): string[] {
    const found: string[] = []
    for (let at = this.#newest.get(hashOf(rest)); at !== undefined && found.length < MAX_COMPARED;) {
      const entry = this.#entries[at]
      found.push(this.#tokens[entry?.token ?? -1] ?? '')
      at = entry?.before
    }
    return found.toReversed()
  }
}

/** Tokens that may be near: those of which least is left out first. */
function near(word: string, vocabularies: readonly KnownWords[]): string[] {
  return [
    ...new Set([...restsOf(word)].flatMap((rest) => vocabularies.flatMap((each) => each.having(rest)))),
  ].slice(0, MAX_COMPARED)
}

/** @param own the words of the FAQs; of those that are as near the first is meant, theirs before others */
export function spellCorrectorOf(own: KnownWords): WordCorrection {
  return (token, isVietnamese) => {
    const word = foldText(token)
    if (own.has(token, isVietnamese) || general.has(token, isVietnamese)) return undefined
    if (word.length < 3 || word.length > LONGEST || /\d/.test(word) || (isVietnamese && isSyllable(word)))
      return undefined
    const isFitting = (each: string): boolean =>
      isVietnamese && word !== token ? foldText(each) !== each : isVietnamese || foldText(each) === each
    const meant = nearest(word, near(word, [own, general]).filter(isFitting))
    return meant && { tokens: meant.token.split(' '), quality: meant.quality }
  }
}

const joined = (token: string): string => foldText(token).replace(' ', '')

/** FNV-1a, of 30 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 2
}

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
  const length = Math.max(one.length, other.length)
  const most = length >= TWO_ERRORS ? 2 : length >= ONE_ERROR ? 1 : 0
  if (Math.abs(one.length - other.length) > most) return 0
  const errors = errorsBetween(one, other)
  if (errors === 1 && isSameLetters(one, other)) return SWAPPED
  return errors > most ? 0 : 1 - PER_ERROR * errors
}

const isSameLetters = (one: string, other: string): boolean =>
  one.length === other.length && [...one].toSorted().join('') === [...other].toSorted().join('')

/** Of the front with up to two letters taken out, of short words one. */
function restsOf(word: string): Set<string> {
  const front = word.slice(0, FRONT)
  const once = withoutOne(front)
  return new Set([front, ...once, ...(word.length >= TWO_ERRORS - 1 ? once.flatMap(withoutOne) : [])])
}

const withoutOne = (word: string): string[] =>
  Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))

/** Letters put in, left out, mistaken, or two neighbours swapped (optimal string alignment). */
function errorsBetween(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= one.length; row++) {
    const next = [row]
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1]
      let errors = Math.min(
        (last[at] ?? 0) + 1,
        (next[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (isSame ? 0 : 1),
      )
      if (one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1])
        errors = Math.min(errors, (before[at - 2] ?? 0) + 1)
      next.push(errors)
    }
    ;[before, last] = [last, next]
  }
  return last[other.length] ?? 0
}

/** Of the languages, for every organisation. */
const general = new KnownWords()
for (const token of KNOWN_TOKENS) general.add(token)
