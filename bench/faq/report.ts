// bench/faq.md, out of what was measured.

import { MAX_ANSWERED, MAX_WRONG, sharesOf, type Outcome, type Shares, type timesAt } from './measures.ts'
import { LANGUAGES, UNANSWERABLE } from './set.ts'

export interface Result {
  name: string
  threshold: number
  offerFrom: number
  outcomes: readonly Outcome[]
  times: ReturnType<typeof timesAt>
}

const GOALS: readonly {
  label: string
  isMet: (shares: Shares) => boolean
  of: (shares: Shares) => string
}[] = [
  {
    label: 'answerable, answered right: at least 85 %',
    isMet: ({ right }) => right >= 85,
    of: ({ right }) => percent(right),
  },
  {
    label: `answerable, answered wrong: at most ${MAX_WRONG} %`,
    isMet: ({ wrong }) => wrong <= MAX_WRONG,
    of: ({ wrong }) => percent(wrong),
  },
  {
    label: `answerable, answered right or the right one offered: at least 84 %`,
    isMet: ({ rightOrOffered }) => rightOrOffered >= 84,
    of: ({ rightOrOffered }) => percent(rightOrOffered),
  },
  {
    label: `unanswerable, answered: at most ${MAX_ANSWERED} %`,
    isMet: ({ answered }) => answered <= MAX_ANSWERED,
    of: ({ answered }) => percent(answered),
  },
]
const MAX_MS = 5

export function reportOf(results: readonly Result[]): string {
  const [ours] = results
  if (!ours) return ''
  const held = sharesOf(
    ours.outcomes.filter(({ asked }) => asked.isHeldOut),
    ours.threshold,
    ours.offerFrom,
  )
  const open = ours.outcomes.filter(({ asked }) => !asked.isHeldOut)
  return `# An answer from the FAQs, or none

\`npm run bench:faq\`: ${ours.outcomes.length} questions as customers write them, to the FAQs of four businesses (bench/faq: a hotel, a salon, a company's fleet, a
battery-swap chain; 24 FAQs each, half in Vietnamese and half in English, side by side). A question is answered when the FAQ that fits best reaches the threshold;
otherwise, where the best reaches ${ours.offerFrom}, the best two are offered to choose from, and where it does not, it is left to people. The questions were written before the scorer, in other words than the FAQs'; those that no FAQ answers are mostly about the same things.
Half of each kind is held out: nothing was chosen by looking at its outcomes. But one author wrote all of it, and the scorer's tables of general language
(shared/inbox/faq/lexicon.ts) afterwards: customers of another business will find other words. Bellhop's threshold is its default; the others have the one that answers most within
the goals on the open half, which is the best that could be chosen for them.

| goal, on the held-out half, at ${ours.threshold} | reached | |
|---|---|---|
${GOALS.map(({ label, of, isMet }) => `| ${label} | ${of(held)} | ${isMet(held) ? 'met' : 'missed'} |`).join('\n')}
| one text at ${ours.times.count} FAQs: at most ${MAX_MS} ms | p50 ${ours.times.p50.toFixed(1)}, p99 ${ours.times.p99.toFixed(1)} | ${ours.times.p99 <= MAX_MS ? 'met' : 'missed'} |

## Beside two other ways

| | threshold | half | right | wrong | left to people | best is the right one | unanswerable, answered | p50 ms | p99 ms | 5,000 characters, ms |
|---|---|---|---|---|---|---|---|---|---|---|
${results.flatMap((result) => ['open', 'held out'].map((half) => rowOf(result, half))).join('\n')}

Keyword counting: the share of keywords that occur, and of words in common with the closest phrasing, half each, accents folded. MiniSearch: BM25+ over question,
alternatives and keywords, accents folded, typing errors allowed, its score per word. Milliseconds: best of seven runs of each text, at the published FAQs eleven times over.

## With offers

Where no FAQ reaches ${ours.threshold}, the desk offers the best two if the best reaches ${ours.offerFrom}, and "something else", which calls a person. An offer costs a customer whom no FAQ answers one look.

| half | answered right | answered right or offered right | answered wrong | offered, none of them right | left to people | unanswerable: answered | unanswerable: offered | unanswerable: left to people |
|---|---|---|---|---|---|---|---|---|
${['open', 'held out'].map((half) => offerRow(ours, half)).join('\n')}

## By language and kind, at ${ours.threshold}

| language | kind | half | questions | right | wrong | left to people |
|---|---|---|---|---|---|---|
${kindsOf(open)
  .flatMap(([language, kind]) => ['open', 'held out'].map((half) => kindRow(ours, language, kind, half)))
  .join('\n')}

| language | no FAQ answers | half | questions | answered |
|---|---|---|---|---|
${LANGUAGES.flatMap((language) => UNANSWERABLE.flatMap((kind) => ['open', 'held out'].map((half) => unansweredRow(ours, language, kind, half)))).join('\n')}

near: about the same things, but not answered · far: about something else · chatter: asks nothing.
`
}

const percent = (share: number): string => `${share.toFixed(1)} %`
const ofHalf = ({ outcomes }: Result, half: string): Outcome[] =>
  outcomes.filter(({ asked }) => asked.isHeldOut === (half === 'held out'))
const kindsOf = (outcomes: readonly Outcome[]): [string, string][] =>
  LANGUAGES.flatMap((language) =>
    [
      ...new Set(
        outcomes
          .filter(({ asked }) => asked.faqId !== null && asked.language === language)
          .map(({ asked }) => asked.kind),
      ),
    ]
      .toSorted()
      .map((kind): [string, string] => [language, kind]),
  )

function rowOf(result: Result, half: string): string {
  const { right, wrong, found, answered } = sharesOf(ofHalf(result, half), result.threshold)
  const threshold = result.threshold >= 10 ? result.threshold.toFixed(0) : result.threshold.toFixed(2)
  const times = [result.times.p50, result.times.p99, result.times.longest]
    .map((each) => each.toFixed(1))
    .join(' | ')
  return `| ${result.name} | ${threshold} | ${half} | ${percent(right)} | ${percent(wrong)} | ${percent(100 - right - wrong)} | ${percent(found)} | ${percent(answered)} | ${times} |`
}

function offerRow(result: Result, half: string): string {
  const { right, rightOrOffered, wrong, offeredWrong, answered, offered } = sharesOf(
    ofHalf(result, half),
    result.threshold,
    result.offerFrom,
  )
  return `| ${half} | ${[right, rightOrOffered, wrong, offeredWrong, 100 - rightOrOffered - wrong - offeredWrong, answered, offered, 100 - answered - offered].map(percent).join(' | ')} |`
}

function kindRow(result: Result, language: string, kind: string, half: string): string {
  const { answerable, right, wrong } = sharesOf(
    ofHalf(result, half).filter(({ asked }) => asked.language === language && asked.kind === kind),
    result.threshold,
  )
  return `| ${language} | ${kind} | ${half} | ${answerable} | ${percent(right)} | ${percent(wrong)} | ${percent(100 - right - wrong)} |`
}

function unansweredRow(result: Result, language: string, kind: string, half: string): string {
  const { unanswerable, answered } = sharesOf(
    ofHalf(result, half).filter(({ asked }) => asked.language === language && asked.kind === kind),
    result.threshold,
  )
  return `| ${language} | ${kind} | ${half} | ${unanswerable} | ${percent(answered)} |`
}
