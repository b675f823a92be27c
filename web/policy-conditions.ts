// For which requests a rule holds.

import { html, nothing, type TemplateResult } from 'lit'
import { icon } from './elements/icon.ts'
import { pick, write } from './elements/inputs.ts'
import {
  FACTS,
  kindOf,
  newComparison,
  readConditions,
  waysOf,
  writeConditions,
  type Comparison,
  type Drawing,
  type Rule,
} from './policy-draft.ts'
import { policyText as text } from './texts/policy.ts'

const JOINS = [
  ['all', text.joins.all],
  ['any', text.joins.any],
] as const

export function drawConditions(rule: Rule, { changed }: Drawing): TemplateResult {
  const read = readConditions(rule.when)
  if (!read) return html`<p class="quiet">${text.nested}</p>`
  const { join, comparisons } = read
  const set = (next: readonly Comparison[], by: 'all' | 'any' = join): void => {
    const when = writeConditions(by, next)
    if (when) rule.when = when
    else delete rule.when
    changed()
  }
  return html`<fieldset class="stack">
    <legend>${text.when}</legend>
    ${comparisons.length > 1 ? pick(text.join, join, JOINS, (by) => set(comparisons, by === 'any' ? 'any' : 'all')) : nothing}
    ${comparisons.map((each, at) =>
      drawComparison(each, at, (next) =>
        set(next ? comparisons.with(at, next) : comparisons.toSpliced(at, 1)),
      ),
    )}
    <p>
      <button type="button" @click=${() => set([...comparisons, newComparison('passengerCount')])}>
        ${icon('plus')}${text.addCondition}
      </button>
    </p>
  </fieldset>`
}

/** @param tell what it becomes; undefined: it goes */
function drawComparison(
  comparison: Comparison,
  at: number,
  tell: (next: Comparison | undefined) => void,
): TemplateResult {
  const { fact, way, value } = comparison
  const facts = FACTS.map((each) => [each, text.facts[each]] as const)
  const ways = waysOf(fact).map((each) => [each, text.ways[each]] as const)
  return html`<div class="fields with-end">
    ${pick(text.fact, fact, facts, (chosen) => tell(newComparison(FACTS.find((each) => each === chosen) ?? fact)))}
    ${pick(text.compare, way, ways, (chosen) => tell({ ...comparison, way: ways.find(([each]) => each === chosen)?.[0] ?? way }))}
    ${drawValue(comparison, (typed) => tell({ ...comparison, value: typed }), value)}
    <button
      type="button"
      class="icon-button"
      aria-label=${text.removeCondition(at + 1)}
      @click=${() => tell(undefined)}
    >
      ${icon('close')}
    </button>
  </div>`
}

function drawValue({ fact, way }: Comparison, tell: (value: string) => void, value: string): TemplateResult {
  const kind = kindOf(fact)
  if (way === 'in') return write(text.value, value, tell, { hint: text.listHint })
  if (typeof kind !== 'string') return pick(text.value, value, kind, tell)
  return write(text.value, value, tell, {
    type: kind === 'number' ? 'number' : 'text',
    ...(kind === 'duration' && { hint: text.durationHint }),
  })
}
