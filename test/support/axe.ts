import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** The rules that a theme can break: it says `light-dark()` of colours, and nothing else. Those of AAA are asked of nobody. */
const OF_COLOURS = axe
  .getRules(['cat.color'])
  .flatMap(({ ruleId, tags }) => (tags.includes('wcag2aaa') ? [] : [ruleId]))

/** What axe finds, in a line each. @param about the colours alone, where all else was looked at in another theme */
export async function faultsOf(
  page: Page,
  about: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source)
  const options = {
    // What is in order is not put into words.
    resultTypes: ['violations'],
    ...(about === 'colours' && { runOnly: { type: 'rule', values: OF_COLOURS } }),
  }
  return page.evaluate(async (asked) => {
    const found = await Reflect.get(globalThis, 'axe').run(asked)
    return found.violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    )
  }, options)
}
