import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds, in a line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const found = await Reflect.get(globalThis, 'axe').run()
    return found.violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    )
  })
}
