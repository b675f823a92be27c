// The FAQs of an organisation, read once: which word stands in which of them, and how telling it is. Pure.

import { foldText } from '../../kit/text/fold.ts'
import { spellCorrectorOf, KnownWords } from './spell-correction.ts'
import {
  looksUnaccented,
  readWords,
  tokensOf,
  type WordKind,
  type WordCorrection,
  type Word,
} from './words.ts'

export interface FaqWords {
  id: string
  question: string
  alternativeQuestions: readonly string[]
  keywords: readonly string[]
}

/** A question, one of its alternatives, or a keyword. */
interface Phrase {
  text: string
  isKeyword: boolean
  words: readonly { unit: string; weight: number }[]
  /** Of all its words together. */
  weight: number
  /** Neighbours, for their order. */
  pairs: readonly string[]
}

export interface PreparedFaq {
  id: string
  units: ReadonlySet<string>
  phrases: readonly Phrase[]
}

export interface PreparedFaqs {
  faqs: PreparedFaq[]
  /** By unit: the FAQs that have it, by number. */
  faqsOf: ReadonlyMap<string, readonly number[]>
  /** By unit: 1 in one FAQ only; near 0 in all of them. */
  rarity: ReadonlyMap<string, number>
  /** By what remains of a unit without its accents. */
  unaccented: ReadonlyMap<string, readonly string[]>
  /** By the whole phrasing, without accents and punctuation. */
  phrasings: Map<string, { faq: number; exact: string }[]>
  mend: WordCorrection
}

/** What a word says by its kind alone. "Could I" stands in every question; a name of somebody or a number is a detail. */
const WEIGHTS: Readonly<Record<WordKind, number>> = {
  filler: 0,
  weak: 0.12,
  number: 0.15,
  name: 0.25,
  common: 0.3,
  word: 1,
}
/** What no FAQ knows is more telling than what one of them does: it may be what the whole question is about. */
const UNKNOWN = 1.3

/** @param rarity undefined: no FAQ has the word. A name that stands in an FAQ is as good as any word. */
export function weightOf(kind: WordKind, rarity: number | undefined): number {
  return rarity === undefined ? WEIGHTS[kind] * UNKNOWN : WEIGHTS[kind === 'name' ? 'word' : kind] * rarity
}

/** Words that order is worth anything for. */
export const isTelling = ({ kind }: Word): boolean => WEIGHTS[kind] >= WEIGHTS.name

/** Of a word without accents, what it may be with them. */
const MAX_UNACCENTED = 12

/**
 * Once per organisation and version of its FAQs, in small pieces, so that others have their turns between:
 * of a thousand it takes about a second.
 */
export function* prepareFaqs(faqs: readonly FaqWords[]): Generator<undefined, PreparedFaqs> {
  const own = new KnownWords()
  const faqsOf = new Map<string, number[]>()
  const read: ReadFaq[] = []
  for (const faq of faqs) {
    const each = yield* readFaq(faq, own)
    for (const unit of each.units) append(faqsOf, unit, read.length)
    read.push(each)
  }
  const rarity = new Map(
    [...faqsOf].map(([unit, { length }]) => [
      unit,
      Math.log(1 + faqs.length / length) / Math.log(1 + faqs.length),
    ]),
  )
  const unaccented = new Map<string, string[]>()
  for (const unit of rarity.keys()) append(unaccented, foldText(unit), unit, MAX_UNACCENTED)
  const prepared: PreparedFaqs = {
    faqs: [],
    faqsOf,
    rarity,
    unaccented,
    phrasings: new Map(),
    mend: spellCorrectorOf(own),
  }
  for (const each of read) yield* weighFaq(each, prepared, own)
  return prepared
}

interface ReadPhrase {
  text: string
  words: readonly Word[]
}

interface ReadFaq {
  id: string
  units: ReadonlySet<string>
  questions: readonly ReadPhrase[]
  keywords: readonly ReadPhrase[]
}

function* readFaq(
  { id, question, alternativeQuestions, keywords }: FaqWords,
  own: KnownWords,
): Generator<undefined, ReadFaq> {
  const phrases: ReadPhrase[] = []
  for (const text of [question, ...alternativeQuestions, ...keywords]) {
    phrases.push({ text, words: readWords(text, looksUnaccented(text)) })
    for (const token of tokensOf(text)) own.add(token)
    yield
  }
  const units = new Set(phrases.flatMap(({ words }) => words.map(({ unit }) => unit)))
  return {
    id,
    units,
    questions: phrases.slice(0, 1 + alternativeQuestions.length),
    keywords: phrases.slice(1 + alternativeQuestions.length),
  }
}

function* weighFaq(
  { id, units, questions, keywords }: ReadFaq,
  { faqs, rarity, phrasings }: PreparedFaqs,
  own: KnownWords,
): Generator<undefined> {
  const phrases: Phrase[] = []
  for (const phrase of [...questions, ...keywords]) {
    const isKeyword = phrases.length >= questions.length
    phrases.push(toPhrase(phrase, isKeyword, rarity))
    for (const pair of joinable(phrase.text)) own.add(pair)
    if (!isKeyword)
      for (const exact of spellingsOf(phrase.text, phrase.words))
        append(phrasings, foldText(exact), { faq: faqs.length, exact })
    yield
  }
  faqs.push({ id, units, phrases })
}

function toPhrase(
  { text, words }: ReadPhrase,
  isKeyword: boolean,
  rarity: ReadonlyMap<string, number>,
): Phrase {
  const weights = new Map(words.map(({ unit, kind }) => [unit, weightOf(kind, rarity.get(unit) ?? 0)]))
  const telling = words.filter(isTelling).map(({ unit }) => [unit])
  return {
    text,
    isKeyword,
    words: [...weights].map(([unit, weight]) => ({ unit, weight })),
    weight: sumOf(weights.values()),
    pairs: pairsOf(telling),
  }
}

/** Each with the next, in all they may mean. */
export function pairsOf(meanings: readonly (readonly string[])[]): string[] {
  return meanings
    .slice(1)
    .flatMap((nexts, at) => (meanings[at] ?? []).flatMap((one) => nexts.map((next) => `${one} ${next}`)))
}

/** As it is written, and without the greeting before it and the thanks behind it. */
export function spellingsOf(
  text: string,
  words: readonly Word[] = readWords(text, looksUnaccented(text)),
): string[] {
  const isSaid = ({ kind }: Word): boolean => kind !== 'filler'
  const core = words.slice(words.findIndex(isSaid), words.findLastIndex(isSaid) + 1)
  return [...new Set([tokensOf(text).join(' '), core.map((word) => word.text).join(' ')])].filter(
    (spelling) => spelling !== '',
  )
}

/** "check in" is also written as one word. */
function joinable(text: string): string[] {
  const tokens = tokensOf(text)
  return tokens
    .slice(1)
    .map((token, at) => `${tokens[at]} ${token}`)
    .filter((pair) => /^[a-z]{2,} [a-z]{2,}$/.test(pair))
}

export function sumOf(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** @param most of one key; more are left out */
function append<Value>(lists: Map<string, Value[]>, key: string, value: Value, most = Infinity): void {
  const list = lists.get(key)
  if (!list) lists.set(key, [value])
  else if (list.length < most) list.push(value)
}
