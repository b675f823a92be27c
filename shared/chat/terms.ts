// What a message is found by. Pure.
// Every term begins with its room, so that a search reads what was said in the rooms it looks into and nothing else,
// however often a word was said elsewhere: in a million messages a common word stands in hundreds of thousands. Whoever is
// in many rooms would ask as many times: hence each word stands under its organisation, too, and each message under its day, so
// that the index lists the newest without listing all.

import { foldText, foldCase, gramsOf, isUnspaced, piecesOf, wordsOf } from '../kit/text/fold.ts'

/** Longer words are found by their beginning. An entry of the index takes 2 KB; nobody types so much. */
const WORD_LENGTH = 50
const EXACT = '='
const FOLDED = '~'
/** Before the organisation's digits. */
const IN_ORGANISATION = '#'
/** Before these and a day. */
const ON_DAY = '@'

/** Six digits of the id: two rooms may share them, hence a search asks for the room itself, too. */
const prefixOf = (id: string): string => id.slice(0, 6)

const inOrganisation = (orgId: string): string => `${IN_ORGANISATION}${prefixOf(orgId)}`

const cut = (word: string): string => [...word].slice(0, WORD_LENGTH).join('')
/** Words as they are listed; of those that stand without spaces each piece of three letters. */
const unitsOf = (folded: string): string[] =>
  wordsOf(folded).flatMap((word) => (isUnspaced(word) ? gramsOf(word) : [cut(word)]))

/** @param at any instant of that day, in UTC */
const onDay = (orgId: string, at: Date): string =>
  `${ON_DAY}${prefixOf(orgId)}${at.toISOString().slice(0, 10)}`

/**
 * Each word as it is written; and where that has accents, without them. Under the room, and under the organisation with its day where
 * these are given: else PostgreSQL adds those (migration 0093), which takes longer than whoever posts should wait.
 */
export function termsOf(roomId: string, content: string, listed?: { orgId: string; at: Date }): string[] {
  const exact = new Set(unitsOf(foldCase(content)))
  const folded = new Set(unitsOf(foldText(content)).filter((unit) => !exact.has(unit)))
  const units = [
    ...[...exact].map((unit) => `${EXACT}${unit}`),
    ...[...folded].map((unit) => `${FOLDED}${unit}`),
  ]
  if (units.length === 0) return []
  const prefixes = [prefixOf(roomId), ...(listed ? [inOrganisation(listed.orgId)] : [])]
  const words = prefixes.flatMap((prefix) => units.map((unit) => `${prefix}${unit}`))
  return listed ? [...words, onDay(listed.orgId, listed.at)] : words
}

/** What somebody looks for: all of these words. The last one may still be growing. */
export interface SearchTerms {
  words: readonly string[]
  isLastWhole: boolean
}

/** More words only make what they find less. */
const MAX_WORDS = 12

/** A word is whole once something stands behind it. */
export function searchTermsIn(text: string): SearchTerms {
  const written = foldCase(text)
  const words = wordsOf(written).filter((word) => foldText(word) !== '')
  return {
    words: words.slice(0, MAX_WORDS),
    isLastWhole: words.length > MAX_WORDS || piecesOf(written).at(-1)?.isWord === false,
  }
}

/** Only some of the words, by their places. */
export function someOf({ words, isLastWhole }: SearchTerms, places: readonly number[]): SearchTerms {
  return {
    words: words.filter((_, at) => places.includes(at)),
    isLastWhole: isLastWhole || !places.includes(words.length - 1),
  }
}

export interface Queries {
  exact: string
  loose: string
}

/** The same question twice, as PostgreSQL's tsquery: with the accents as given, and with any. */
export function queriesOf(roomId: string, sought: SearchTerms): Queries {
  return queriesUnder(prefixOf(roomId), sought)
}

/** Of all rooms of an organisation at once. */
export function queriesIn(orgId: string, sought: SearchTerms): Queries {
  return queriesUnder(inOrganisation(orgId), sought)
}

/** What was said on that day. */
export function dayOf(orgId: string, day: Date): string {
  return `'${onDay(orgId, day)}'`
}

function queriesUnder(prefix: string, sought: SearchTerms): Queries {
  return {
    exact: queryOf(
      sought,
      (word) => word,
      (unit, rest) => `'${prefix}${EXACT}${unit}'${rest}`,
    ),
    loose: queryOf(
      sought,
      foldText,
      (unit, rest) => `('${prefix}${FOLDED}${unit}'${rest} | '${prefix}${EXACT}${unit}'${rest})`,
    ),
  }
}

function queryOf(
  { words, isLastWhole }: SearchTerms,
  written: (word: string) => string,
  ask: (unit: string, rest: string) => string,
): string {
  return words
    .flatMap((word, at) =>
      asked(written(word), at === words.length - 1 && !isLastWhole).map(({ unit, rest }) => ask(unit, rest)),
    )
    .join(' & ')
}

/** So many pieces of a run without spaces tell it from others. */
const MAX_GRAMS = 20
const PREFIX = ':*'

function asked(word: string, isGrowing: boolean): { unit: string; rest: string }[] {
  if (!isUnspaced(word)) return [{ unit: cut(word), rest: isGrowing ? PREFIX : '' }]
  const [first = '', ...more] = gramsOf(word)
  const whole = [first, ...more].filter((gram) => [...gram].length === [...first].length)
  // One or two letters are the beginning of a piece, wherever they stand.
  return [...word].length < 3
    ? [{ unit: first, rest: PREFIX }]
    : whole.slice(0, MAX_GRAMS).map((unit) => ({ unit, rest: '' }))
}

interface TermPart {
  text: string
  isMatch: boolean
}

/** The text in parts, those that are looked for marked: no markup that a client would have to trust. */
export function partsOf(content: string, { words, isLastWhole }: SearchTerms): TermPart[] {
  const folded = words.map(foldText)
  const last = isLastWhole ? undefined : folded.at(-1)
  const isSought = (word: string): boolean =>
    folded.includes(word) || (last !== undefined && word.startsWith(last))
  const parts: TermPart[] = []
  for (const { text, isWord } of piecesOf(content)) {
    for (const part of isUnspaced(text)
      ? partsOfRun(text, folded.filter(isUnspaced))
      : [{ text, isMatch: isWord && isSought(foldText(text)) }]) {
      const before = parts.at(-1)
      if (before && before.isMatch === part.isMatch) before.text += part.text
      else parts.push(part)
    }
  }
  return parts
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Letter by letter, as people see them: one is marked where any of it was looked for. */
function partsOfRun(run: string, sought: readonly string[]): TermPart[] {
  const letters = Array.from(graphemes.segment(run), ({ segment }) => ({
    text: segment,
    folded: foldText(segment),
  }))
  const folded = letters.map((letter) => letter.folded).join('')
  const ranges = sought.flatMap((word) =>
    Array.from(folded.matchAll(new RegExp(word, 'gu')), ({ index }) => ({
      from: index,
      to: index + word.length,
    })),
  )
  let at = 0
  return letters.map((letter) => {
    const [from, to] = [at, (at += letter.folded.length)]
    return { text: letter.text, isMatch: ranges.some((range) => range.from < to && from < range.to) }
  })
}
