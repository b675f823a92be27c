// What came of the questions: answered right, answered wrong, left to people.

import type { Answer, Contender } from './contenders.ts'
import { BUSINESSES, type Asked, type PublishedSet } from './set.ts'

export interface Outcome {
  asked: Asked
  best: Answer | undefined
}

export interface Shares {
  answerable: number
  right: number
  wrong: number
  /** Of the answerable: the FAQ that fits best is the right one, whether it was surely enough or not. */
  found: number
  unanswerable: number
  /** Of the unanswerable. */
  answered: number
}

export const MAX_WRONG = 2
export const MAX_ANSWERED = 3

export function ask(contender: Contender, { faqs, asked }: PublishedSet): Outcome[] {
  const prepared = Object.fromEntries(BUSINESSES.map((business) => [business, contender(faqs[business])]))
  return asked.map((each) => ({ asked: each, best: prepared[each.business]?.(each.text) }))
}

export function sharesOf(outcomes: readonly Outcome[], threshold: number): Shares {
  const [answerable, unanswerable] = [outcomes.filter(({ asked }) => asked.faqId !== null), outcomes.filter(({ asked }) => asked.faqId === null)]
  const isAnswered = ({ best }: Outcome): boolean => best !== undefined && best.score >= threshold
  const isRight = ({ asked, best }: Outcome): boolean => best?.id === asked.faqId
  const share = (of: readonly Outcome[], test: (outcome: Outcome) => boolean): number => (100 * of.filter(test).length) / of.length
  return {
    answerable: answerable.length, unanswerable: unanswerable.length, found: share(answerable, isRight),
    right: share(answerable, (each) => isAnswered(each) && isRight(each)), wrong: share(answerable, (each) => isAnswered(each) && !isRight(each)),
    answered: share(unanswerable, isAnswered),
  }
}

/** The threshold that answers the most within the goals; Infinity: none does. @param open outcomes of the open half */
export function thresholdFor(open: readonly Outcome[]): number {
  let [threshold, right] = [Infinity, 0]
  for (const score of new Set(open.flatMap(({ best }) => best?.score ?? []))) {
    const shares = sharesOf(open, score)
    if (shares.wrong <= MAX_WRONG && shares.answered <= MAX_ANSWERED && shares.right > right) [threshold, right] = [score, shares.right]
  }
  return threshold
}

const REPEATS = 7
const MANY = 1000

/** Milliseconds for one text at a thousand FAQs. Of each text the best of several: what else the machine does is not measured. */
export function timesAt(contender: Contender, { faqs, asked }: PublishedSet): { count: number; p50: number; p99: number; longest: number } {
  const all = BUSINESSES.flatMap((business) => faqs[business])
  const copies = Array.from({ length: Math.ceil(MANY / all.length) }, (_, copy) => all.map((faq) => ({ ...faq, id: `${faq.id}/${copy}`, question: copy === 0 ? faq.question : faq.question.replace(/\p{L}{4,}/u, `$&${'x'.repeat(copy)}`) })))
  const many = copies.flat().slice(0, MANY)
  const answer = contender(many)
  const time = (text: string): number => Math.min(...Array.from({ length: REPEATS }, () => {
    const began = performance.now()
    answer(text)
    return performance.now() - began
  }))
  for (const { text } of asked) answer(text)
  const sorted = asked.map(({ text }) => time(text)).toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { count: many.length, p50: at(0.5), p99: at(0.99), longest: time(asked.map(({ text }) => text).join(' ').slice(0, 5000)) }
}
