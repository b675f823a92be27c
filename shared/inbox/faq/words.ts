// What a text says, word by word, as far as FAQs are concerned: which words weigh, and which are ways to say the same. Pure.

import { foldText, foldCase, isUnspaced, wordsOf } from '../../kit/text/fold.ts'
import { COMMON, FILLERS, FORMS, SHORTHAND, SYNONYMS, WEAK } from './lexicon.ts'

export type WordKind = 'filler' | 'weak' | 'common' | 'number' | 'name' | 'word'

export interface Word {
  /** As written, in lower case; several for "bao nhiêu tiền". */
  text: string
  /** The same without endings and typing errors. */
  stem: string
  /** What it is compared by: the same for "fees" and "price". */
  unit: string
  kind: WordKind
  /** 1: as it stands. Less: read without accents, or with a typing error mended. */
  quality: number
  isMended: boolean
}

/** Makes of a token that nobody knows one that somebody does. */
export type WordCorrection = (
  token: string,
  isVietnamese: boolean,
) => { tokens: readonly string[]; quality: number } | undefined

interface Entry {
  unit: string
  kind: WordKind
}

/** Longer ones are no words of these languages. */
const LONGEST = 24
/** One English word or two may stand among them. */
const UNACCENTED_SHARE = 0.75
/** Without accents two Vietnamese words may be one: a little less sure. */
export const UNACCENTED = 0.95
/** Several words that differ in their accents only are hardly ever others. */
const MISACCENTED_PHRASE = 0.85

