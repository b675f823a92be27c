// What came of the questions: answered right, answered wrong, left to people.

import type { Answer, Contender } from './contenders.ts'
import { BUSINESSES, type Asked, type PublishedSet } from './set.ts'

export interface Outcome {
  asked: Asked
  /** At most two, the best first. */
  best: readonly Answer[]
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
  /** Of the answerable: answered right, or the right one among those that are offered. */
  rightOrOffered: number
  /** Of the answerable: offered, but none of them is the right one. */
  offeredWrong: number
  /** Of the unanswerable. */
  offered: number
}

export const MAX_WRONG = 2
export const MAX_ANSWERED = 3

export function ask(contender: Contender, { faqs, asked }: PublishedSet): Outcome[] {
  const prepared = Object.fromEntries(BUSINESSES.map((business) => [business, contender(faqs[business])]))
  return asked.map((each) => ({ asked: each, best: prepared[each.business]?.(each.text) ?? [] }))
}

/** @param offerFrom from which score of the best on the best two are offered where none reaches the threshold */
export function sharesOf(outcomes: readonly Outcome[], threshold: number, offerFrom = Infinity): Shares {
  const [answerable, unanswerable] = [
    outcomes.filter(({ asked }) => asked.faqId !== null),
    outcomes.filter(({ asked }) => asked.faqId === null),
  ]
  const isAnswered = ({ best: [first] }: Outcome): boolean => first !== undefined && first.score >= threshold
  const isRight = ({ asked, best: [first] }: Outcome): boolean => first?.id === asked.faqId
  const offeredOf = (each: Outcome): Answer[] =>
    isAnswered(each) || (each.best[0]?.score ?? 0) < offerFrom ? [] : [...each.best]
  const isOfferedRight = (each: Outcome): boolean => offeredOf(each).some(({ id }) => id === each.asked.faqId)
  const share = (of: readonly Outcome[], test: (outcome: Outcome) => boolean): number =>
    (100 * of.filter(test).length) / of.length
  return {
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    found: share(answerable, isRight),
    right: share(answerable, (each) => isAnswered(each) && isRight(each)),
    wrong: share(answerable, (each) => isAnswered(each) && !isRight(each)),
    answered: share(unanswerable, isAnswered),
    offered: share(unanswerable, (each) => offeredOf(each).length > 0),
    rightOrOffered: share(answerable, (each) => (isAnswered(each) && isRight(each)) || isOfferedRight(each)),
    offeredWrong: share(answerable, (each) => offeredOf(each).length > 0 && !isOfferedRight(each)),
  }
}

/** The threshold that answers the most within the goals; Infinity: none does. @param open outcomes of the open half */
export function thresholdFor(open: readonly Outcome[]): number {
  let [threshold, right] = [Infinity, 0]
  for (const score of new Set(open.flatMap(({ best: [first] }) => first?.score ?? []))) {
    const shares = sharesOf(open, score)
    if (shares.wrong <= MAX_WRONG && shares.answered <= MAX_ANSWERED && shares.right > right)
      [threshold, right] = [score, shares.right]
  }
  return threshold
}

const REPEATS = 7
const MANY = 1000

/** Milliseconds for one text at a thousand FAQs. Of each text the best of several: what else the machine does is not measured. */
export function timesAt(
  contender: Contender,
  { faqs, asked }: PublishedSet,
): { count: number; p50: number; p99: number; longest: number } {
  const all = BUSINESSES.flatMap((business) => faqs[business])
  const copies = Array.from({ length: Math.ceil(MANY / all.length) }, (_, copy) =>
    all.map((faq) => ({
      ...faq,
      id: `${faq.id}/${copy}`,
      question: copy === 0 ? faq.question : faq.question.replace(/\p{L}{4,}/u, `$&${'x'.repeat(copy)}`),
    })),
  )
  const many = copies.flat().slice(0, MANY)
  const answer = contender(many)
  const time = (text: string): number =>
    Math.min(
      ...Array.from({ length: REPEATS }, () => {
        const began = performance.now()
        answer(text)
        return performance.now() - began
      }),
    )
  for (const { text } of asked) answer(text)
  const sorted = asked.map(({ text }) => time(text)).toSorted((one, other) => one - other)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return {
    count: many.length,
    p50: at(0.5),
    p99: at(0.99),
    longest: time(
      asked
        .map(({ text }) => text)
        .join(' ')
        .slice(0, 5000),
    ),
  }
}
