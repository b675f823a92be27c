// What a text, or a part of it, has in common with each FAQ. Pure.

import { foldText } from '../../kit/text/fold.ts'
import { isTelling, pairsOf, sumOf, weightOf, type PreparedFaqs, type PreparedFaq } from './prepared-faqs.ts'
import { looksUnaccented, readWords, UNACCENTED, type WordCorrection, type Word } from './words.ts'

/** Shares are 0 to 1; weights are those of words, of which a telling one has about 1. */
export interface Evidence {
  /** Its number. */
  faq: number
  /** The question or alternative that comes closest. */
  phrase: string
  /** Share of the part's words that the FAQ has anywhere, and a little less. */
  explained: number
  /** Share of the closest phrasing's words that the part has. */
  said: number
  /** Weight of the heaviest keyword that the part has whole, or nearly. */
  keyword: number
  /** Share of neighbouring words that are neighbours in one of the phrasings. */
  order: number
  /** Weight of the heaviest word that both have. */
  telling: number
  /** Weight of the part's words that the FAQ does not have. */
  unexplained: number
  /** Weight of the text outside of the part. */
  elsewhere: number
  heard: readonly HeardWord[]
}

/** A word of the text, and what of the FAQs it may be. */
export interface HeardWord {
  word: Word
  weight: number
  /** Likeliest first. */
  meanings: readonly { unit: string; quality: number }[]
}

/** Accents that differ from the FAQ's: hardly a typing error, more often another word. */
const OTHER_ACCENTS = 0.55
/** The FAQ has none, the customer has: businesses forget them, too. */
const ADDED_ACCENTS = 0.9
/** No accents on one word among others that have them. */
const MISSING_ACCENTS = 0.85
/** As if the part had said a little more, that no FAQ explains: a text of two common words is never sure. */
const NEVER_SAID = 0.2
const KEYWORD_SHARE = 0.8
const MAX_KEYWORD = 1.5
const MAX_UNEXPLAINED = 3
/** Enough for any question. Of longer texts the beginning and the end are read. */
const MAX_PARTS = 24
const MAX_WORDS = 200
/** Of a thousand FAQs, those that have the most in common with a part. */
const MAX_CANDIDATES = 40
// What one text may cost, whatever stands in the FAQs. No business comes near.
/** Words of a text that are looked up among typing errors. */
const MAX_MENDED = 200
/** Of a part: FAQs that have one of its words, counted for each word. */
const MAX_COUNTED = 50_000
/** Of a part: words of phrasings that it is compared with. */
const MAX_COMPARED = 20_000

/**
 * The text as a whole, its sentences, and their clauses: the question may be one of them. In pieces, so
 * that others have their turns between.
 */
export function* evidenceOf(text: string, prepared: PreparedFaqs): Generator<undefined, Evidence[]> {
  const isPlain = looksUnaccented(text)
  const mend = remembering(prepared.mend)
  const found: Evidence[] = []
  let whole: number | undefined
  for (const part of partsOf(text)) {
    const heard = hear(readWords(part, isPlain, mend).slice(0, MAX_WORDS), isPlain, prepared)
    const weight = sumOf(heard.map((each) => each.weight))
    whole ??= weight
    yield
    found.push(...(yield* compare(heard, weight, Math.max(0, whole - weight), prepared)))
  }
  return found
}

function partsOf(text: string): string[] {
  const pieces = (of: string, ends: RegExp): string[] =>
    of
      .split(ends)
      .map((piece) => piece.trim())
      .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
  const sentences = pieces(text, /[!?…\n;！？；。]|\.(?!\d)/)
  const parts = sentences.flatMap((sentence) => [
    sentence,
    ...pieces(sentence, /,(?!\d)|:(?!\d)|[，：、]|\s[-–]\s/),
  ])
  const [first, last] = [parts.slice(0, MAX_PARTS / 2), parts.slice(MAX_PARTS / 2).slice(-MAX_PARTS / 2)]
  return [...new Set([...(sentences.length > 1 ? [text] : []), ...first, ...last])]
}

function remembering(mend: WordCorrection): WordCorrection {
  const known = new Map<string, ReturnType<WordCorrection>>()
  return (token, isVietnamese) => {
    if (!known.has(token) && known.size < MAX_MENDED) known.set(token, mend(token, isVietnamese))
    return known.get(token)
  }
}

/** Each word once. */
function hear(words: readonly Word[], isPlain: boolean, prepared: PreparedFaqs): HeardWord[] {
  const heard = new Map<string, HeardWord>()
  for (const word of words) {
    if (heard.has(word.unit)) continue
    const meanings = meaningsOf(word, isPlain, prepared)
    const rarities = meanings.map(({ unit, quality }) => quality * (prepared.rarity.get(unit) ?? 0))
    heard.set(word.unit, {
      word,
      meanings,
      weight: weightOf(word.kind, meanings.length > 0 ? Math.max(...rarities) : undefined),
    })
  }
  return [...heard.values()]
}

