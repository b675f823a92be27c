// How often the FAQ scorer answers right, answers wrong, and leaves a question to people, on the published set; beside keyword
// counting and full-text ranking, in the same run. `npm run bench:faq`; `-- --open` shows the open half only, for whoever tunes.

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bellhop, keywordCounting, miniSearch } from './faq/contenders.ts'
import { ask, sharesOf, thresholdFor, timesAt } from './faq/measures.ts'
import { reportOf, type Result } from './faq/report.ts'
import { readSet } from './faq/set.ts'

const DEFAULT_THRESHOLD = 70
const DEFAULT_OFFER_FROM = 20

const set = readSet()
const contenders = [
  { name: 'Bellhop', contender: bellhop, threshold: DEFAULT_THRESHOLD },
  { name: 'keyword counting', contender: keywordCounting },
  { name: 'MiniSearch', contender: miniSearch },
]

if (process.argv.includes('--open')) showOpen()
else {
  const report = reportOf(contenders.map(measure))
  process.stdout.write(report)
  await writeFile(path.join(import.meta.dirname, 'faq.md'), report)
}

function measure({ name, contender, threshold }: (typeof contenders)[number]): Result {
  const outcomes = ask(contender, set)
  return {
    name,
    outcomes,
    offerFrom: DEFAULT_OFFER_FROM,
    threshold: threshold ?? thresholdFor(outcomes.filter(({ asked }) => !asked.isHeldOut)),
    times: timesAt(contender, set),
  }
}

function showOpen(): void {
  for (const { name, contender, threshold } of contenders) {
    const open = ask(contender, set).filter(({ asked }) => !asked.isHeldOut)
    const { right, wrong, found, answered, rightOrOffered, offered } = sharesOf(
      open,
      threshold ?? thresholdFor(open),
      DEFAULT_OFFER_FROM,
    )
    process.stdout.write(
      `${name}: right ${right.toFixed(1)}, wrong ${wrong.toFixed(1)}, found ${found.toFixed(1)}, unanswerable answered ${answered.toFixed(1)}; with offers: right or offered ${rightOrOffered.toFixed(1)}, unanswerable offered ${offered.toFixed(1)}\n`,
    )
  }
}