const APOSTROPHES = /['’‘`´]/g
const TONE_BEFORE_THE_END = /([\u0300\u0301\u0303\u0309\u0323])(\p{L}\p{M}*)+$/u
/** Capitals within a sentence. */
const NAME = /(?<=[\p{Ll}\p{M}\d,] )\p{Lu}\p{L}*(?: \p{Lu}\p{L}*)*/gu
const NUMBER_OR_NOT = /\d+|\D+/g

/** In lower case, letters apart from digits ("8h"). Where words stand without spaces, each letter with the next. */
export function tokensOf(text: string): string[] {
  return wordsOf(foldCase(text.replaceAll(APOSTROPHES, ''))).flatMap((word) =>
    isUnspaced(word) ? neighboursIn(word) : (word.match(NUMBER_OR_NOT) ?? []),
  )
}

function neighboursIn(run: string): string[] {
  const letters = [...run]
  return letters.length < 2 ? letters : letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
}

/** What a Vietnamese syllable can be, without its accents. */
const SYLLABLE = /^(?:ngh|[cgknpt]h|g[hi]|ng|qu|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|n[gh]|[cmnpt])?$/

export const isSyllable = (token: string): boolean => SYLLABLE.test(foldText(token))

/** English words without their endings. "hoà" and "hòa" are the same. */
function stemWord(word: string): string {
  return /^[a-z]+$/.test(word) ? withoutEnding(word) : toneLast(word)
}

function toneLast(word: string): string {
  return word
    .normalize('NFD')
    .replace(TONE_BEFORE_THE_END, (all, tone: string) => all.slice(tone.length) + tone)
    .normalize('NFC')
}

/** Of the endings of English only those that leave the word what it is: it has to be the same for all forms, not right. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(..)ies$/, '$1y'],
  [/([^sui])s$/, '$1'],
  [/(....)(?:ation|ment)$/, '$1'],
  [/([a-z][aeiouy][a-z]+)(?:ing|ed)$/, '$1'],
  [/(....)al$/, '$1'],
]

function withoutEnding(word: string): string {
  if (word.length < 4 || word.length > LONGEST || SYLLABLE.test(word)) return word
  const base = ENDINGS.reduce(
    (rest, [ending, instead]) => (rest.length < 4 ? rest : rest.replace(ending, instead)),
    word,
  )
  return base.replace(/(...)e$/, '$1').replace(/([^aeiouy])\1$/, '$1')
}

const listOf = (text: string): string[] =>
  text
    .split(/[|\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
const tableOf = (text: string): [string, string[]][] =>
  text
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(':')), listOf(line.slice(line.indexOf(':') + 1))])
const keyOf = (text: string): string => tokensOf(text).map(stemWord).join(' ')

const shorthand = new Map(
  tableOf(SHORTHAND).flatMap(([word, forms]) => forms.map((form) => [form, tokensOf(word)] as const)),
)

const weighing = (kind: WordKind, list: string): [string, Entry][] =>
  listOf(list).map((each) => [keyOf(each), { unit: keyOf(each), kind }])
const synonyms = tableOf(SYNONYMS).flatMap(([name, ways]) =>
  [name, ...ways].map((way): [string, Entry] => [keyOf(way), { unit: keyOf(name), kind: 'word' }]),
)
const [fillers, weak, common] = [
  weighing('filler', FILLERS),
  weighing('weak', WEAK),
  weighing('common', COMMON),
]

const weights = new Map([...common, ...weak, ...fillers])
const forms = tableOf(FORMS).flatMap(([name, others]) =>
  others.map((form): [string, Entry] => [
    keyOf(form),
    weights.get(keyOf(name)) ?? { unit: keyOf(name), kind: 'word' },
  ]),
)

/** Where two lists have it, the later one stands. */
const entries = new Map([...common, ...weak, ...fillers, ...forms, ...synonyms])
/** Without accents the most frequent reading is the likeliest. */
const unaccented = new Map(
  [...common, ...synonyms, ...fillers, ...weak]
    .filter(([key]) => foldText(key) !== key)
    .map(([key, entry]) => [foldText(key), entry]),
)

/** By the first word of phrases: how many words the longest of them has. */
const longest = new Map<string, number>()
for (const words of [...entries.keys()].map((key) => foldText(key).split(' '))) {
  const [first = ''] = words
  longest.set(first, Math.max(words.length, longest.get(first) ?? 1))
}

/** Tokens that stand in the tables, for mending. */
export const KNOWN_TOKENS: ReadonlySet<string> = new Set(
  [FILLERS, WEAK, COMMON, FORMS, SYNONYMS].flatMap(tokensOf),
)

/** Vietnamese typed without any accents: nothing in it has one, and most of it could be Vietnamese. */
export function looksUnaccented(text: string): boolean {
  if (isAccented(text)) return false
  const tokens = tokensOf(text).filter((token) => /^\p{L}/u.test(token))
  return tokens.filter((token) => SYLLABLE.test(token)).length >= UNACCENTED_SHARE * tokens.length
}

const isAccented = (text: string): boolean => foldText(text) !== foldCase(text)

interface Token {
  said: string
  stem: string
  folded: string
  quality: number
  isMended: boolean
}

/**
 * Phrases are read as the longest that the tables know.
 * @param isPlain without accents, as a text or as the one that this is a part of
 */
export function readWords(text: string, isPlain: boolean, mend?: WordCorrection): Word[] {
  const isVietnamese = isPlain || isAccented(text)
  const names = new Set((text.match(NAME) ?? []).flatMap(tokensOf))
  const tokens = tokensOf(text)
    .flatMap((token) => shorthand.get(token) ?? [token])
    .flatMap((said) => meantBy(said, mend?.(said, isVietnamese)))
  const words: Word[] = []
  for (let at = 0; at < tokens.length;) {
    const { length, ...word } = readAt(tokens, at, isPlain)
    words.push(word.kind === 'word' && names.has(word.text) ? { ...word, kind: 'name' } : word)
    at += length
  }
  return words
}

function meantBy(said: string, mended: ReturnType<WordCorrection>): Token[] {
  const { tokens, quality } = mended ?? { tokens: [said], quality: 1 }
  return tokens
    .map(stemWord)
    .map((each) => ({ said, stem: each, folded: foldText(each), quality, isMended: mended !== undefined }))
}

function readAt(tokens: readonly Token[], at: number, isPlain: boolean): Word & { length: number } {
  const most = longest.get(tokens[at]?.folded ?? '') ?? 0
  for (let length = Math.min(most, tokens.length - at); length > 0; length--) {
    const piece = tokens.slice(at, at + length)
    const found = find(piece, isPlain)
    if (!found) continue
    const phrase = phraseOf(piece)
    return { ...phrase, ...found.entry, quality: phrase.quality * found.quality, length }
  }
  const word = phraseOf(tokens.slice(at, at + 1))
  return { ...word, unit: word.stem, kind: /^\d/.test(word.stem) ? 'number' : 'word', length: 1 }
}

function phraseOf(tokens: readonly Token[]): Omit<Word, 'unit' | 'kind'> {
  const text = [...new Set(tokens.map(({ said }) => said))].join(' ')
  return {
    text,
    stem: tokens.map(({ stem }) => stem).join(' '),
    quality: Math.min(...tokens.map(({ quality }) => quality)),
    isMended: tokens.some(({ isMended }) => isMended),
  }
}

function find(tokens: readonly Token[], isPlain: boolean): { entry: Entry; quality: number } | undefined {
  const exact = entries.get(tokens.map((token) => token.stem).join(' '))
  if (exact && !isPlain) return { entry: exact, quality: 1 }
  const loose =
    isPlain || tokens.length > 1 ? unaccented.get(tokens.map(({ folded }) => folded).join(' ')) : undefined
  if (loose) return { entry: loose, quality: isPlain ? UNACCENTED : MISACCENTED_PHRASE }
  return exact && { entry: exact, quality: 1 }
}
