// What FAQs cost the process that everybody shares, counted: however an organisation fills them, and whatever its customers write.

import { expect } from 'chai'
import { prepareFaqs, scoreFaqs, type FaqWords, type PreparedFaqs } from '../../shared/inbox/faq/score.ts'
import { KnownWords } from '../../shared/inbox/faq/spell-correction.ts'
import { inOnePiece, inSlices } from '../../shared/kit/process/slices.ts'
import { choicesOf } from '../support/seed.ts'

const choices = choicesOf(20_310_310)
const letters = (count: number): string =>
  Array.from({ length: count }, () => choices.oneOf([...'abcdeghiklmnoprstuy'])).join('')
const text = (characters: number, word: () => string): string => {
  let all = word()
  while (all.length < characters) all += ` ${word()}`
  return all.slice(0, characters).trim()
}
const faqsOf = (count: number, alternatives: number, word: () => string): FaqWords[] =>
  Array.from({ length: count }, (_, id) => ({
    id: String(id),
    question: text(480, word),
    alternativeQuestions: Array.from({ length: alternatives }, () => text(480, word)),
    keywords: [],
  }))

/** How many words of phrasings a text was compared with, and how many of its own were looked up among typing errors. */
function costOf(asked: string, prepared: PreparedFaqs): { compared: number; mended: number; atOnce: number } {
  const cost = { compared: 0, mended: 0, atOnce: 0 }
  const faqs = prepared.faqs.map((faq) => ({
    ...faq,
    phrases: faq.phrases.map((phrase) => ({
      ...phrase,
      get isKeyword() {
        cost.compared += phrase.words.length
        return phrase.isKeyword
      },
    })),
  }))
  const work = scoreFaqs(asked, {
    ...prepared,
    faqs,
    mend: (token, isVietnamese) => (cost.mended++, prepared.mend(token, isVietnamese)),
  })
  for (let before = 0; !work.next().done; before = cost.compared)
    cost.atOnce = Math.max(cost.atOnce, cost.compared - before)
  return cost
}

const WORDS: readonly (readonly [string, () => string])[] = [
  ['that are different but for one', () => (choices.chance(0.1) ? 'wifi' : letters(choices.between(3, 16)))],
  ['that all begin alike', () => (choices.chance(0.1) ? 'wifi' : `aaaaaaa${letters(3)}`)],
]

describe('what FAQs cost', () => {
  it('to prepare: a piece for each phrasing, with turns for others between', async () => {
    const faqs = faqsOf(4, 10, () => letters(9))
    let [pieces, turns] = [0, 0]
    const timer = setInterval(() => turns++)
    function* slowly(): ReturnType<typeof prepareFaqs> {
      const work = prepareFaqs(faqs)
      for (;;) {
        const { done, value } = work.next()
        if (done) return value
        pieces++
        const end = performance.now() + 1
        while (performance.now() < end);
        yield
      }
    }
    await inSlices(slowly())
    clearInterval(timer)
    expect(pieces).to.be.at.least(2 * 4 * 11)
    expect(turns).to.be.at.least(pieces / 10)
  })

  it('to keep: for a long word no more than for one of eight letters, and nothing for what comes after very many', () => {
    const sizeOf = (words: readonly string[]): number => {
      const vocabulary = new KnownWords()
      for (const word of words) vocabulary.add(word)
      return vocabulary.size
    }
    expect(sizeOf(['abcdefgh'])).to.equal(29)
    expect(sizeOf(['abcdefghiklmnopqrstuvwxy'])).to.equal(29)
    expect(sizeOf(Array.from({ length: 60_000 }, (_, n) => `${n}abcdefgh`))).to.be.at.most(20_000 * 29)
  })

  for (const [which, word] of WORDS) {
    it(`to a message of 5000 characters: bounded, where they are full of words ${which}`, () => {
      const prepared = inOnePiece(prepareFaqs(faqsOf(12, 50, word)))
      const { compared, mended, atOnce } = costOf(
        Array.from({ length: 10 }, () => text(480, word)).join('. '),
        prepared,
      )
      const wordsIn = Math.max(
        ...prepared.faqs.map(({ phrases }) => phrases.reduce((sum, { words }) => sum + words.length, 0)),
      )
      // The text and its ten sentences; each with FAQs until there are enough.
      expect(compared)
        .to.be.above(11 * 15_000)
        .and.at.most(11 * (20_000 + wordsIn))
      expect(mended).to.be.at.most(200)
      // Others have their turns after each FAQ.
      expect(atOnce).to.be.above(0).and.at.most(wordsIn)
    })
  }

  it('to look for a typing error: few comparisons, although ten thousand words begin alike', () => {
    const vocabulary = new KnownWords()
    for (let n = 0; n < 10_000; n++) vocabulary.add(`aaaaaaa${letters(8)}`)
    expect(vocabulary.having('aaaaaaa')).to.have.length(128)
  })
})
