// Which FAQ answers a text. FAQs are prepared once and kept by this process for as long as none of them changes.

import type { Db } from '../kit/db.ts'
import { prepareFaqs, scoreFaqs, type Prepared, type Score } from './faq-score.ts'
import { listActiveFaqs, listUnanswered, stampOfFaqs } from './queries.ts'
import type { Faq, Suggestion } from './schema.ts'

export interface Candidate {
  faq: Faq
  score: number
  why: Score['why']
  /** Whether it may answer by itself. */
  isSure: boolean
}

interface Kept {
  stamp: string
  prepared: Prepared
  faqs: ReadonlyMap<string, Faq>
}

/** Organisations at a time. */
const MOST = 200
const kept = new Map<string, Kept>()

async function preparedFor(db: Db, orgId: string): Promise<Kept> {
  const stamp = await stampOfFaqs(db, orgId)
  const before = kept.get(orgId)
  kept.delete(orgId)
  const faqs = before?.stamp === stamp ? undefined : await listActiveFaqs(db, orgId)
  const now = before && !faqs ? before : { stamp, prepared: prepareFaqs(faqs ?? []), faqs: new Map((faqs ?? []).map((faq) => [faq.id, faq])) }
  kept.set(orgId, now)
  const [oldest] = kept.keys()
  if (kept.size > MOST && oldest) kept.delete(oldest)
  return now
}

/** Every FAQ that has anything to do with it: those that may answer first, of them the highest priority, then the score. */
export async function matchFaqs(db: Db, orgId: string, text: string): Promise<Candidate[]> {
  const { prepared, faqs } = await preparedFor(db, orgId)
  const candidates = scoreFaqs(text, prepared).flatMap(({ id, score, why }) => {
    const faq = faqs.get(id)
    return faq ? [{ faq, score, why, isSure: score >= faq.confidenceThreshold }] : []
  })
  return candidates.toSorted((a, b) => Number(b.isSure) - Number(a.isSure) || (a.isSure ? b.faq.priority - a.faq.priority : 0) || b.score - a.score)
}

/** What several asked and no FAQ answers, not even one that was made since. */
export async function suggestQuestions(db: Db, orgId: string, wanted: Parameters<typeof listUnanswered>[2]): Promise<Suggestion[]> {
  const open: Suggestion[] = []
  for (const question of await listUnanswered(db, orgId, wanted)) {
    const [best] = await matchFaqs(db, orgId, question.text)
    if (!best?.isSure) open.push(question)
  }
  return open
}
