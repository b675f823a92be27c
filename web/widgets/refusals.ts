// What is refused, in Vietnamese: words that the first widget asks for that speaks it, lest they weigh on all others.

import { sayRefusalsBy } from '../shared/drawings.ts'
import { sayInVietnamese } from '../shared/texts/refusals.ts'

let asked: Promise<void> | undefined

/** Until they are there, and where they cannot be had, the server says it in English. */
export function sayRefusalsInVietnamese(server: string): void {
  asked ??= fetch(`${server}/widgets/refusals.vi.json`)
    .then((answer) => answer.json())
    .then((words) =>
      sayRefusalsBy((language, refusal) =>
        language === 'vi' ? sayInVietnamese(words, refusal) : refusal.detail,
      ),
    )
    .catch(() => undefined)
}
