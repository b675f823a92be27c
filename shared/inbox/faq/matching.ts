// Which FAQ answers a text. FAQs are prepared once and kept by this process for as long as none of them changes.

import type { Db } from '../../kit/store/db.ts'
import type { Listed } from '../../kit/store/keyset.ts'
import { inSlices } from '../../kit/process/slices.ts'
import type { OrganisationSettings } from '../../organisations/schema.ts'
import { prepareFaqs, scoreFaqs, type PreparedFaqs, type Score } from './score.ts'
import { listMatchedFaqs, listUnanswered, stampOfFaqs } from '../queries/faqs.ts'
import { charactersOf, FAQ_LIMITS, outcomesOf, type FaqOutcome } from '../rules.ts'
import type { Faq, Suggestion } from '../schema.ts'

interface Candidate {
  faq: Faq
  score: number
  why: Score['why']
  /** Whether it may answer by itself. */
  isSure: boolean
  outcome: FaqOutcome
}

interface Ready {
  prepared: PreparedFaqs
  faqs: ReadonlyMap<string, Faq>
}

interface Kept {
  stamp: string
  ready: Promise<Ready>
  isReady: boolean
  characters: number
}

/** Of all organisations together; a character takes up to fifty bytes. */
const MOST_CHARACTERS = 3_000_000
/** Of the process, whose memory bounds it. By the id of the organisation. */
const kept = new Map<string, Kept>()

/** Whoever asks while they are being prepared waits for the same; of one organisation one version is prepared at a time. */
async function preparedFor(db: Db, orgId: string): Promise<Ready> {
  const stamp = await stampOfFaqs(db, orgId)
  const known = kept.get(orgId)
  if (known && known.stamp !== stamp && !known.isReady) {
    await known.ready.catch(() => undefined)
    return preparedFor(db, orgId)
  }
  const now = known?.stamp === stamp ? known : prepare(db, orgId, stamp)
  kept.delete(orgId)
  kept.set(orgId, now)
  return now.ready
}

function prepare(db: Db, orgId: string, stamp: string): Kept {
  const own: Kept = { stamp, isReady: false, characters: 0, ready: read() }
  async function read(): Promise<Ready> {
    try {
      const faqs = await listMatchedFaqs(db, orgId, FAQ_LIMITS)
      const prepared = await inSlices(prepareFaqs(faqs))
      own.characters = faqs.reduce(
        (sum, { answer, ...words }) => sum + answer.length + charactersOf(words),
        0,
      )
      return { prepared, faqs: new Map(faqs.map((faq) => [faq.id, faq])) }
    } catch (error) {
      if (kept.get(orgId) === own) kept.delete(orgId)
      throw error
    } finally {
      own.isReady = true
      forgetOldest(orgId)
    }
  }
  return own
}

/** What was asked for longest ago goes first; what was just asked for stays. */
function forgetOldest(current: string): void {
  let characters = [...kept.values()].reduce((sum, each) => sum + each.characters, 0)
  for (const [orgId, each] of kept) {
    if (characters <= MOST_CHARACTERS) return
    if (orgId === current) continue
    kept.delete(orgId)
    characters -= each.characters
  }
}

/** Every FAQ that has anything to do with it: those that may answer first, of them the highest priority, then the score. */
export async function matchFaqs(
  db: Db,
  orgId: string,
  text: string,
  { offerFrom }: OrganisationSettings,
): Promise<Candidate[]> {
  const { prepared, faqs } = await preparedFor(db, orgId)
  const scores = await inSlices(scoreFaqs(text, prepared))
  const candidates = scores.flatMap(({ id, score, why }) => {
    const faq = faqs.get(id)
    return faq ? [{ faq, score, why, isSure: score >= faq.confidenceThreshold }] : []
  })
  const ranked = candidates.toSorted(
    (a, b) =>
      Number(b.isSure) - Number(a.isSure) ||
      (a.isSure ? b.faq.priority - a.faq.priority : 0) ||
      b.score - a.score,
  )
  const outcomes = outcomesOf(ranked, offerFrom)
  return ranked.map((each, at) => ({ ...each, outcome: outcomes[at] ?? 'left' }))
}

/** What several asked and no FAQ answers, not even one that was made since. */
export async function suggestQuestions(
  db: Db,
  orgId: string,
  wanted: Parameters<typeof listUnanswered>[2],
): Promise<Listed<Suggestion>> {
  const open: Suggestion[] = []
  const { items, next } = await listUnanswered(db, orgId, wanted)
  for (const question of items) {
    const [best] = await matchFaqs(db, orgId, question.text, {})
    if (!best?.isSure) open.push(question)
  }
  return { items: open, next }
}
