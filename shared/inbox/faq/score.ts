// How surely a text asks what an FAQ answers, from 0 to 100. Pure, without a model; every score explains itself.
//
// 100  the text is the question or one of its alternatives, but for letter case, punctuation and greetings around it; 97 with
//      accents left out. Else the sum of these points, cut at 0 and 94, of the part of the text for which it is highest:
//       105 × the share of the part's words that the FAQ has anywhere            (explained)
//      + 30 × the share of the closest phrasing's words that the part has        (said)
//      + 15 × the weight of the heaviest keyword that it has                     (keyword)
//      + 28 × the share of neighbours that are neighbours in a phrasing          (order)
//      + 53 × the weight of the heaviest word in common                          (telling)
//      −  5 × the weight of what the FAQ does not have                           (unexplained)
//      −  7 × the weight of what stands outside of the part                      (elsewhere)
//      − what is missing to a lead of 37 before the next best FAQ                (rival)
//      − 50                                                                      (base)
//
// A word weighs what its kind says (prepared-faqs.ts) times its rarity, ln(1 + FAQs / FAQs that have it) / ln(1 + FAQs): about 1 when one
// FAQ has it. A word is there as itself (1), as another way to say it (1), without accents (0.95), or with typing errors (0.9 to 0.7).

import { foldText } from '../../kit/text/fold.ts'
import { evidenceOf, type Evidence, type HeardWord } from './evidence.ts'
import { spellingsOf, sumOf, type PreparedFaqs, type PreparedFaq } from './prepared-faqs.ts'

export { prepareFaqs, type FaqWords, type PreparedFaqs } from './prepared-faqs.ts'

/**
 * Fitted on the open half of bench/faq and rounded; the base is what makes 70, the default threshold, keep
 * the promises about wrong answers.
 */
const POINTS = {
  base: -50,
  explained: 105,
  said: 30,
  keyword: 15,
  order: 28,
  telling: 53,
  unexplained: -5,
  elsewhere: -7,
} as const
/** Two that fit alike are left to people: a wrong answer costs more than none. */
const LEAD = 37
const SAME = 100
const SAME_WITHOUT_ACCENTS = 97
/** Whatever is not the question itself stays below the 95 that are promised for it. */
const MAX_ALIKE = 94

export interface Score {
  id: string
  /** Integer above 0. */
  score: number
  why: MatchReason
}

interface MatchReason {
  /** The question or alternative that comes closest. */
  phrasing: string
  /** The text is this phrasing: nothing else counts. */
  isSame: boolean
  /** Rounded; their sum is the score before it is cut. */
  points: Readonly<Record<keyof typeof POINTS | 'rival', number>>
  /** Of the text: what the FAQ has; of this, what was read with a typing error mended or with other accents; and what it has not. */
  words: { matched: string[]; mended: string[]; accents: string[]; missing: string[] }
  /** The FAQ that fits best among the others, if its lead is what cost points. */
  rival: string | null
}

/** All that fit at all, best first; in pieces. @param text as written; of a very long one the beginning and the end are read */
export function* scoreFaqs(text: string, prepared: PreparedFaqs): Generator<undefined, Score[]> {
  const fits = fitsOf(yield* evidenceOf(text, prepared)).toSorted((one, other) => other.total - one.total)
  const same = findSame(text, prepared)
  return fits
    .flatMap((fit, at) => scoreOf(fit, fits[at === 0 ? 1 : 0], same.get(fit.evidence.faq), prepared) ?? [])
    .toSorted((one, other) => other.score - one.score)
}

interface Fit {
  evidence: Evidence
  points: Record<keyof typeof POINTS, number>
  total: number
}

/** Of each FAQ with the part of the text that fits it best. */
function fitsOf(found: readonly Evidence[]): Fit[] {
  const fits = new Map<number, Fit>()
  for (const evidence of found) {
    const points = pointsOf(evidence)
    const total = sumOf(Object.values(points))
    if (total > (fits.get(evidence.faq)?.total ?? -Infinity))
      fits.set(evidence.faq, { evidence, points, total })
  }
  return [...fits.values()]
}

function pointsOf({
  explained,
  said,
  keyword,
  order,
  telling,
  unexplained,
  elsewhere,
}: Evidence): Fit['points'] {
  return {
    base: POINTS.base,
    explained: POINTS.explained * explained,
    said: POINTS.said * said,
    keyword: POINTS.keyword * keyword,
    order: POINTS.order * order,
    telling: POINTS.telling * telling,
    unexplained: POINTS.unexplained * unexplained,
    elsewhere: POINTS.elsewhere * elsewhere,
  }
}

/** By FAQ: the score of a text that is one of its phrasings. */
function findSame(text: string, { phrasings }: PreparedFaqs): Map<number, number> {
  const same = new Map<number, number>()
  for (const spelling of spellingsOf(text)) {
    for (const { faq, exact } of phrasings.get(foldText(spelling)) ?? []) {
      same.set(faq, Math.max(same.get(faq) ?? 0, exact === spelling ? SAME : SAME_WITHOUT_ACCENTS))
    }
  }
  return same
}

/** @returns undefined: 0 */
function scoreOf(
  { evidence, points, total }: Fit,
  next: Fit | undefined,
  same: number | undefined,
  prepared: PreparedFaqs,
): Score | undefined {
  const rival = next ? Math.min(0, Math.max(0, total - next.total) - LEAD) : 0
  const score = same ?? Math.round(Math.min(MAX_ALIKE, total + rival))
  const faq = prepared.faqs[evidence.faq]
  if (!faq || score <= 0) return undefined
  const why: MatchReason = {
    phrasing: evidence.phrase,
    isSame: same !== undefined,
    points: rounded({ ...points, rival }),
    words: wordsOf(evidence.heard, faq),
    rival: next && rival < 0 ? (prepared.faqs[next.evidence.faq]?.id ?? null) : null,
  }
  return { id: faq.id, score, why }
}

function rounded(points: MatchReason['points']): MatchReason['points'] {
  const round = (part: keyof MatchReason['points']): number => Math.round(points[part])
  return {
    base: round('base'),
    explained: round('explained'),
    said: round('said'),
    keyword: round('keyword'),
    order: round('order'),
    telling: round('telling'),
    unexplained: round('unexplained'),
    elsewhere: round('elsewhere'),
    rival: round('rival'),
  }
}

/** Greetings are left out: they count for nothing. */
function wordsOf(heard: readonly HeardWord[], { units }: PreparedFaq): MatchReason['words'] {
  const words: MatchReason['words'] = { matched: [], mended: [], accents: [], missing: [] }
  for (const { word, meanings } of heard.filter((each) => each.weight > 0)) {
    const meant = meanings.find(({ unit }) => units.has(unit))
    words[meant ? 'matched' : 'missing'].push(word.text)
    if (meant && foldText(meant.unit) === foldText(word.stem) && meant.unit !== word.stem)
      words.accents.push(word.text)
    if (meant && word.isMended) words.mended.push(word.text)
  }
  return words
}
