// The FAQs of an organisation, read once: which word stands in which of them, and how telling it is. Pure.

import { fold } from '../kit/fold.ts'
import { menderOf } from './mending.ts'
import { KNOWN_TOKENS, looksUnaccented, readWords, tokensOf, type Kind, type Mend, type Word } from './words.ts'

export interface FaqWords {
  id: string
  question: string
  alternativeQuestions: readonly string[]
  keywords: readonly string[]
}

/** A question, one of its alternatives, or a keyword. */
export interface Phrase {
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

export interface Prepared {
  faqs: readonly PreparedFaq[]
  /** By unit: the FAQs that have it, by number. */
  faqsOf: ReadonlyMap<string, readonly number[]>
  /** By unit: 1 in one FAQ only; near 0 in all of them. */
  rarity: ReadonlyMap<string, number>
  /** By what remains of a unit without its accents. */
  unaccented: ReadonlyMap<string, readonly string[]>
  /** By the whole phrasing, without accents and punctuation. */
  phrasings: ReadonlyMap<string, readonly { faq: number; exact: string }[]>
  mend: Mend
}

/** What a word says by its kind alone. "Could I" stands in every question; a name of somebody or a number is a detail. */
const WEIGHTS: Readonly<Record<Kind, number>> = { filler: 0, weak: 0.12, number: 0.15, name: 0.25, common: 0.3, word: 1 }
/** What no FAQ knows is more telling than what one of them does: it may be what the whole question is about. */
const UNKNOWN = 1.3

/** @param rarity undefined: no FAQ has the word. A name that stands in an FAQ is as good as any word. */
export function weightOf(kind: Kind, rarity: number | undefined): number {
  return rarity === undefined ? WEIGHTS[kind] * UNKNOWN : WEIGHTS[kind === 'name' ? 'word' : kind] * rarity
}

/** Words that order is worth anything for. */
export const isTelling = ({ kind }: Word): boolean => WEIGHTS[kind] >= WEIGHTS.name

/** Once per organisation and version of its FAQs: of a thousand it takes about a second. */
export function prepareFaqs(faqs: readonly FaqWords[]): Prepared {
  const read = faqs.map(({ id, question, alternativeQuestions, keywords }) => ({ id, phrasings: [question, ...alternativeQuestions].map(readPhrase), keywords: keywords.map(readPhrase) }))
  const units = read.map(({ phrasings, keywords }) => new Set([...phrasings, ...keywords].flatMap(({ words }) => words.map(({ unit }) => unit))))
  const faqsOf = listed(units.flatMap((each, faq) => [...each].map((unit) => [unit, faq] as const)))
  const rarity = new Map([...faqsOf].map(([unit, { length }]) => [unit, Math.log(1 + faqs.length / length) / Math.log(1 + faqs.length)]))
  const texts = faqs.flatMap(({ question, alternativeQuestions, keywords }) => [question, ...alternativeQuestions, ...keywords])
  return {
    faqs: read.map(({ id, phrasings, keywords }, faq) => ({
      id, units: units[faq] ?? new Set(),
      phrases: [...phrasings.map((each) => toPhrase(each, false, rarity)), ...keywords.map((each) => toPhrase(each, true, rarity))],
    })),
    faqsOf, rarity,
    unaccented: listed([...rarity.keys()].map((unit) => [fold(unit), unit] as const)),
    phrasings: listed(read.flatMap(({ phrasings }, faq) => phrasings.flatMap(({ text, words }) => spellingsOf(text, words).map((exact) => [fold(exact), { faq, exact }] as const)))),
    mend: menderOf([...texts.flatMap(tokensOf), ...KNOWN_TOKENS, ...texts.flatMap(joinable)]),
  }
}

interface ReadPhrase {
  text: string
  words: readonly Word[]
}

const readPhrase = (text: string): ReadPhrase => ({ text, words: readWords(text, looksUnaccented(text)) })

function toPhrase({ text, words }: ReadPhrase, isKeyword: boolean, rarity: ReadonlyMap<string, number>): Phrase {
  const weights = new Map(words.map(({ unit, kind }) => [unit, weightOf(kind, rarity.get(unit) ?? 0)]))
  const telling = words.filter(isTelling).map(({ unit }) => [unit])
  return { text, isKeyword, words: [...weights].map(([unit, weight]) => ({ unit, weight })), weight: sum(weights.values()), pairs: pairsOf(telling) }
}

/** Each with the next, in all they may mean. */
export function pairsOf(meanings: readonly (readonly string[])[]): string[] {
  return meanings.slice(1).flatMap((nexts, at) => (meanings[at] ?? []).flatMap((one) => nexts.map((next) => `${one} ${next}`)))
}

/** As it is written, and without the greeting before it and the thanks behind it. */
export function spellingsOf(text: string, words: readonly Word[] = readWords(text, looksUnaccented(text))): string[] {
  const isSaid = ({ kind }: Word): boolean => kind !== 'filler'
  const core = words.slice(words.findIndex(isSaid), words.findLastIndex(isSaid) + 1)
  return [...new Set([tokensOf(text).join(' '), core.map((word) => word.text).join(' ')])].filter((spelling) => spelling !== '')
}

/** "check in" is also written as one word. */
function joinable(text: string): string[] {
  const tokens = tokensOf(text)
  return tokens.slice(1).map((token, at) => `${tokens[at]} ${token}`).filter((pair) => /^[a-z]{2,} [a-z]{2,}$/.test(pair))
}

export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

function listed<Value>(entries: readonly (readonly [string, Value])[]): Map<string, Value[]> {
  const lists = new Map<string, Value[]>()
  for (const [key, value] of entries) {
    const list = lists.get(key)
    if (list) list.push(value)
    else lists.set(key, [value])
  }
  return lists
}
