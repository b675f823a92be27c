// What other programs are known by, and where they hear of what happens.

import { html, type TemplateResult } from 'lit'
import { pageHead } from '../elements/basic.ts'
import { tabs } from '../elements/tabs.ts'
import { Page } from '../page.ts'
import '../programs-keys.ts'
import '../programs-webhooks.ts'
import { linkTo } from '../router.ts'
import { t } from '../texts/console.ts'
import { programsText } from '../texts/programs.ts'

const NAMES = ['keys', 'webhooks'] as const

class ProgramsPage extends Page {
  override render(): TemplateResult {
    const view = NAMES.find((each) => each === this.address.query.get('view')) ?? 'keys'
    return html`
      ${pageHead(t.sections.programs)}
      <div class="filters">
        ${tabs(
          t.sections.programs,
          NAMES.map((each) => [
            programsText.tabs[each],
            linkTo('programs', undefined, { view: each }),
            each === view,
          ]),
        )}
      </div>
      ${
        view === 'keys'
          ? html`<bellhop-programs-keys></bellhop-programs-keys>`
          : html`<bellhop-programs-webhooks></bellhop-programs-webhooks>`
      }
    `
  }
}
customElements.define('bellhop-programs-page', ProgramsPage)