function meaningsOf(
  word: Word,
  isPlain: boolean,
  { rarity, unaccented }: PreparedFaqs,
): { unit: string; quality: number }[] {
  const own = rarity.has(word.unit) ? [{ unit: word.unit, quality: word.quality }] : []
  const isAccented = foldText(word.text) !== word.text
  // English "the" is not "thẻ".
  if (!isPlain && !isAccented && word.kind === 'weak') return own
  const likeness = (unit: string): number =>
    !isAccented
      ? isPlain
        ? UNACCENTED
        : MISSING_ACCENTS
      : foldText(unit) === unit
        ? ADDED_ACCENTS
        : OTHER_ACCENTS
  const others = [...new Set([foldText(word.unit), foldText(word.stem)])]
    .flatMap((key) => unaccented.get(key) ?? [])
    .filter((unit) => unit !== word.unit)
  return [...own, ...others.map((unit) => ({ unit, quality: word.quality * likeness(unit) }))].toSorted(
    (one, other) => other.quality - one.quality,
  )
}

function* compare(
  heard: readonly HeardWord[],
  weight: number,
  elsewhere: number,
  prepared: PreparedFaqs,
): Generator<undefined, Evidence[]> {
  const qualities = new Map<string, number>()
  for (const { unit, quality } of heard.flatMap(({ meanings }) => meanings))
    qualities.set(unit, Math.max(quality, qualities.get(unit) ?? 0))
  const pairs = new Set(
    pairsOf(
      heard.filter(({ word }) => isTelling(word)).map(({ meanings }) => meanings.map(({ unit }) => unit)),
    ),
  )
  const found: Evidence[] = []
  let compared = 0
  for (const at of candidatesFor(heard, prepared)) {
    const faq = prepared.faqs[at]
    if (!faq || compared > MAX_COMPARED) break
    compared += sumOf(faq.phrases.map(({ words }) => words.length))
    found.push({
      faq: at,
      elsewhere,
      heard,
      ...shared(heard, weight, faq),
      ...spoken(qualities, pairs, weight, faq),
    })
    yield
  }
  return found
}

/** By what they have in common but for weak words. */
function candidatesFor(heard: readonly HeardWord[], { faqsOf }: PreparedFaqs): number[] {
  const common = new Map<number, number>()
  let counted = 0
  for (const { word, weight, meanings } of heard) {
    if (!isTelling(word)) continue
    for (const { unit, quality } of meanings) {
      const having = faqsOf.get(unit) ?? []
      counted += having.length
      if (counted > MAX_COUNTED) break
      for (const faq of having) common.set(faq, (common.get(faq) ?? 0) + weight * quality)
    }
  }
  return [...common]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MAX_CANDIDATES)
    .map(([faq]) => faq)
}

function shared(
  heard: readonly HeardWord[],
  weight: number,
  { units }: PreparedFaq,
): Pick<Evidence, 'explained' | 'telling' | 'unexplained'> {
  const common = heard.map(({ word, weight, meanings }) => ({
    word,
    weight: weight * (meanings.find(({ unit }) => units.has(unit))?.quality ?? 0),
  }))
  const explained = sumOf(common.map((each) => each.weight))
  return {
    explained: explained / (weight + NEVER_SAID),
    telling: Math.max(0, ...common.filter(({ word }) => isTelling(word)).map((each) => each.weight)),
    unexplained: Math.min(MAX_UNEXPLAINED, weight - explained),
  }
}

function spoken(
  qualities: ReadonlyMap<string, number>,
  pairs: ReadonlySet<string>,
  weight: number,
  { phrases }: PreparedFaq,
): Pick<Evidence, 'phrase' | 'said' | 'keyword' | 'order'> {
  const best = { phrase: '', said: 0, keyword: 0, order: 0 }
  let closest = 0
  for (const phrase of phrases) {
    const hit = sumOf(phrase.words.map((word) => word.weight * (qualities.get(word.unit) ?? 0)))
    const said = phrase.weight > 0 ? hit / phrase.weight : 0
    if (phrase.isKeyword) {
      if (said > KEYWORD_SHARE) best.keyword = Math.max(best.keyword, Math.min(MAX_KEYWORD, hit))
      continue
    }
    if (phrase.pairs.length > 0)
      best.order = Math.max(
        best.order,
        phrase.pairs.filter((pair) => pairs.has(pair)).length / phrase.pairs.length,
      )
    // Of both together: how much of the phrasing is said, and how much of what is said is the phrasing.
    const closer = (2 * hit) / (phrase.weight + Math.max(weight, hit))
    if (closer > closest || best.phrase === '') Object.assign(best, { phrase: phrase.text, said })
    closest = Math.max(closer, closest)
  }
  return best
}
