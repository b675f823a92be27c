// Bellhop's scorer, and two ways that the field goes, behind one face: what answers a text, and how surely.

import MiniSearch from 'minisearch'
import { prepareFaqs, scoreFaqs, type FaqWords } from '../../shared/inbox/faq/score.ts'
import { foldText, wordsOf } from '../../shared/kit/text/fold.ts'
import { inOnePiece } from '../../shared/kit/process/slices.ts'

/** What an answer or an offer is chosen from. */
const OFFERED = 2

export interface Answer {
  id: string
  score: number
}

/** Reads the FAQs once. @returns the best two of them for a text, if there are so many */
export type Contender = (faqs: readonly FaqWords[]) => (text: string) => Answer[]

export const bellhop: Contender = (faqs) => {
  const prepared = inOnePiece(prepareFaqs(faqs))
  return (text) => inOnePiece(scoreFaqs(text, prepared)).slice(0, OFFERED)
}

/** Half for the keywords that occur in the text, half for the words that it shares with the closest phrasing. */
export const keywordCounting: Contender = (faqs) => {
  const words = (text: string): Set<string> => new Set(wordsOf(foldText(text)))
  const read = faqs.map(({ id, question, alternativeQuestions, keywords }) => ({
    id,
    keywords: keywords.map(foldText),
    phrasings: [question, ...alternativeQuestions].map(words),
  }))
  return (text) => {
    const [said, folded] = [words(text), foldText(text)]
    return best(
      read.map(({ id, keywords, phrasings }) => {
        const counted =
          keywords.filter((keyword) => folded.includes(keyword)).length / Math.max(1, keywords.length)
        const overlap = Math.max(
          ...phrasings.map(
            (phrasing) =>
              [...phrasing].filter((word) => said.has(word)).length / new Set([...phrasing, ...said]).size,
          ),
        )
        return { id, score: 50 * counted + 50 * overlap }
      }),
    )
  }
}

/** Full-text ranking (BM25+) over the three fields, accents folded, typing errors allowed. Per word, so that long questions are not surer. */
export const miniSearch: Contender = (faqs) => {
  const index = new MiniSearch({ fields: ['question', 'alternatives', 'keywords'], processTerm: foldText })
  index.addAll(
    faqs.map(({ id, question, alternativeQuestions, keywords }) => ({
      id,
      question,
      alternatives: alternativeQuestions.join('\n'),
      keywords: keywords.join('\n'),
    })),
  )
  return (text) => {
    const found = index.search(text, { fuzzy: (term) => (term.length > 4 ? 0.2 : false) })
    return found
      .slice(0, OFFERED)
      .map(({ id, score }) => ({ id: String(id), score: score / wordsOf(text).length }))
  }
}

function best(answers: readonly Answer[]): Answer[] {
  return answers.toSorted((one, other) => other.score - one.score).slice(0, OFFERED)
}
