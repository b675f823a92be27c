// The published set: FAQs of four businesses in two languages, and what their customers ask.
// Half of the questions is held out: nothing is ever chosen by looking at it.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { FaqWords } from '../../shared/inbox/faq/score.ts'

export const LANGUAGES = ['vi', 'en'] as const
export const BUSINESSES = ['hotel', 'salon', 'fleet', 'station'] as const
/** What nobody answers: about the same things, about others, and what asks nothing. */
export const UNANSWERABLE = ['near', 'far', 'chatter'] as const

export type Language = (typeof LANGUAGES)[number]
export type Business = (typeof BUSINESSES)[number]

export interface Asked {
  text: string
  language: Language
  business: Business
  kind: string
  /** null: none of the FAQs answers it. */
  faqId: string | null
  isHeldOut: boolean
}

interface FileOfFaqs {
  faqs: (FaqWords & { asked: Record<string, string[]> })[]
  unanswerable: Record<(typeof UNANSWERABLE)[number], string[]>
}

export interface PublishedSet {
  /** Both languages of a business stand side by side, as they do in one that has customers of both. */
  faqs: Record<Business, FaqWords[]>
  asked: Asked[]
}

export function readSet(): PublishedSet {
  const faqs: PublishedSet['faqs'] = { hotel: [], salon: [], fleet: [], station: [] }
  const asked: Omit<Asked, 'isHeldOut'>[] = []
  for (const language of LANGUAGES) {
    for (const business of BUSINESSES) {
      const file = JSON.parse(
        readFileSync(path.join(import.meta.dirname, language, `${business}.json`), 'utf8'),
      ) as FileOfFaqs
      for (const { id, asked: questions, ...words } of file.faqs) {
        const faqId = `${language}/${business}/${id}`
        faqs[business].push({ ...words, id: faqId })
        asked.push(
          ...Object.entries(questions).flatMap(([kind, texts]) =>
            texts.map((text) => ({ text, language, business, kind, faqId })),
          ),
        )
      }
      asked.push(
        ...UNANSWERABLE.flatMap((kind) =>
          file.unanswerable[kind].map((text) => ({ text, language, business, kind, faqId: null })),
        ),
      )
    }
  }
  return { faqs, asked: halve(asked) }
}

/** Every second one of each language and kind, in the order of their digests: nobody chose which. */
function halve(asked: readonly Omit<Asked, 'isHeldOut'>[]): Asked[] {
  const digest = ({ business, text }: Omit<Asked, 'isHeldOut'>): string =>
    createHash('sha256').update(`${business}:${text}`).digest('hex')
  const seen = new Map<string, number>()
  return asked
    .toSorted((one, other) => (digest(one) < digest(other) ? -1 : 1))
    .map((each) => {
      const group = `${each.language} ${each.kind}`
      const before = seen.get(group) ?? 0
      seen.set(group, before + 1)
      return { ...each, isHeldOut: before % 2 === 1 }
    })
}
